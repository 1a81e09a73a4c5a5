// A store's configuration from the message on: taken, on trial, good, put back by itself, taken back by head office.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TRIAL_LINE_WAIT_MS } from '../../../core/limits/configuration.ts';
import { revisionInForce } from '../../../main/configuration/files.ts';
import type { ConfigurationPart } from '../../../main/configuration/in-force.ts';
import type { ConfigurationKeeper } from '../../../main/configuration/keeper.ts';
import type { Configuration } from '../../../protocol/configuration/document.ts';
import { person } from '../../core/configuration/keys.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';
import { messageOf, storeIn, withdrawalOf } from './rig.ts';

const MINUTE_MS = 60_000;
const TRIAL_MS = 10 * MINUTE_MS;

async function open(folder = temporaryFolder(), store = storeIn(folder)) {
  const keeper = await store.open();
  onTestFinished(() => keeper.close());
  return { folder, store, keeper };
}

const stands = (keeper: ConfigurationKeeper, standing: object) =>
  until(() => expect(keeper.standing()).toMatchObject(standing));

type Store = ReturnType<typeof storeIn>;

async function goodOf(revision: number, { keeper, store }: { keeper: ConfigurationKeeper; store: Store }) {
  keeper.hear(messageOf(revision));
  await stands(keeper, { applied: revision, state: 'trial' });
  store.pass(TRIAL_MS);
  await stands(keeper, { applied: revision, desired: revision, state: 'good', message: '' });
}

test('nothing is in force at first; what comes is on trial, then good, and in force again after a restart', async () => {
  const { folder, store, keeper } = await open();
  expect([keeper.now(), keeper.revision(), keeper.standing().state]).toEqual([{}, null, 'none']);
  await goodOf(3, { keeper, store });
  expect(keeper.now()).toEqual({ log: { level: 'info' }, sync: { batchEntries: 3 } });
  expect(keeper.standing()).toMatchObject({ trust: 1, isExpired: false });
  await keeper.close();
  for (const file of ['a.json', 'state.json']) {
    expect(statSync(join(folder, 'configuration', file)).mode & 0o777).toBe(0o600);
  }
  const again = await open(folder, store);
  expect([again.keeper.revision(), again.keeper.now().sync]).toEqual([3, { batchEntries: 3 }]);
  expect(again.keeper.standing()).toMatchObject({ applied: 3, state: 'good' });
  expect(store.capturesUnder.at(-1)).toBe(3);
});

test('more is set aside than before: it goes back by itself at once, says why, and is not tried again', async () => {
  const { store, keeper } = await open();
  const followed: Configuration[] = [];
  keeper.register({
    name: 'tills',
    apply(configuration) {
      followed.push(configuration);
      return null;
    },
  });
  await goodOf(1, { keeper, store });
  store.counts = { captured: 100, setAside: 1 };
  keeper.hear(messageOf(2));
  await stands(keeper, { applied: 2, state: 'trial' });
  store.counts = { captured: 118, setAside: 3 };
  const why = '2 of 20 documents that came in were set aside';
  await stands(keeper, { applied: 1, desired: 2, state: 'put-back', message: expect.stringContaining(why) });
  expect(keeper.revision()).toBe(1);
  expect(store.capturesUnder.slice(-2)).toEqual([2, 1]);
  expect(followed.map(({ sync }) => sync?.batchEntries)).toEqual([undefined, 1, 2, 1]);
  expect(keeper.notices()).toMatchObject([{ code: 'configuration-put-back', message: expect.stringContaining(why) }]);
  const told = store.told;
  keeper.hear(messageOf(2));
  keeper.hear(messageOf(3));
  await stands(keeper, { applied: 3, desired: 3, state: 'trial' });
  expect(store.told).toBeGreaterThan(told);
  expect(store.capturesUnder.slice(-2)).toEqual([1, 3]);
  expect(keeper.notices()).toEqual([]);
});

test('the share of before is no reason, nor are too few documents', async () => {
  const { store, keeper } = await open();
  store.counts = { captured: 50, setAside: 50 };
  keeper.hear(messageOf(1));
  await stands(keeper, { state: 'trial' });
  store.counts = { captured: 60, setAside: 60 };
  store.pass(TRIAL_MS);
  await stands(keeper, { state: 'good', captured: 10, setAside: 10 });
  keeper.hear(messageOf(2));
  await stands(keeper, { applied: 2, state: 'trial' });
  store.counts = { captured: 60, setAside: 64 };
  store.pass(TRIAL_MS);
  await stands(keeper, { applied: 2, state: 'good' });
});

test('a part of the program that cannot follow puts it back, and follows what was before', async () => {
  const { store, keeper } = await open();
  await goodOf(1, { keeper, store });
  let follows = 0;
  const picky: ConfigurationPart = {
    name: 'feeds',
    apply(configuration) {
      follows = configuration.sync?.batchEntries ?? 0;
      return follows === 2 ? 'the folder of the feed sales cannot be made' : null;
    },
  };
  keeper.register(picky);
  keeper.hear(messageOf(2));
  await stands(keeper, {
    ...{ applied: 1, desired: 2, state: 'put-back' },
    message: 'Revision 2 was tried and put back: the folder of the feed sales cannot be made.',
  });
  expect(follows).toBe(1);
  const later = storeIn(temporaryFolder());
  const other = await open(temporaryFolder(), later);
  other.keeper.hear(messageOf(2));
  await stands(other.keeper, { applied: 2, state: 'trial' });
  other.keeper.register(picky);
  await stands(other.keeper, { applied: null, state: 'put-back' });
});

test('the line goes away and stays away: put back; and where that does not help, it was not to blame', async () => {
  const { store, keeper } = await open();
  await goodOf(1, { keeper, store });
  keeper.hear(messageOf(2));
  await stands(keeper, { applied: 2, state: 'trial' });
  store.isLineUp = false;
  const before = store.looks;
  await until(() => expect(store.looks).toBeGreaterThan(before));
  expect(keeper.standing()).toMatchObject({ applied: 2, state: 'trial' });
  store.pass(TRIAL_LINE_WAIT_MS + 1);
  await stands(keeper, { applied: 1, desired: 2, state: 'put-back' });
  // Under the one before it stays away for as long.
  store.pass(TRIAL_LINE_WAIT_MS + 1);
  await stands(keeper, { applied: 2, state: 'trial' });
});

test('the guard puts back the version of the program that it raised: a failure of it', async () => {
  const { store, keeper } = await open();
  await goodOf(1, { keeper, store });
  store.back = { version: '1.3.0', atMs: store.wallMs - 1 };
  keeper.hear(messageOf(2));
  await stands(keeper, { applied: 2, state: 'trial' });
  store.back = { version: '1.4.0', atMs: store.wallMs };
  await stands(keeper, { applied: 1, state: 'put-back', message: expect.stringContaining('version 1.4.0') });
});

test('a revision that lets a version of the program come is well once that runs, and failed where it was put back', async () => {
  const { store, keeper } = await open();
  store.course = 'coming';
  keeper.hear(messageOf(1, { changes: { chain: { updates: { upTo: '1.5.0' } } } }));
  await stands(keeper, { applied: 1, state: 'trial', message: '' });
  store.pass(TRIAL_MS);
  await stands(keeper, {
    applied: 1,
    state: 'trial',
    message: expect.stringContaining('Version 1.5.0 of this program'),
  });
  store.course = 'put-back';
  await stands(keeper, { applied: 1, desired: 1, state: 'put-back', message: expect.stringContaining('did not run') });
  expect(keeper.notices()).toEqual([]);
  store.course = 'there';
  await stands(keeper, { applied: 1, state: 'good', message: '' });
});

test('what head office takes back goes back, also when it was good; only its own key can', async () => {
  const { folder, store, keeper } = await open();
  await goodOf(1, { keeper, store });
  await goodOf(2, { keeper, store });
  keeper.hear(messageOf(2, { withdrawals: [withdrawalOf(2, person())] }));
  keeper.hear(messageOf(2, { withdrawals: [withdrawalOf(1, person())], at: 1 }));
  await stands(keeper, { applied: 2, state: 'good' });
  keeper.hear(messageOf(2, { withdrawals: [withdrawalOf(2)] }));
  await stands(keeper, {
    applied: 1,
    desired: 2,
    state: 'withdrawn',
    message: expect.stringContaining('Too many stores'),
  });
  keeper.hear(messageOf(1, { withdrawals: [withdrawalOf(2)] }));
  await stands(keeper, { applied: 1, desired: 1, state: 'good' });
  keeper.hear(messageOf(2));
  await stands(keeper, { applied: 1, desired: 2, state: 'withdrawn' });
  await keeper.close();
  const again = await open(folder, store);
  expect(again.keeper.revision()).toBe(1);
  again.keeper.hear(messageOf(3, { withdrawals: [withdrawalOf(2)] }));
  await stands(again.keeper, { applied: 3, state: 'trial' });
});

test('what is for a later time waits for it, and for nothing any more where head office stops showing it', async () => {
  const { store, keeper } = await open();
  // 2026-11-21 is a Saturday.
  const times = [{ days: ['mon' as const], from: '02:00', to: '04:00' }];
  const message = messageOf(1);
  const timed = { ...message, revision: message.revision === null ? null : { ...message.revision, times } };
  keeper.hear(timed);
  await stands(keeper, { applied: null, desired: 1, state: 'waiting' });
  keeper.hear({ ...timed, revision: null });
  store.pass(3 * 24 * 60 * MINUTE_MS);
  keeper.hear(messageOf(2));
  await stands(keeper, { applied: 2, state: 'trial' });
  expect(store.capturesUnder).not.toContain(1);
});

test('three starts within a trial that did not end in order put it back; those that did do not', async () => {
  const { folder, store, keeper } = await open();
  await goodOf(1, { keeper, store });
  keeper.hear(messageOf(2));
  await stands(keeper, { applied: 2, state: 'trial' });
  await keeper.close();
  for (let start = 0; start < 4; start++) {
    const { keeper: orderly } = await open(folder, store);
    expect(orderly.revision()).toBe(2);
    await orderly.close();
  }
  const state = join(folder, 'configuration', 'state.json');
  for (const inForce of [2, 2, 2, 1]) {
    const { keeper: one } = await open(folder, store);
    expect(one.revision()).toBe(inForce);
    if (inForce === 1) expect(one.standing()).toMatchObject({ applied: 1, state: 'put-back' });
    const asKilled = readFileSync(state);
    await one.close();
    writeFileSync(state, asKilled);
  }
});

test('who deletes the files brings no older revision back, nor other keys', async () => {
  const { folder, store, keeper } = await open();
  await goodOf(5, { keeper, store });
  await keeper.close();
  rmSync(join(folder, 'configuration'), { recursive: true });
  const { keeper: again } = await open(folder, store);
  expect([again.revision(), again.standing().trust]).toEqual([null, 1]);
  again.hear(messageOf(4));
  await stands(again, { applied: null, desired: 4, state: 'refused', message: expect.stringContaining('revision 5') });
  again.hear(messageOf(5));
  await stands(again, { applied: 5, state: 'trial' });
});

test('who captures without an agent reads which one is in force', async () => {
  const { folder, store, keeper } = await open();
  expect(revisionInForce(folder)).toBe(0);
  await goodOf(4, { keeper, store });
  expect(revisionInForce(folder)).toBe(4);
});

test('a disk that does not take it changes nothing, and it is taken once the disk does', async () => {
  const folder = temporaryFolder();
  const blocked = join(folder, 'configuration');
  writeFileSync(blocked, 'no folder');
  const { store, keeper } = await open(folder);
  keeper.hear(messageOf(1));
  const before = store.looks;
  await until(() => expect(store.looks).toBeGreaterThan(before + 1));
  expect([keeper.revision(), keeper.standing().state]).toEqual([null, 'none']);
  rmSync(blocked);
  await stands(keeper, { applied: 1, state: 'trial' });
});
