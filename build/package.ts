// Packs the desktop program and the service into installers: npm run package -- --linux | --win [--dir] [--stub].
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Arch, build, type Configuration, Platform as Target } from 'electron-builder';
import { z } from 'zod';
import { nodeRuntime, type Platform } from './node-runtime.ts';
import { makeStubElectron } from './stub-electron.ts';

const root = resolve(import.meta.dirname, '..');
const BUILT = ['tillwire.js', 'storage-worker.js', 'link-worker.js', 'guard.js', 'renderer/store/index.html'].concat(
  ['main.js', 'preload.cjs', 'agent-process.js'].map((name) => `desktop/${name}`),
);

export type PackageOptions = {
  platform: Platform;
  /** The unpacked program only: no installers, which need tools that are fetched. */
  dirOnly: boolean;
  /** A folder that only looks like Electron, where the real one can't be fetched: proves everything but a run. */
  stub: boolean;
  /** Folder of what is made. */
  output: string;
};

/** Resolves with the folder of the unpacked program. Throws where `npm run build` has not been run. */
export async function packageFor({ platform, dirOnly, stub, output }: PackageOptions): Promise<string> {
  const missing = BUILT.filter((name) => !existsSync(join(root, 'dist', name)));
  if (missing.length > 0) throw new Error(`Not built: ${missing.join(', ')}. Run "npm run build" first.`);
  nodeRuntime(platform);
  const electron = stub ? mkdtempSync(join(tmpdir(), 'tillwire-stub-')) : null;
  try {
    if (electron !== null) makeStubElectron(electron, platform);
    const config: Configuration = {
      extends: 'build/electron-builder.yml',
      directories: { output },
      // fpm looks from its own folder.
      deb: { fpm: [`--before-remove=${join(root, 'build/install/deb/before-remove.sh')}`] },
      ...(electron === null ? {} : { electronDist: electron }),
    };
    const target = platform === 'win' ? Target.WINDOWS : Target.LINUX;
    const targets = target.createTarget(dirOnly ? 'dir' : [], Arch.x64);
    await build({ projectDir: root, targets, config, publish: 'never' });
  } finally {
    if (electron !== null) rmSync(electron, { recursive: true, force: true });
  }
  const unpacked = join(output, `${platform}-unpacked`);
  if (platform === 'linux' && !dirOnly) archiveService(unpacked, output);
  return unpacked;
}

/** The service alone, for machines without a screen: what install.sh needs. */
function archiveService(unpacked: string, output: string): void {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const name = `tillwire-${version}-linux-x64-service`;
  const parts = ['agent', 'node', 'install', 'hashes.json'].map((part) => `resources/${part}`);
  const inFolder = ['--owner=0', '--group=0', `--transform=s|^resources|${name}/resources|`];
  execFileSync('tar', ['-czf', join(output, `${name}.tar.gz`), '-C', unpacked, ...inFolder, ...parts]);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      linux: { type: 'boolean', default: false },
      win: { type: 'boolean', default: false },
      dir: { type: 'boolean', default: false },
      stub: { type: 'boolean', default: false },
      output: { type: 'string', default: join(root, 'dist/packages') },
    },
  });
  const asked = (['linux', 'win'] as const).filter((platform) => values[platform]);
  const here = process.platform === 'win32' ? 'win' : 'linux';
  for (const platform of asked.length > 0 ? asked : [here as Platform]) {
    // Installers of a stub would be of no use.
    const dirOnly = values.dir || values.stub;
    console.log(await packageFor({ platform, dirOnly, stub: values.stub, output: resolve(values.output) }));
  }
}
