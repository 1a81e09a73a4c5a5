// Keys and signed statements for tests, made as the machine that releases makes them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publish, releaseOf, signStatement } from '../../../build/sign-update.ts';
import type { Release } from '../../../core/update-release.ts';
import type { KeyStatement, Signed } from '../../../protocol/update.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';

export const YEAR_MS = 365 * 24 * 3_600_000;
export const publicOf = (key: string): string => openSigner(key).publicKey;

export type Keys = { root: string[]; release: string[] };
export const makeKeys = (): Keys => ({ root: [makePrivateKeyPem()], release: [makePrivateKeyPem()] });

export function keyStatement(number: number, { root, release }: Keys, more: Partial<KeyStatement> = {}): KeyStatement {
  return {
    kind: 'tillwire update keys',
    number,
    root: { keys: root.map(publicOf), threshold: root.length },
    release: { keys: release.map(publicOf), threshold: release.length },
    expiresMs: Date.now() + YEAR_MS,
    ...more,
  };
}

export const signedKeys = (statement: KeyStatement, keys: readonly string[]): string =>
  JSON.stringify(signStatement(statement, keys));

export const PLATFORM: Pick<Release, 'platform' | 'arch'> = {
  platform: process.platform === 'win32' ? 'win32' : 'linux',
  arch: process.arch === 'arm64' ? 'arm64' : 'x64',
};

/** About the file; `more` changes what is said of it before it is signed. */
export function makeRelease(file: string, version: string, more: Partial<Release> = {}): Release {
  const release = releaseOf(file, {
    ...PLATFORM,
    ...{ version, installer: 'appimage', channel: 'stable', ring: 99, from: '0.0.0', journal: 5 },
    ...{ notBeforeMs: Date.now() - 1_000, expiresMs: Date.now() + YEAR_MS },
  });
  return { ...release, ...more };
}

/** A release as it is served; `by` are the keys that sign it. */
export function publishRelease(
  folder: string,
  {
    file,
    version,
    keys,
    more = {},
  }: { file: string; version: string; keys: readonly string[]; more?: Partial<Release> },
): { release: Release; signed: Signed } {
  const release = makeRelease(file, version, more);
  const signed = signStatement(release, keys);
  publish(folder, file, release, signed);
  return { release, signed };
}

export function installerFile(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o755 });
  return path;
}
