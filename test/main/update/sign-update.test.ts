// The machine that releases: keys, statements and the folder that is served, by its command line as the page says.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { followKeys, readRelease, readTrust } from '../../../main/update/signed.ts';
import { SCHEMA_VERSION } from '../../../storage/migrate.ts';
import { temporaryFolder } from '../../temporary.ts';

/** Several starts of a program, on a machine that does other things too. */
const WAIT_MS = 60_000;
const PROGRAM = join(import.meta.dirname, '../../../build/sign-update.ts');

function sign(folder: string, ...args: string[]) {
  return spawnSync(process.execPath, [PROGRAM, ...args], { cwd: folder, encoding: 'utf8' });
}

test(
  'keys, a rotation and a release that a store can read',
  async () => {
    const folder = temporaryFolder();
    const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
    for (const name of ['root', 'release', 'next']) expect(sign(folder, 'key', `keys/${name}.pem`).status).toBe(0);
    expect(statSync(join(folder, 'keys/root.pem')).mode & 0o777).toBe(0o600);
    expect(sign(folder, 'key', 'keys/root.pem')).toMatchObject({ status: 1 });

    const about = ['--root', 'keys/root.pem.pub', '--sign', 'keys/root.pem'];
    sign(folder, 'keys', '--number', '1', ...about, '--release', 'keys/release.pem', '--out', 'trust.json');
    sign(folder, 'keys', '--number', '2', ...about, '--release', 'keys/next.pem.pub', '--out', 'releases/keys/2.json');
    const newest = await followKeys(
      readTrust(read('trust.json')),
      (number) => (number === 2 ? read('releases/keys/2.json') : null),
      1,
    );

    writeFileSync(join(folder, 'tillwire_0.2.0_amd64.deb'), 'program');
    const release = [
      'release',
      'tillwire_0.2.0_amd64.deb',
      '--version',
      '0.2.0',
      '--platform',
      'linux',
      '--installer',
      'deb',
    ];
    const said = sign(
      folder,
      ...release,
      '--ring',
      '3',
      '--valid',
      '30',
      '--sign',
      'keys/next.pem',
      '--out',
      'releases',
    );
    expect(said).toMatchObject({ status: 0, stderr: '' });
    const statement = read('releases/stable/linux-x64-deb.json');
    expect(read('releases/files/0.2.0/linux-x64-deb.json')).toBe(statement);
    expect(read('releases/files/0.2.0/tillwire_0.2.0_amd64.deb')).toBe('program');
    const understood = readRelease(newest, statement, Date.now());
    expect(understood).toMatchObject({
      version: '0.2.0',
      ring: 3,
      size: 7,
      channel: 'stable',
      journal: SCHEMA_VERSION,
    });
    expect(understood.expiresMs - understood.notBeforeMs).toBe(30 * 24 * 3_600_000);
    expect(() => readRelease(readTrust(read('trust.json')), statement, Date.now())).toThrow(/0 of the 1/);
  },
  WAIT_MS,
);

test(
  'what is no version, or lacks a key, is told',
  () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file.deb'), 'program');
    const about = ['release', 'file.deb', '--platform', 'linux', '--installer', 'deb', '--out', 'releases'];
    expect(sign(folder, ...about, '--version', '2', '--sign', 'none.pem').stderr).toContain(
      'Write a version as 1.20.3.',
    );
    expect(sign(folder, ...about, '--version', '2.0.0').stderr).toContain('--sign');
  },
  WAIT_MS,
);
