// The fleet over HTTP, on the tables that enrolment, hellos and reports fill: what is told of each store, once and live.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { openHearing } from '../../../central/fleet/hearing.ts';
import type { Reply } from '../../../central/replies.ts';
import { Fleet, FleetChange, FleetStore } from '../../../protocol/hq/fleet.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';
import { insertStores } from './many-stores.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 20_000 * DAY;

let database: CentralDatabase;
let http: { url: string; stop(): Promise<void> };
const hearing = openHearing(() => NOW);

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  const { db } = database;
  const odd = [
    {},
    { heardMs: 3 * DAY },
    { waiting: 1_480, waitingMs: 3 * HOUR },
    { state: 'revoked' as const },
    { state: 'retired' as const },
    { isUnheard: true },
    { pausedMs: HOUR },
    { questions: 2, notices: ['disk-nearly-full'], refused: 3, skewMs: -5 * MINUTE, untilMs: 5 * DAY },
  ];
  await insertStores(db, odd.length, NOW, (n) => odd[n - 1] ?? {});
  // Of one more store there is nothing but a token that lets its computer in; of another one, one that was used.
  const token = { hash: 'h', replace: false, created_by: 'anna', revoked_ms: null, created_ms: NOW - HOUR };
  await db
    .insertInto('enrolment_token')
    .values({ id: 't1', ...token, expires_ms: NOW + DAY })
    .execute();
  const place = { token: 't1', used_by: null, used_ms: null };
  await db
    .insertInto('enrolment_place')
    .values([
      { ...place, store: 'S0009' },
      { ...place, store: 'S0004' },
    ])
    .execute();
  // A store of open enrolment, which only ever said hello.
  await db
    .insertInto('store')
    .values({ store: 'T1', created_ms: NOW - DAY })
    .execute();
  await db
    .insertInto('device_key')
    .values({
      ...{ store: 'T1', key_id: 'k', public_key: 'p', pinned_ms: NOW - DAY, device: null, ended_ms: null },
      ...{ told_epoch: 1, told_seq: 12, told_chain: null, told_ms: NOW - MINUTE },
    })
    .execute();
  const desk = openDesk(await openSqlRig(db));
  http = await openHttp(database, {
    ...{ desk: desk.desk, wallMs: () => NOW, hearing },
    hints: { hear: () => {}, isOnline: () => true },
  });
}, 60_000);
afterAll(async () => {
  await http?.stop();
  await database?.close();
});

const get = async (path: string): Promise<unknown> => {
  const response = await fetch(http.url + path);
  expect([path, response.status]).toEqual([path, 200]);
  return response.json();
};

test('every store that central knows or expects, worst first, each in one word', async () => {
  const { rows, nowMs, more } = Fleet.parse(await get('/v1/fleet'));
  expect([nowMs, more]).toEqual([NOW, 0]);
  expect(rows.map(({ store, state, level }) => `${store} ${state} ${level}`)).toEqual([
    'S0003 behind needs',
    'S0002 silent needs',
    'S0008 in-touch needs',
    // Its next computer is expected: somebody saw to it.
    'S0004 taken-back watch',
    'S0005 moved-out watch',
    'S0006 never-seen watch',
    'S0009 never-seen watch',
    'S0007 paused watch',
    'S0001 in-touch good',
    'T1 in-touch good',
  ]);
});

test('what is known of one: who speaks for it, what waits, what is noted', async () => {
  expect(FleetStore.parse(await get('/v1/fleet/stores/S0008'))).toMatchObject({
    row: {
      ...{ store: 'S0008', waiting: 0, open: 2, refused: 3, version: '1.0.0', computer: 'POS-PC-8', online: true },
      ...{ device: 'd000000000008', certificateUntilMs: NOW + 5 * DAY, heardMs: NOW - 3 * MINUTE },
      notes: [
        { note: 'disk', level: 'needs' },
        { note: 'questions', value: 2 },
        { note: 'certificate-ends', value: NOW + 5 * DAY, level: 'watch' },
        { note: 'clock', value: -5 * MINUTE },
        { note: 'refused', value: 3 },
      ],
    },
    status: { diskFreeBytes: 76_000_000_000, diskDays: 900, skewMs: -5 * MINUTE, pausedBy: null },
  });
  expect(await get('/v1/fleet/stores/S0007')).toMatchObject({ status: { pausedBy: 'Ben', pausedWhy: 'repair' } });
});

test('a store that never reported how it is has what its hello showed', async () => {
  const told = FleetStore.parse(await get('/v1/fleet/stores/T1'));
  expect(told.status).toBe(null);
  expect(told.row).toMatchObject({ waiting: 12, waitingSinceMs: null, heardMs: NOW - MINUTE, device: null });
});

test('a computer whose access ended is not told as the one that speaks', async () => {
  expect(await get('/v1/fleet/stores/S0005')).toMatchObject({ row: { device: null, certificateUntilMs: null } });
});

test('a store that nobody knows is declined in words', async () => {
  const response = await fetch(`${http.url}/v1/fleet/stores/NONE`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ message: 'store: central knows no store NONE. Check its name.' });
});

test('live: all of them first, as events that a browser reads', async () => {
  const end = new AbortController();
  const response = await fetch(`${http.url}/v1/fleet/changes`, { signal: end.signal });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (/^data: .*\n/m.test(text)) break;
  }
  end.abort();
  const change = FleetChange.parse(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? ''));
  expect([change.all, change.rows.length, change.rows[0]?.store]).toEqual([true, 10, 'S0003']);
});

test('a second computer that was refused is told before all others, for a day', () => {
  const fence = { kind: 'fence' } as Reply;
  const at = { ms: NOW };
  const heard = openHearing(() => at.ms);
  heard.answered('S1', fence);
  heard.answered('S2', { kind: 'reject' } as Reply);
  heard.answered('S3', { kind: 'mark' } as Reply);
  heard.answered('S4', { kind: 'welcome' } as Reply);
  expect(['S1', 'S2', 'S3', 'S4'].map((store) => [heard.fencedMs(store), heard.heardMs(store)])).toEqual([
    [NOW, null],
    [null, null],
    [null, null],
    [null, NOW],
  ]);
});
