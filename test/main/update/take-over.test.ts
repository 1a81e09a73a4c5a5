// The guard trusts nothing that the agent's account may write: it copies, checks the copy, and refuses everything else.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { signStatement } from '../../../build/sign-update.ts';
import type { Release } from '../../../core/update-release.ts';
import { openGuardMemory } from '../../../main/update/guard/memory.ts';
import { installerPath, takeOver } from '../../../main/update/guard/take-over.ts';
import { agentPlaces, guardPlaces, STAGED_INSTALLER, STAGED_RELEASE } from '../../../main/update/places.ts';
import { makePrivateKeyPem } from '../../../protocol/wire/signing.ts';
import { temporaryFolder } from '../../temporary.ts';
import { installerFile, keyStatement, makeKeys, makeRelease, PLATFORM, signedKeys, YEAR_MS } from './signer.ts';

const NOW = Date.now();

function makeGuard() {
  const folder = temporaryFolder();
  const keys = makeKeys();
  const agent = agentPlaces(join(folder, 'data'));
  const guard = guardPlaces(join(folder, 'guard'));
  mkdirSync(guard.folder);
  mkdirSync(agent.keys, { recursive: true });
  writeFileSync(guard.trust, signedKeys(keyStatement(1, keys), keys.root));
  const memory = openGuardMemory(guard, '1.0.0');
  const options = { agent, guard, memory, installer: 'appimage' as const, ...PLATFORM, nowMs: NOW };
  return {
    ...{ folder, keys, agent, guard, memory },
    /** As the agent stages it; the release may say something else than what is there. */
    stage(version: string, more: Partial<Release> = {}, by: readonly string[] = keys.release): Release {
      const file = installerFile(folder, `Tillwire-${version}.AppImage`, `program ${version}`);
      const release = makeRelease(file, version, more);
      const staged = agent.stagedFolder(release.sha256);
      mkdirSync(staged, { recursive: true });
      copyFileSync(file, join(staged, STAGED_INSTALLER));
      writeFileSync(join(staged, STAGED_RELEASE), JSON.stringify(signStatement(release, by)));
      return release;
    },
    staged: ({ sha256 }: Release): string => join(agent.stagedFolder(sha256), STAGED_INSTALLER),
    take: (sha256: string): Promise<void> => takeOver(options, sha256),
  };
}

test('takes over what is signed, and is then independent of the agent', async () => {
  const guard = makeGuard();
  const release = guard.stage('2.0.0');
  await guard.take(release.sha256);
  rmSync(guard.agent.folder, { recursive: true });
  const [kept] = guard.memory.file().law.kept;
  if (kept === undefined) throw new Error('nothing was kept');
  expect(readFileSync(installerPath(guard.guard, kept), 'utf8')).toBe('program 2.0.0');
  expect(guard.memory.file().law.highest).toBe('2.0.0');
});

test('keeps the version that runs and the next one, nothing else', async () => {
  const guard = makeGuard();
  for (const version of ['1.0.0', '2.0.0', '3.0.0']) await guard.take(guard.stage(version).sha256);
  expect(guard.memory.file().law.kept.map(({ version }) => version)).toEqual(['1.0.0', '3.0.0']);
  expect(existsSync(join(guard.guard.installers, '2.0.0-Tillwire-2.0.0.AppImage'))).toBe(false);
});

describe('refuses', () => {
  test.each<[string, Partial<Release>, RegExp]>([
    ['an older version than the one that runs', { version: '0.9.0' }, /older/],
    ['another kind of installer', { installer: 'deb' }, /other-computer/],
    ['another processor', { arch: PLATFORM.arch === 'x64' ? 'arm64' : 'x64' }, /other-computer/],
    ['another product', { name: 'tillwise' }, /other-product/],
    ['an expired release', { expiresMs: NOW }, /expired/],
    ['a release that needs another one in between', { from: '1.5.0' }, /needs-one-between/],
    [
      'a right signature about another file',
      { sha256: createHash('sha256').update('other').digest('hex') },
      /not the one that was signed/,
    ],
    ['a file of another length', { size: 5 }, /not the one that was signed/],
  ])('%s', async (_name, more, why) => {
    const guard = makeGuard();
    const release = guard.stage('2.0.0', more);
    await expect(guard.take(release.sha256)).rejects.toThrow(why);
    expect(guard.memory.file().law).toMatchObject({ kept: [], highest: '1.0.0' });
  });

  test('an older version than any that was taken over', async () => {
    const guard = makeGuard();
    await guard.take(guard.stage('3.0.0').sha256);
    await expect(guard.take(guard.stage('2.0.0').sha256)).rejects.toThrow(/older/);
  });

  test('a stranger’s signature', async () => {
    const guard = makeGuard();
    const release = guard.stage('2.0.0', {}, [makePrivateKeyPem()]);
    await expect(guard.take(release.sha256)).rejects.toThrow(/0 of the 1 signatures/);
  });

  test('a file that was changed after it was staged, or cut', async () => {
    const guard = makeGuard();
    const release = guard.stage('2.0.0');
    writeFileSync(guard.staged(release), 'program 2.0.O');
    await expect(guard.take(release.sha256)).rejects.toThrow(/not the one that was signed/);
    truncateSync(guard.staged(release), 3);
    await expect(guard.take(release.sha256)).rejects.toThrow(/not the one that was signed/);
  });

  test('a link in the place of the file', async () => {
    const guard = makeGuard();
    const release = guard.stage('2.0.0');
    const elsewhere = join(guard.folder, 'elsewhere');
    renameSync(guard.staged(release), elsewhere);
    symlinkSync(elsewhere, guard.staged(release));
    await expect(guard.take(release.sha256)).rejects.toThrow();
    expect(guard.memory.file().law.kept).toEqual([]);
  });

  test('keys that go back, and keys that do not follow from the installed ones', async () => {
    const guard = makeGuard();
    const next = makeKeys();
    const step = signedKeys(keyStatement(2, next), [...guard.keys.root, ...next.root]);
    writeFileSync(guard.agent.keyFile(2), step);
    await guard.take(guard.stage('2.0.0', {}, next.release).sha256);
    expect(guard.memory.file().keys).toBe(2);
    // What it once accepted it keeps itself: the agent can't take it away.
    rmSync(guard.agent.keyFile(2));
    await expect(guard.take(guard.stage('3.0.0').sha256)).rejects.toThrow(/0 of the 1 signatures/);
    writeFileSync(guard.agent.keyFile(3), signedKeys(keyStatement(3, guard.keys), guard.keys.root));
    await expect(guard.take(guard.stage('3.0.0', {}, next.release).sha256)).rejects.toThrow(/Key statement 3/);
  });

  test('what was changed where it is kept', async () => {
    const guard = makeGuard();
    await guard.take(guard.stage('2.0.0').sha256);
    const [kept] = guard.memory.file().law.kept;
    if (kept === undefined) throw new Error('nothing was kept');
    writeFileSync(join(guard.guard.installers, kept.file), 'program 2.0.O');
    expect(() => installerPath(guard.guard, kept)).toThrow(/was changed/);
  });
});

test('the way back is taken over although it has expired', async () => {
  const guard = makeGuard();
  await guard.take(guard.stage('1.0.0', { expiresMs: NOW - YEAR_MS }).sha256);
  expect(guard.memory.file().law.kept.map(({ version }) => version)).toEqual(['1.0.0']);
});

test('a memory that was lost begins anew at the version that is installed', () => {
  const guard = makeGuard();
  writeFileSync(guard.guard.state, '{ half');
  expect(openGuardMemory(guard.guard, '1.4.0').file().law).toMatchObject({
    running: '1.4.0',
    highest: '1.4.0',
    job: null,
  });
});
