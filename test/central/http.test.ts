// Central's HTTP API: what it answers, what it refuses, and the document generated from the contract.
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../central/database.ts';
import { takeHello } from '../../central/hello.ts';
import type { Intake } from '../../central/intake.ts';
import { deviceContract, enrolmentContract } from '../../protocol/device/contract.ts';
import { hqContract } from '../../protocol/hq/contract.ts';
import { makeDevice, movement, sale } from './device.ts';
import { openHttp } from './http-rig.ts';
import { takeBatch } from './rig.ts';
import { openSqlRig } from './sql-rig.ts';

let database: CentralDatabase;
let intake: Intake;
let http: { url: string; stop(): Promise<void> };
let incarnation: string;
const device = makeDevice('S001');
const logged: string[] = [];

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  ({ intake, incarnation } = await openSqlRig(database.db));
  const hear = (_: unknown, message: string): void => void logged.push(message);
  http = await openHttp(database, {
    desk: { intake, tellStore: async () => {}, log: { info: hear, warn: hear, error: hear } },
    hints: { hear: () => {}, isOnline: (store) => store === 'S001' },
    wallMs: () => 10_000,
  });
  device.capture(movement('goods-received', 'D1', [['tea', 2_000]]));
  device.capture(
    sale('R/1 ü', [
      ['tea', 2_500],
      ['mug', 1_000],
    ]),
  );
  device.entries.push('poison');
  const welcome = await takeHello(intake, device.hello());
  if (welcome.kind !== 'welcome') throw new Error('no welcome');
  await takeBatch(intake, device.batch(welcome.session, 1, 3));
});
afterAll(async () => {
  await http.stop();
  await database.close();
});

const get = async (path: string): Promise<unknown> => {
  const response = await fetch(http.url + path);
  expect([path, response.status]).toEqual([path, 200]);
  return response.json();
};

test('the index says that this is a trial and where to go on', async () => {
  expect(await get('/')).toMatchObject({
    trial: true,
    openapi: '/v1/openapi.json',
    incarnation,
    notices: [expect.stringContaining('Trial')],
  });
  expect(await get('/v1/status')).toEqual({ incarnation, restored: null });
});

test('stores with last sequence and age', async () => {
  const [row, ...more] = (await get('/v1/stores')) as unknown[];
  expect(more).toEqual([]);
  expect(row).toEqual({
    store: 'S001',
    epoch: 1,
    life: device.epoch.life,
    seq: 3,
    chain: device.chainAt(3),
    entries: 3,
    deadLetters: 1,
    online: true,
    lastPostedMs: 2_000,
    ageMs: 8_000,
  });
});

test('stock by store and SKU, page by page', async () => {
  const [first, ...rest] = (await get('/v1/stock?limit=1')) as { store: string; sku: string }[];
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ store: 'S001', sku: 'mug', onHand: -1_000, uncounted: true });
  expect(await get(`/v1/stock?afterStore=${first?.store}&afterSku=${first?.sku}`)).toMatchObject([
    { sku: 'tea', onHand: -500, shelf: -500, 'in-transit': 0, supplier: -2_000, uncounted: false },
  ]);
  expect(await get('/v1/stock?store=NONE')).toEqual([]);
});

test('the ledger of a SKU, oldest first, page by page', async () => {
  const page = (await get('/v1/ledger?store=S001&sku=tea&limit=1')) as { rows: unknown[]; next: number };
  expect(page.rows).toMatchObject([{ seq: 1, from: 'supplier', to: 'shelf', quantity: 2_000, kind: 'goods-received' }]);
  expect(await get(`/v1/ledger?store=S001&sku=tea&after=${page.next}`)).toMatchObject({
    rows: [{ seq: 2, from: 'shelf', to: 'customer', number: 'R/1 ü', workstation: 'T1', postedMs: 2_000 }],
    next: null,
  });
});

test("a receipt's life by its number", async () => {
  expect(await get(`/v1/stores/S001/receipts/${encodeURIComponent('R/1 ü')}`)).toMatchObject([
    {
      key: 'S001|T1|2026-11-21|R/1 ü|sale',
      outcome: 'flagged',
      sentence: 'Posted. More was sold than the books held: please check the shelf.',
      fact: { content: { receipt: 'R/1 ü' } },
    },
  ]);
  expect(await get('/v1/stores/S001/receipts/none')).toEqual([]);
});

test('entries with their postings, dead letters with their owner, and nothing out of balance', async () => {
  expect(await get('/v1/stores/S001/entries?epoch=1&after=1')).toMatchObject([
    { seq: 2, chain: device.chainAt(2), outcome: 'flagged', reason: 'oversold', postings: [{ line: 1 }, { line: 2 }] },
    { seq: 3, chain: device.chainAt(3), key: '', outcome: 'refused', reason: 'unreadable', postings: [] },
  ]);
  expect(await get('/v1/dead-letters')).toMatchObject([
    { store: 'S001', epoch: 1, seq: 3, key: null, reason: 'unreadable', owner: 'inventory-control', postedMs: 2_000 },
  ]);
  expect(await get('/v1/conservation')).toEqual([]);
});

test('the document names every path of the contract', async () => {
  const document = (await get('/v1/openapi.json')) as { openapi: string; paths: Record<string, unknown> };
  expect(document.openapi).toMatch(/^3\.1/);
  const routes = [hqContract, enrolmentContract, deviceContract].flatMap((contract) => Object.values(contract));
  const paths = new Set(routes.map((procedure) => procedure['~orpc'].route.path));
  expect(Object.keys(document.paths).sort()).toEqual([...paths].sort());
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/stock', '/device/enrolments', '/devices']));
});

test('a bad question is refused in words, an unknown path is not found', async () => {
  for (const path of ['/v1/stock?limit=100000', '/v1/stores/S001/entries?epoch=x', '/v1/ledger?store=a%20b&sku=x']) {
    const response = await fetch(http.url + path);
    expect([path, response.status]).toEqual([path, 400]);
  }
  expect((await fetch(`${http.url}/v1/nothing`)).status).toBe(404);
});

test('foreign hosts, foreign origins and anything but GET are refused where nothing is decided (F57)', async () => {
  const port = Number(new URL(http.url).port);
  const status = (method: string, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path: '/v1/stores', method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once('error', reject).end();
    });
  expect(await status('GET', { host: `localhost:${port}` })).toBe(200);
  expect(await status('GET', { host: 'evil.test' })).toBe(403);
  expect(await status('GET', { host: `127.0.0.1:${port + 1}` })).toBe(403);
  expect(await status('GET', { origin: 'https://evil.test' })).toBe(403);
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) expect(await status(method, {})).toBe(405);
});
