// Head office over HTTP: decisions, exceptions, claims, transfers and cuts, and what is declined in which words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../central/database.ts';
import { openDesk, type Shop } from './desk-rig.ts';
import { movement, sale } from './device.ts';
import { openHttp } from './http-rig.ts';
import { openSqlRig } from './sql-rig.ts';

let database: CentralDatabase;
let http: { url: string; stop(): Promise<void> };
let desk: ReturnType<typeof openDesk>;
let shops: Record<'S001' | 'S002', Shop>;
let woken = 0;

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  desk = openDesk(await openSqlRig(database.db));
  shops = { S001: await desk.shop('S001'), S002: await desk.shop('S002') };
  http = await openHttp(database, {
    desk: desk.desk,
    wakeDesk: () => {
      woken += 1;
    },
  });
}, 60_000);
afterAll(async () => {
  await http?.stop();
  await database?.close();
});

type Answer = { status: number; body: Record<string, unknown> };

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(http.url + path, init);
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `k-${Math.random()}`, ...headers },
    body: JSON.stringify(body),
  });

const decide = (store: string, decision: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  post(`/v1/stores/${store}/decisions`, { decision }, headers);

test('a decision is answered with its directive, wakes the desk, and is made once under its key', async () => {
  const opening = { kind: 'opening', lines: [{ sku: 'tea', quantity: '10' }] };
  const first = await decide('S001', opening, { 'idempotency-key': 'once' });
  expect(first).toEqual({
    status: 201,
    body: { store: 'S001', directives: [{ dseq: 1, basis: { epoch: 0, seq: 0 }, kind: 'opening' }], notes: [] },
  });
  expect(woken).toBeGreaterThan(0);
  expect(await decide('S001', opening, { 'idempotency-key': 'once' })).toEqual(first);
  expect((await ask('/v1/stock?store=S001')).body).toMatchObject([
    { sku: 'tea', onHand: 10_000, newest: null, uncounted: false },
  ]);
});

test('what was decided for a store is listed with what became of it', async () => {
  const { status, body } = await ask('/v1/stores/S001/directives?limit=1');
  expect(status).toBe(200);
  expect(body).toMatchObject([
    { dseq: 1, kind: 'opening', by: 'head-office', applied: false, outcome: 'posted', basis: { epoch: 0, seq: 0 } },
  ]);
});

describe('what is declined names the field and the fix', () => {
  test.each<[string, string, unknown, Record<string, string>, number, RegExp]>([
    ['no such store', 'NOWHERE', { kind: 'correction', sku: 'tea', delta: 1 }, {}, 404, /^store: no store NOWHERE/],
    ['no such decision', 'S001', { kind: 'sell' }, {}, 400, /^kind: /],
    ['no figure', 'S001', { kind: 'correction', sku: 'tea', delta: 'two' }, {}, 400, /^delta: .*decimal point/],
    ['a field that is none', 'S001', { kind: 'correction', sku: 'tea', delta: 1, why: 'x' }, {}, 400, /why/],
    ['no such exception', 'S001', { kind: 'exception-decided', exception: 'x', option: 'y' }, {}, 400, /^exception: /],
    [
      'no key',
      'S001',
      { kind: 'correction', sku: 'tea', delta: 1 },
      { 'idempotency-key': '' },
      400,
      /^idempotency-key: /,
    ],
    [
      'no JSON',
      'S001',
      { kind: 'correction', sku: 'tea', delta: 1 },
      { 'content-type': 'text/plain' },
      415,
      /^content-type: /,
    ],
  ])('%s', async (_, store, decision, headers, status, sentence) => {
    expect(await decide(store, decision, headers)).toMatchObject({
      status,
      body: { message: expect.stringMatching(sentence) },
    });
  });

  test('a body beyond its bound, a foreign page, and any other method or route', async () => {
    const long = await decide('S001', { kind: 'correction', sku: 'tea', delta: 1, note: 'x'.repeat(300_000) });
    expect(long.status).toBe(413);
    const path = '/v1/stores/S001/decisions';
    expect((await post(path, {}, { origin: 'https://evil.test' })).status).toBe(403);
    expect((await ask(path, { method: 'PUT' })).status).toBe(405);
    expect((await post('/v1/stock', {})).status).toBe(405);
    expect((await post(`${path}/more`, {})).status).toBe(405);
  });
});

test('exceptions: most urgent first, with evidence, options and counts, page by page, open or decided', async () => {
  shops.S001.capture(sale('1', [['tea', 12_000]]));
  shops.S001.capture({ ...sale('2', []), kind: 'void', voids: { receipt: 'none' } });
  await shops.S001.report();
  const { body } = await ask('/v1/exceptions?store=S001');
  expect(body).toMatchObject({
    next: null,
    counts: [
      { type: 'oversold', title: 'More was sold than the books held', count: 1 },
      { type: 'void-of-unknown', count: 1 },
    ],
    rows: [
      {
        ...{ id: 'oversold/1:1/1', store: 'S001', type: 'oversold', sku: 'tea', owner: 'store', overdue: false },
        message: '2 more of tea went out than the books held.',
        evidence: [{ entry: '1:1', kind: 'sale', document: '1', sentence: expect.stringContaining('check the shelf') }],
        options: { counted: 'Counted', accept: 'Leave it' },
        decided: null,
      },
      { type: 'void-of-unknown' },
    ],
  });
  const first = (await ask('/v1/exceptions?limit=1')).body as { rows: unknown[]; next: string };
  expect(first.rows).toHaveLength(1);
  const rest = await ask(`/v1/exceptions?limit=1&after=${encodeURIComponent(first.next)}`);
  expect(rest.body).toMatchObject({ rows: [{ type: 'void-of-unknown' }] });

  await decide('S001', { kind: 'exception-decided', exception: 'oversold/1:1/1', option: 'accept' });
  expect((await ask('/v1/exceptions?state=decided')).body).toMatchObject({
    rows: [{ id: 'oversold/1:1/1', decided: { by: 'd2', option: 'accept' }, overdue: false }],
  });
  expect((await ask('/v1/exceptions?owner=it')).body).toMatchObject({ rows: [], counts: [] });
  desk.later(1_000 * 3_600_000);
  expect((await ask('/v1/exceptions')).body).toMatchObject({ rows: [{ overdue: true }] });
});

test('claims with their account, and a line that is closed', async () => {
  const original = { store: 'S001', workstation: 'T1', businessDate: '2026-11-21', receipt: '1' };
  shops.S002.capture({
    ...{ ...sale('5', []), kind: 'return' },
    lines: [{ sku: 'tea', quantity: 1_000, original }],
  });
  await shops.S002.report();
  await desk.work();
  expect((await ask('/v1/claims?store=S001')).body).toMatchObject([
    {
      ...{ claim: 'S002/1/1/1', sale: 'S001|T1|2026-11-21|1', line: 1, verdict: 'kept', kept: 1_000, disputed: 0 },
      sentence: 'The refund stands.',
      account: [{ kept: 1_000, disputed: 0, sentence: 'The refund stands.' }],
    },
  ]);
  expect((await ask('/v1/claims?verdict=disputed')).body).toEqual([]);
  const close = { sale: 'S001|T1|2026-11-21|1', line: 1 };
  expect(await post('/v1/claims/closings', close)).toEqual({ status: 201, body: close });
  expect((await post('/v1/claims/closings', { ...close, line: 9 })).status).toBe(404);
});

test('the evidence of a disputed return is its document and the verdict, in words that fit', async () => {
  const original = { store: 'S001', workstation: 'T1', businessDate: '2026-11-21', receipt: '1' };
  shops.S002.capture({
    ...{ ...sale('6', []), kind: 'return' },
    lines: [{ sku: 'tea', quantity: 1_000, original }],
  });
  await shops.S002.report();
  await desk.work();
  expect((await ask('/v1/exceptions?store=S002')).body).toMatchObject({
    rows: [
      {
        type: 'return-disputed',
        evidence: [
          { kind: 'claim-verdict', document: null, sentence: 'Noted.' },
          { entry: '1:2', kind: 'return', document: '6', sentence: 'Posted to stock.' },
        ],
      },
    ],
  });
});

test('transfers with what is between the stores, and its age', async () => {
  shops.S001.capture({
    ...movement('transfer-sent', 'M1', [['tea', 3_000]]),
    ...{ transfer: 'T-1', counterparty: 'S002' },
  });
  await shops.S001.report();
  expect((await ask('/v1/transfers?store=S002')).body).toMatchObject([
    {
      ...{ transfer: 'T-1', from: 'S001', to: 'S002', ageMs: expect.any(Number) },
      skus: [{ sku: 'tea', sent: 3_000, received: 0, residue: 3_000 }],
      sentence: 'Transfer T-1: 3 of tea have not arrived: 3 were sent, 0 received.',
    },
  ]);
  expect((await ask('/v1/transfers?after=T-1')).body).toEqual([]);
});

test('a period is closed for every store, once', async () => {
  const close = () => post('/v1/periods', { through: '2026-10-31' }, { 'idempotency-key': 'october' });
  expect(await close()).toEqual({ status: 201, body: { through: '2026-10-31', stores: 2 } });
  await desk.work();
  expect(await close()).toMatchObject({ status: 201 });
  await desk.work();
  for (const store of ['S001', 'S002'] as const) {
    const closed = (await shops[store].directives()).filter(({ kind }) => kind === 'period-closed');
    expect(closed).toEqual([{ kind: 'period-closed', through: '2026-10-31' }]);
  }
});

test('the cut that central is at, and the shelves behind a sum', async () => {
  const { body } = await ask('/v1/stores/S001/cut');
  expect(body).toMatchObject({ store: 'S001', epoch: 1, seq: 3, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  const sums = body['buckets'] as string[];
  const filled = sums.findIndex((sum) => /[1-9a-f]/.test(sum));
  expect((await ask(`/v1/stores/S001/cut/${filled}`)).body).toMatchObject({
    ...{ epoch: 1, seq: 3 },
    shelves: [{ sku: 'tea', hash: sums[filled], onHand: -5_000 }],
  });
  expect((await ask('/v1/stores/NOWHERE/cut')).status).toBe(404);
  expect((await ask('/v1/stores/S001/cut/256')).status).toBe(400);
});
