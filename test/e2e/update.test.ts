// Updates with real processes: installed by themselves while tills sell, put back by themselves, never half-way.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Phase } from '../../core/update-guard.ts';
import { agentPlaces } from '../../main/update/places.ts';
import { makePrivateKeyPem } from '../../protocol/wire/signing.ts';
import { PLATFORM } from '../main/update/signer.ts';
import type { Manner } from '../release-server.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { makeUpdateWorld, startTills, type UpdateWorld } from './update-world.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let updates: UpdateWorld;

beforeAll(async () => {
  world = await makeWorld('embedded');
  updates = await makeUpdateWorld(world, 'shop');
});
afterAll(async () => {
  await updates?.stop();
  await world?.stop();
});

test('a healthy version comes by itself, one that crashes goes by itself, and no sale is lost or counted twice', async () => {
  const tills = startTills(updates, 'T1');
  updates.publish('2.0.0');
  expect(await updates.check()).toContain('waits until no till is selling');
  await updates.running('2.0.0');
  expect(updates.law()).toMatchObject({ running: '2.0.0', last: { outcome: 'well', version: '2.0.0' } });

  updates.publish('3.0.0', 'crashes');
  await updates.check();
  await eventually(() => updates.law()?.last?.outcome === 'put-back', 'version 3 is put back');
  await updates.running('2.0.0');
  expect(updates.law()).toMatchObject({ running: '2.0.0', bad: ['3.0.0'], highest: '3.0.0' });

  // It is still offered, and it is not taken again.
  expect(await updates.check()).toContain('was put back');
  await sleep(4_000);
  expect(updates.installed()).toBe('2.0.0');
  expect((await updates.snapshot()).notices.map(({ code }) => code)).toContain('update-put-back');

  const sold = await tills.close();
  expect((await updates.snapshot()).captured).toBe(sold);
  await eventually(async () => (await updates.snapshot()).waiting === 0, 'everything is settled');
  const proof = await tillwire('verify', '--central', world.centralUrl, '--data', updates.data);
  expect(proof).toMatchObject({ code: 0 });
});

/** Tightly, for some steps last a few milliseconds only; what was missed is cut off a step later. */
async function untilSeen(isThere: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isThere() && Date.now() < end) await sleep(1);
}

/** Each of the guard's steps is cut off in test/main/update/attend.test.ts; here everything is, with real processes. */
const PHASES: Phase[] = ['stop', 'copy', 'install', 'start', 'watch'];

test('killed with everything, it goes on to the new version, and never lies half-way', async () => {
  const before = (await updates.snapshot()).captured;
  const tills = startTills(updates, 'T2');
  const places = agentPlaces(updates.data);
  const phaseOf = (): number => PHASES.indexOf(updates.law()?.job?.phase as Phase);
  const cuts: [Manner, (sha256: string) => boolean][] = [
    ['slow', (sha256) => existsSync(join(places.stagedFolder(sha256), 'download.part'))],
    ['ranges', (sha256) => updates.law()?.kept.some((kept) => kept.sha256 === sha256) === true],
    ['ranges', () => phaseOf() >= PHASES.indexOf('install')],
    ['ranges', () => phaseOf() >= PHASES.indexOf('watch')],
  ];
  for (const [index, [manner, isThere]] of cuts.entries()) {
    const version = `5.${index}.0`;
    const was = updates.installed();
    const release = updates.publish(version);
    updates.server.manner = manner;
    const asking = updates.check();
    await untilSeen(() => isThere(release.sha256));
    await updates.kill();
    // Whole, whichever it is.
    expect([version, was]).toContain(updates.installed());
    await asking;
    updates.server.manner = 'ranges';
    await updates.start();
    await eventually(async () => (await updates.url()) !== null, 'it runs again');
    await updates.check();
    await updates.running(version);
    expect(updates.law()).toMatchObject({ running: version, bad: ['3.0.0'], last: { outcome: 'well', version } });
  }
  const sold = await tills.close();
  expect((await updates.snapshot()).captured - before).toBe(sold);
  await eventually(async () => (await updates.snapshot()).waiting === 0, 'everything is settled');
  const proof = await tillwire('verify', '--central', world.centralUrl, '--data', updates.data);
  expect(proof).toMatchObject({ code: 0 });
});

test('a version that changed the journal before it crashed is put back, and so is the journal', async () => {
  const runs = updates.installed();
  const before = (await updates.snapshot()).captured;
  updates.publish('6.0.0', 'migrates-and-crashes', { journal: 99 });
  await updates.check();
  await eventually(() => updates.law()?.last?.version === '6.0.0', 'version 6 is put back');
  await updates.running(runs);
  expect(updates.law()?.last).toMatchObject({ outcome: 'put-back' });
  expect((await updates.snapshot()).captured).toBe(before);
});

describe('attacks', () => {
  const name = `${PLATFORM.platform}-${PLATFORM.arch}-appimage.json`;
  const OTHER = PLATFORM.arch === 'x64' ? 'arm64' : 'x64';
  const newest = (): string => join(updates.releases, 'stable', name);
  const fileOf = (version: string): string => join(updates.releases, 'files', version, `Tillwire-${version}.AppImage`);

  test.each<[string, () => void, RegExp]>([
    [
      'an older release is served again',
      () => copyFileSync(join(updates.releases, 'files/2.0.0', name), newest()),
      /is older than one/,
    ],
    [
      'a release is signed by a stranger',
      () => void updates.publish('8.1.0', 'healthy', {}, [makePrivateKeyPem()]),
      /0 of the 1 signatures/,
    ],
    [
      'a statement is changed',
      () => {
        updates.publish('8.2.0');
        writeFileSync(newest(), readFileSync(newest(), 'utf8').replace('8.2.0', '8.9.0'));
      },
      /0 of the 1 signatures/,
    ],
    [
      'an expired release is served',
      () => void updates.publish('8.3.0', 'healthy', { expiresMs: Date.now() - 1 }),
      /no longer valid/,
    ],
    [
      'a release for another computer is served in the place of ours',
      () => {
        updates.publish('8.4.0', 'healthy', { arch: OTHER });
        const theirs = name.replace(PLATFORM.arch, OTHER);
        copyFileSync(join(updates.releases, 'files/8.4.0', theirs), newest());
      },
      /another kind/,
    ],
    [
      'the file is changed',
      () => {
        updates.publish('8.5.0');
        const bytes = readFileSync(fileOf('8.5.0'));
        bytes[100] = (bytes[100] ?? 0) ^ 1;
        writeFileSync(fileOf('8.5.0'), bytes);
      },
      /not the one that was signed/,
    ],
    [
      'another signed file lies in its place',
      () => {
        updates.publish('8.6.0');
        copyFileSync(fileOf('2.0.0'), fileOf('8.6.0'));
      },
      /not the one that was signed/,
    ],
    [
      'the server never stops sending',
      () => {
        updates.publish('8.7.0');
        updates.server.manner = 'endless' satisfies Manner;
      },
      /more than the installer has/,
    ],
  ])('%s: refused and told, and everything goes on', async (_name, attack, told) => {
    const { running, highest } = updates.law() ?? { running: '', highest: '' };
    attack();
    const said = await updates.check();
    updates.server.manner = 'ranges';
    expect(said).toMatch(told);
    expect(updates.law()).toMatchObject({ running, highest, job: null });
    expect(updates.installed()).toBe(running);
  });

  test('the window says that one was refused', async () => {
    expect((await updates.snapshot()).notices.map(({ code }) => code)).toContain('update-refused');
  });

  test('a download that breaks off again and again comes to its end piece by piece', async () => {
    const release = updates.publish('9.0.0');
    updates.server.manner = 'cut';
    const part = join(agentPlaces(updates.data).stagedFolder(release.sha256), 'download.part');
    const lengths: number[] = [];
    for (let i = 0; i < 3; i++) {
      await updates.check();
      lengths.push(readFileSync(part).length);
    }
    expect(lengths.every((length, index) => length > (lengths[index - 1] ?? 0))).toBe(true);
    updates.server.manner = 'ranges';
    await updates.check();
    await updates.running('9.0.0');
    expect(updates.law()?.last).toMatchObject({ outcome: 'well', version: '9.0.0' });
  });
});
