// The list that is told live: all at once first, then what changes, a beat where nothing does, and never too many.
import { beforeEach, expect, test, vi } from 'vitest';
import { openBoard } from '../../../central/fleet/board.ts';
import { FLEET_LOOK_MS, FLEET_PULSE_MS, FLEET_WATCH_MS, FLEET_WATCHERS_MAX } from '../../../core/limits/fleet.ts';
import type { FleetRow } from '../../../protocol/hq/fleet.ts';

const row = (store: string, change: Partial<FleetRow> = {}): FleetRow => ({
  ...{ store, state: 'in-touch', sinceMs: null, level: 'good', notes: [], heardMs: 0, postedMs: 0, online: true },
  ...{ waiting: 0, waitingSinceMs: null, open: 0, refused: 0, version: '1.0.0', device: null, computer: null },
  certificateUntilMs: null,
  ...change,
});

let stores: FleetRow[];
let looks: number;
const read = async (only: string | null) => {
  looks += 1;
  return stores
    .filter(({ store }) => only === null || store === only)
    .map((each) => ({ row: { ...each }, status: null }));
};

beforeEach(() => {
  vi.useFakeTimers();
  stores = [row('S2'), row('S1'), row('S3', { state: 'silent', level: 'watch', sinceMs: 5 })];
  looks = 0;
  return () => vi.useRealTimers();
});

const later = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test('the list has the worst first, and is read once for all who ask at a time', async () => {
  const board = openBoard({ read, wallMs: () => 7 });
  const [first] = await Promise.all([board.list(), board.list(), board.list()]);
  expect(first.rows.map(({ store }) => store)).toEqual(['S3', 'S1', 'S2']);
  expect([first.nowMs, first.more, looks]).toEqual([7, 0, 1]);
  await later(10 * FLEET_LOOK_MS);
  await board.list();
  expect(looks).toBe(2);
});

test('a follower hears all, then only what is other than before, and what is gone', async () => {
  const board = openBoard({ read, wallMs: () => 7 });
  const changes = board.follow(undefined);
  const next = async () => (await changes?.next())?.value;
  expect(await next()).toMatchObject({
    all: true,
    rows: [{ store: 'S3' }, { store: 'S1' }, { store: 'S2' }],
    gone: [],
  });
  stores = [row('S2', { waiting: 4 }), row('S3', { state: 'silent', level: 'watch', sinceMs: 5 })];
  const told = next();
  await later(10 * FLEET_LOOK_MS);
  expect(await told).toMatchObject({ all: false, rows: [{ store: 'S2', waiting: 4 }], gone: ['S1'] });
});

test('where nothing changes it hears a beat, and after a while it has to ask anew', async () => {
  const board = openBoard({ read, wallMs: () => 7 });
  const changes = board.follow(undefined);
  await changes?.next();
  const beat = changes?.next();
  await later(FLEET_PULSE_MS + 10 * FLEET_LOOK_MS);
  expect((await beat)?.value).toEqual({ nowMs: 7, more: 0, all: false, rows: [], gone: [] });
  let isDone = false;
  const rest = (async () => {
    while (changes !== null && (await changes.next()).done !== true);
    isDone = true;
  })();
  await later(2 * FLEET_WATCH_MS);
  await rest;
  expect(isDone).toBe(true);
});

test('no more follow than the bound, and whoever leaves makes room', async () => {
  const board = openBoard({ read, wallMs: () => 7 });
  const all = Array.from({ length: FLEET_WATCHERS_MAX }, () => board.follow(undefined));
  expect(all.every((one) => one !== null)).toBe(true);
  expect(board.follow(undefined)).toBe(null);
  await all[0]?.next();
  await all[0]?.return(undefined);
  expect(board.follow(undefined)).not.toBe(null);
});

test('one that fails is told to whoever asked, and the next one looks again', async () => {
  let isBroken = true;
  const board = openBoard({
    read: (only) => (isBroken ? Promise.reject(new Error('the database is away')) : read(only)),
    wallMs: () => 7,
  });
  await expect(board.list()).rejects.toThrow('away');
  isBroken = false;
  expect((await board.list()).rows.length).toBe(3);
});
