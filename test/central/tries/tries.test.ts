// Dry runs at central: which stores are asked, what each gets, what is kept of their answers, and who may.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { keepResult, taskOf } from '../../../central/tries/results.ts';
import { trafficOf } from '../../../core/dry-run/traffic.ts';
import { TRIES_KEPT_MAX } from '../../../core/limits/tries.ts';
import type { TryResult } from '../../../protocol/device/tries.ts';
import { CommandRow } from '../../../protocol/hq/commands.ts';
import { TryRow, TryStory } from '../../../protocol/hq/tries.ts';
import { askCentral } from '../asking.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';

const OPERATOR = 'of-the-operator-of-this-machine';
const HOUR_MS = 3_600_000;
let database: CentralDatabase;
let http: { url: string; stop(): Promise<void> };
const told: string[] = [];

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  const { desk, ...rig } = openDesk(await openSqlRig(database.db));
  for (const store of ['S001', 'S002', 'S003']) await rig.shop(store);
  const commands = { tell: async (store: string) => void told.push(store) };
  http = await openHttp(database, { desk, operatorToken: OPERATOR, wallMs: () => 1_000, commands });
}, 60_000);
afterAll(async () => {
  await http.stop();
  await database.close();
});

const ask = (path: string, body?: unknown, { token = OPERATOR, key }: { token?: string; key?: string } = {}) =>
  askCentral(http.url, path, { token, body, ...(key === undefined ? {} : { key }) });

const SOURCE = {
  ...{ tillwireConfiguration: 1, revision: 7, title: 'Larger batches', expires: '2027-06-30T00:00:00Z' },
  chain: { sync: { batchEntries: 100 } },
  regions: { north: { sync: { windowEntries: 900 } } },
  stores: { S001: { region: 'north' }, S002: { region: 'north', values: { sync: { batchEntries: 50 } } } },
};
const start = async (stores: string, more: object = {}) =>
  TryRow.parse((await ask('/configuration/tries', { source: SOURCE, stores, ...more })).body);
const storyOf = async (id: string, query = '') =>
  TryStory.parse((await ask(`/configuration/tries/${id}${query}`)).body);

const traffic = trafficOf([], {});
const result: TryResult = {
  ...{ v: 1, applied: null, fromMs: 0, toMs: 100 * HOUR_MS, feeds: [], ways: [{ way: 'http', documents: 12 }] },
  traffic: { before: traffic, after: traffic },
  deadlines: [{ type: 'oversold', before: 48, after: 4 }],
};

test('the stores of a query are asked once, and each gets what would hold for it', async () => {
  const row = await start('region=north', { days: 3 });
  expect(row).toMatchObject({ revision: 7, query: 'region=north', days: 3, stores: 2, told: 0, ended: 0, by: 'local' });
  expect(told).toEqual(['S001', 'S002']);
  const asked = CommandRow.array().parse((await ask('/commands?store=S002')).body)[0];
  expect(asked).toMatchObject({ kind: 'try', args: { try: row.id }, state: 'waiting' });
  const documents = await Promise.all(['S001', 'S002', 'S003'].map((store) => taskOf(database.db, row.id, store)));
  expect(documents.map((task) => task && [task.days, JSON.parse(task.document)])).toEqual([
    [3, { v: 1, revision: 7, store: 'S001', configuration: { sync: { batchEntries: 100, windowEntries: 900 } } }],
    [3, { v: 1, revision: 7, store: 'S002', configuration: { sync: { batchEntries: 50, windowEntries: 900 } } }],
    null,
  ]);
  const other = await start('store=S003');
  expect(JSON.parse((await taskOf(database.db, other.id, 'S003'))?.document ?? '')).toMatchObject({ store: '*' });
});

test('the same request again asks for nothing more; its key for another one is a conflict', async () => {
  const body = { source: SOURCE, stores: 'store=S001' };
  const first = await ask('/configuration/tries', body, { key: 'once' });
  const before = told.length;
  expect((await ask('/configuration/tries', body, { key: 'once' })).body).toEqual(first.body);
  expect(told).toHaveLength(before);
  expect((await ask('/configuration/tries', { ...body, days: 2 }, { key: 'once' })).status).toBe(409);
});

test('what a store says is kept once, with the questions whose deadline it is about', async () => {
  const { id } = await start('store=S001,S002');
  const raised = (n: number, hours: number, answered: number | null) => ({
    ...{ store: 'S001', id: `oversold/${n}/A`, type: 'oversold', sku: 'A', evidence: [], message: 'x' },
    ...{ raised_ms: hours * HOUR_MS, deadline_ms: 0, raised_by: '1:1', option: null },
    ...{ decided_by: answered === null ? null : 'x', decided_ms: answered === null ? null : answered * HOUR_MS },
  });
  const rows = [raised(1, 10, 12), raised(2, 10, 20), raised(3, 20, null), raised(4, 99, null)];
  await database.db.insertInto('exception').values(rows).execute();
  expect(await keepResult(database.db, { id, store: 'S003', result })).toBe(false);
  expect(await keepResult(database.db, { id, store: 'S001', result })).toBe(true);
  await keepResult(database.db, { id, store: 'S001', result: { ...result, ways: [] } });
  const { row, stores } = await storyOf(id);
  expect(row).toMatchObject({ stores: 2, told: 1, ended: 1 });
  expect(stores).toMatchObject([
    { store: 'S001', result, questions: [{ type: 'oversold', asked: 4, open: 2, later: 2 }] },
    { store: 'S002', result: null, questions: [], state: 'waiting' },
  ]);
  expect((await storyOf(id, '?after=S001')).stores.map(({ store }) => store)).toEqual(['S002']);
  expect((await storyOf(id, '?limit=1')).stores.map(({ store }) => store)).toEqual(['S001']);
});

test('a store that declined, or let it expire, is told as such', async () => {
  const { id } = await start('store=S003');
  await database.db
    .updateTable('command')
    .set({ state: 'declined', message: 'update it first', is_open: false })
    .where('args', 'like', `%${id}%`)
    .execute();
  expect(await storyOf(id)).toMatchObject({
    row: { told: 0, ended: 1 },
    stores: [{ state: 'declined', message: 'update it first', result: null }],
  });
});

test.each([
  [{ stores: 'region=south' }, 'none of the 3 stores'],
  [{ stores: 'shelf=1' }, '"shelf" is not known'],
  [{ stores: 'all', days: 99 }, 'days'],
  [{ stores: 'all', source: { ...SOURCE, chain: { sync: { batchEntries: 0 } } } }, 'sync.batchEntries'],
  [{ stores: 'all', source: { ...SOURCE, revision: 'seven' } }, 'revision'],
  [{ stores: 'all', source: { ...SOURCE, chain: { sync: { batchEntries: 1.5 } } } }, 'source'],
])('a mistake is told by its field: %j', async (over, field) => {
  const answer = await ask('/configuration/tries', { source: SOURCE, ...over });
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(field)]);
});

test('whoever may configure may ask, whoever may read may look; old ones go', async () => {
  await ask('/accounts', { name: 'anna', kind: 'person', roles: ['admin'], password: 'correct horse battery' });
  await ask('/accounts', { name: 'eye', kind: 'program', roles: ['viewer'] });
  const token = String((await ask('/tokens', { account: 'eye' })).body['token']);
  expect(await ask('/configuration/tries', { source: SOURCE, stores: 'all' }, { token })).toMatchObject({
    status: 403,
  });
  expect((await ask('/configuration/tries', undefined, { token })).status).toBe(200);
  expect((await ask(`/configuration/tries/t${'0'.repeat(24)}`)).status).toBe(404);
  const first = await database.db.selectFrom('config_try').select('id').orderBy('n').executeTakeFirstOrThrow();
  const rows = Array.from({ length: TRIES_KEPT_MAX }, (_, n) => ({
    ...{ id: `t${String(n).padStart(24, '0')}`, title: 'x', revision: 1, query: 'all', days: 1, by_whom: 'x' },
    asked_ms: 1,
  }));
  await database.db.insertInto('config_try').values(rows).execute();
  await database.db.updateTable('command').set({ is_open: false }).execute();
  await start('store=S001');
  expect((await ask(`/configuration/tries/${first.id}`)).status).toBe(404);
  expect(TryRow.array().parse((await ask('/configuration/tries')).body)).toHaveLength(TRIES_KEPT_MAX);
});
