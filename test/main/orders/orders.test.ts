// The desk of head office's commands at a store: once each, whatever is killed when; what is late or unknown is told.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isEnd } from '../../../core/command.ts';
import { ORDERS_KEPT_MAX } from '../../../core/limits/commands.ts';
import { openKeptOrders } from '../../../main/orders/kept.ts';
import { type CarryOut, type Ended, openOrders } from '../../../main/orders/orders.ts';
import type { Command, Order, OrderResult, StoreStatus } from '../../../protocol/wire/order-frames.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {}, fatal: () => {} };
const idOf = (n: number): string => `c${String(n).padStart(24, '0')}`;
const order = (n: number, over: Partial<Order> = {}): Order => ({
  ...{ id: idOf(n), kind: 'resync', args: {}, by: 'J. Weber', issued: 1_000, expires: 100_000 },
  ...over,
});
const frame = (orders: Order[], noted: string[] = []): Command => ({
  ...{ kind: 'command', v: 1, store: 'S001', instance: '', session: '', keyId: '', signature: '', at: 1 },
  ...{ orders, noted },
});
const done = (message = 'Done.'): Ended => ({ state: 'done', message });
const statusOf = (waiting: number): StoreStatus => ({
  ...{ line: 'online', agent: '1', started: 1, device: null, certificateEnds: null, waiting, waitingSince: null },
  ...{ lastCaptured: null, setAside: 0, questions: 0, pause: null, disk: null, skew: null, notices: [] },
});

type Setting = {
  folder?: string;
  carryOut?: CarryOut;
  write?: (path: string, content: string) => void;
  nowMs?: number;
};

/** A store's computer: its folder stays, the program on it may be started again. */
function start({ folder = temporaryFolder(), carryOut, write, nowMs = 5_000 }: Setting = {}) {
  const told: OrderResult[] = [];
  const statuses: StoreStatus[] = [];
  const ran: string[] = [];
  const here = { paused: false, keyId: 'k1' };
  const state = { waiting: 0, isUp: true };
  const desk = openOrders({
    kept: openKeptOrders(folder, write),
    line: {
      report({ results, status }) {
        if (!state.isUp) return false;
        told.push(...results);
        if (status !== null) statuses.push(status);
        return true;
      },
      centralMs: () => nowMs,
    },
    carryOut:
      carryOut ??
      (async (kind, { id }) => {
        ran.push(`${kind} ${id}`);
        return done();
      }),
    status: async () => statusOf(state.waiting),
    here: () => here,
    wallMs: () => 7_000_000,
    log: silent,
  });
  onTestFinished(() => desk.close());
  const ends = (): string[] => told.filter((one) => isEnd(one.state)).map((one) => `${one.id} ${one.state}`);
  return { desk, folder, told, statuses, ran, here, state, ends };
}

test('each is written down, carried out once, one after the other, and told; again only until it is noted', async () => {
  const { desk, ran, told, ends, folder } = start();
  desk.hear(frame([order(1), order(2, { kind: 'redrive' })]));
  await until(() => expect(ends()).toEqual([`${idOf(1)} done`, `${idOf(2)} done`]));
  expect(ran).toEqual([`resync ${idOf(1)}`, `redrive ${idOf(2)}`]);
  expect(told.filter(({ id }) => id === idOf(1)).map(({ state }) => state)).toEqual(['heard', 'begun', 'done']);
  desk.hear(frame([order(1)]));
  await until(() => expect(ends()).toHaveLength(4));
  desk.hear(frame([], [idOf(1)]));
  desk.hear(frame([]));
  await until(() => expect(ends()).toEqual([...ends().slice(0, 4), `${idOf(2)} done`]));
  expect(ran).toHaveLength(2);
  const again = start({ folder });
  again.desk.hear(frame([order(1), order(2)]));
  await until(() => expect(again.ends()).toEqual([`${idOf(2)} done`]));
  expect(again.ran).toEqual([]);
});

test('what expired, and what this program does not know, is not begun', async () => {
  const { desk, ran, told } = start({ nowMs: 100_000 });
  desk.hear(frame([order(1), order(2, { kind: 'reformat', expires: 200_000 })]));
  await until(() => expect(told.filter(({ state }) => isEnd(state))).toHaveLength(2));
  expect(told.filter(({ state }) => isEnd(state))).toMatchObject([
    { state: 'expired', message: expect.stringContaining('before this computer could begin it') },
    { state: 'declined', message: expect.stringContaining('update it first') },
  ]);
  expect(ran).toEqual([]);
});

test('what fails is told with its reason, and the next one goes on', async () => {
  const { desk, told } = start({
    carryOut: async (kind) => {
      if (kind === 'redrive') throw new Error('The disk is full.');
      return done();
    },
  });
  desk.hear(frame([order(1, { kind: 'redrive' }), order(2)]));
  await until(() => expect(told.at(-1)).toMatchObject({ id: idOf(2), state: 'done' }));
  expect(told).toContainEqual({ id: idOf(1), state: 'failed', message: 'The disk is full.', at: 7_000_000 });
});

/**
 * The program is killed at its n-th write of the file, before or after it; from then on nothing of it happens. The next
 * start has the same folder. `did` is what the computer really did.
 */
async function killedAt(kind: string, n: number, when: 'before' | 'after') {
  const folder = temporaryFolder();
  const world = { paused: kind === 'resume', keyId: 'k1', did: 0 };
  const carryOut: CarryOut = async () => {
    world.did += 1;
    if (kind === 'pause' || kind === 'resume') world.paused = kind === 'pause';
    if (kind === 'rotate-keys') world.keyId = `k${world.did + 1}`;
    return done();
  };
  let writes = 0;
  let isDead = false;
  const write = (path: string, content: string): void => {
    writes += 1;
    if (isDead || (writes === n && when === 'before')) {
      isDead = true;
      throw new Error('killed');
    }
    writeFileSync(path, content);
    if (writes < n) return;
    isDead = true;
    throw new Error('killed');
  };
  const first = start({ folder, carryOut: (...all) => (isDead ? new Promise(() => {}) : carryOut(...all)), write });
  Object.assign(first.here, { paused: world.paused, keyId: world.keyId });
  try {
    first.desk.hear(frame([order(1, { kind })]));
  } catch {
    // Killed while it wrote down that it heard.
  }
  if (n <= 3) await until(() => expect(isDead).toBe(true));
  const second = start({ folder, carryOut });
  Object.assign(second.here, { paused: world.paused, keyId: world.keyId });
  // Central says it again as long as it has not heard of it.
  second.desk.hear(frame([order(1, { kind })]));
  await until(() => expect(second.ends()).toHaveLength(1));
  return { did: world.did, end: second.ends()[0]?.split(' ')[1] };
}

const POINTS = [1, 2, 3].flatMap((n) => (['before', 'after'] as const).map((when) => [n, when] as const));

describe.each(['pause', 'resume', 'rotate-keys'])('%s, killed at each point', (kind) => {
  test.each(POINTS)('write %i, %s it: done once and told so, or told as unknown, never twice', async (n, when) => {
    const { did, end } = await killedAt(kind, n, when);
    expect(did).toBeLessThanOrEqual(1);
    expect([did, end]).toEqual(did === 1 ? [1, 'done'] : [0, 'unknown']);
  });
});

describe.each(['resync', 'replay', 'redrive', 'diagnostics', 'try'])('%s, killed at each point', (kind) => {
  test.each(POINTS)('write %i, %s it: done in the end', async (n, when) => {
    const { did, end } = await killedAt(kind, n, when);
    expect(end).toBe('done');
    expect(did).toBeLessThanOrEqual(2);
  });
});

test('the program ends while one is carried out: it is gone on with after the next start', async () => {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const first = start({ carryOut: () => promise });
  first.desk.hear(frame([order(1, { kind: 'redrive' })]));
  await until(() => expect(first.told.at(-1)?.state).toBe('begun'));
  const closing = first.desk.close();
  resolve({ state: 'failed', message: 'The journal is closed.' });
  await closing;
  expect(first.ends()).toEqual([]);
  const second = start({ folder: first.folder });
  second.desk.hear(frame([]));
  await until(() => expect(second.ends()).toEqual([`${idOf(1)} done`]));
});

test('an end that could not be written down is written down later, and nothing is done twice', async () => {
  let isFull = false;
  let did = 0;
  const { desk, ends } = start({
    write(path, content) {
      if (isFull) throw new Error('the disk is full');
      writeFileSync(path, content);
    },
    carryOut: async () => {
      did += 1;
      isFull = true;
      return done();
    },
  });
  desk.hear(frame([order(1, { kind: 'pause' })]));
  await until(() => expect(did).toBe(1));
  isFull = false;
  await until(() => {
    desk.hear(frame([]));
    expect(ends()).toContain(`${idOf(1)} done`);
  });
  expect(did).toBe(1);
});

test('a status is told with each greeting, when it changes, and not for every sale', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { desk, statuses, state } = start();
  desk.hear(frame([]));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(statuses.map(({ waiting }) => waiting)).toEqual([0]);
  state.waiting = 1;
  desk.look();
  await vi.advanceTimersByTimeAsync(60_000);
  state.waiting = 2;
  desk.look();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(statuses.map(({ waiting }) => waiting)).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(180_000);
  expect(statuses.map(({ waiting }) => waiting)).toEqual([0, 1, 2]);
});

test('the file has room for so many: what is over goes first, and what is not over stays', () => {
  const folder = temporaryFolder();
  const kept = openKeptOrders(folder, writeFileSync);
  for (let n = 0; n < ORDERS_KEPT_MAX; n++) expect(kept.add(order(n), 1)).toBe(true);
  expect(kept.add(order(999), 1)).toBe(false);
  kept.change(idOf(7), { state: 'done' });
  expect(kept.add(order(999), 1)).toBe(false);
  kept.note([idOf(7)]);
  expect(kept.add(order(999), 1)).toBe(true);
  const again = openKeptOrders(folder);
  expect([again.find(idOf(7)), again.find(idOf(999))?.state, again.all().length]).toEqual([
    undefined,
    'heard',
    ORDERS_KEPT_MAX,
  ]);
  expect(JSON.parse(readFileSync(join(folder, 'orders.json'), 'utf8')).v).toBe(1);
  writeFileSync(join(folder, 'orders.json'), '{');
  expect(openKeptOrders(folder).all()).toEqual([]);
});
