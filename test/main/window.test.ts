// The store window over a real journal, with the tills' door in front of it: questions, answers, histories, till checks.
import { createServer } from 'node:http';
import { createRouterClient } from '@orpc/server';
import axios from 'axios';
import { DateTime } from 'luxon';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { captureHandler } from '../../capture/http.ts';
import { type DeadlineHours, deadlineOf } from '../../core/exception.ts';
import { WINDOW_WORKSTATION } from '../../main/decide.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { makeChanges } from '../../main/rooms/parts.ts';
import { systemClock } from '../../main/runtime.ts';
import { takeSnapshot, windowRouter } from '../../main/window.ts';
import { NO_SETTINGS } from '../../protocol/settings.ts';
import { startStorage } from '../../storage/client.ts';
import type { Uplink } from '../../sync/uplink.ts';
import { temporaryFolder } from '../temporary.ts';

const TOKEN = 'of-the-tills';
const HOUR_MS = 3_600_000;
const uplink: Pick<Uplink, 'state'> = {
  state: () => ({ line: 'offline', sinceMs: 0, reason: null, trial: false, renewedMs: null, inFlight: 0 }),
};

const noSettings = { now: () => NO_SETTINGS, problem: () => null };

/** An agent without a line: journal, door and window. */
async function openStore() {
  const folder = temporaryFolder();
  const storage = await startStorage({ folder, store: 'S001' });
  const hours: DeadlineHours = { 'void-twice': 1 };
  const parts = {
    ...{ storage, uplink, clock: systemClock, changes: makeChanges(), settings: noSettings, hours },
    questionHours: () => parts.hours,
  };
  const pseudonymKey = Buffer.alloc(32, 1);
  const handler = captureHandler({
    journal: storage,
    store: 'S001',
    token: TOKEN,
    pseudonymKey,
    clock: systemClock,
    spillFolder: folder,
  });
  const server = createServer((request, response) => void handler(request, response));
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await storage.close();
  });
  let posts = 0;
  const client = axios.create({ baseURL: url, validateStatus: () => true, proxy: false });
  return {
    parts,
    storage,
    window: createRouterClient(windowRouter(parts)),
    snapshot: () => takeSnapshot(parts),
    /** Status and, of a refusal, its code. */
    async post(path: string, body: object, key = `k${posts++}`): Promise<string> {
      const headers = { authorization: `Bearer ${TOKEN}`, 'idempotency-key': key };
      const sent = { sentAt: DateTime.now().toISO(), ...body };
      const { status, data } = await client.post(`/v1/${path}`, sent, { headers });
      return status === 201 ? '201' : `${status} ${data.error.code}`;
    },
  };
}

let shop: Awaited<ReturnType<typeof openStore>>;
beforeEach(async () => {
  shop = await openStore();
});

const today = DateTime.now().toISODate();
const at = (secondsAgo: number): string => DateTime.now().minus({ seconds: secondsAgo }).toISO();
const common = (secondsAgo: number) => ({ workstation: 'T1', businessDate: today, occurred: at(secondsAgo) });
const sale = (receipt: number, quantity: number, more: object = {}) => ({
  ...{
    ...common(0),
    kind: 'sale',
    receipt: String(receipt),
    lines: [{ sku: 'A', quantity }],
    currency: 'EUR',
    total: '2.50',
  },
  ...more,
});
const delivery = (document: string, quantity: number, secondsAgo = 600) => ({
  ...{ ...common(secondsAgo), kind: 'goods-received', document, lines: [{ sku: 'A', quantity }] },
});
const sheet = (stocktake: string, lines: object[], more: object = {}) => ({
  ...{ ...common(300), begun: at(400), stocktake, lines },
  ...more,
});

describe('a question of the store', () => {
  test('is asked so far, answered without a line, and answered once', async () => {
    await shop.post('movements', delivery('D1', 1));
    await shop.post('transactions', sale(1, 3));
    const [question, ...others] = await shop.window.needs.list();
    expect(others).toEqual([]);
    expect(question).toMatchObject({ type: 'oversold', owner: 'store', sku: 'A', soFar: true });
    const raisedMs = question?.raisedMs ?? 0;
    expect(question?.deadlineMs).toBe(deadlineOf({ type: 'oversold', raisedMs }));
    shop.parts.hours = { oversold: 5 };
    expect(await shop.window.needs.list()).toMatchObject([{ deadlineMs: raisedMs + 5 * HOUR_MS }]);
    expect(question?.evidence).toMatchObject([{ kind: 'sale', number: '1', workstation: 'T1' }]);
    const exception = question?.id ?? '';
    expect((await shop.snapshot()).exceptions).toMatchObject({ store: 1, others: 0, newestMs: question?.raisedMs });

    expect(await shop.window.needs.decide({ exception, option: 'burn' })).toMatchObject({ result: 'no-such-option' });
    const note = 'looked, card 4111 1111 1111 1111';
    const both = await Promise.all([
      shop.window.needs.decide({ exception, option: 'accept', note }),
      shop.window.needs.decide({ exception, option: 'counted' }),
    ]);
    expect(both.map(({ result }) => result)).toEqual(['decided', 'already-decided']);
    expect(await shop.window.needs.decide({ exception, option: 'accept' })).toMatchObject({
      result: 'already-decided',
    });
    expect(await shop.window.needs.list()).toEqual([]);
    expect((await shop.snapshot()).exceptions).toEqual({ store: 0, others: 0, newestMs: null });
    const [row] = await shop.window.receipts.recent({ limit: 1 });
    expect(row).toMatchObject({ kind: 'exception-decided', workstation: WINDOW_WORKSTATION });
    const kept = await shop.storage.page((await shop.storage.heads()).epoch, 2, 10, 1_000_000);
    expect(kept).toHaveLength(1);
    expect(Buffer.from(kept[0]?.bytes ?? []).toString()).toContain('looked, card ****');
  });

  test('that nobody asked is not answered', async () => {
    const told = await shop.window.needs.decide({ exception: 'oversold/1:1/1', option: 'accept' });
    expect(told.result).toBe('already-decided');
    expect(await shop.window.receipts.recent({ limit: 1 })).toEqual([]);
  });
});

describe('shelves and receipts are explained', () => {
  test('movement, count, sale; then what was taken back', async () => {
    expect(await shop.post('movements', delivery('D1', 10))).toBe('201');
    expect(await shop.post('stocktakes', sheet('ST-1', [{ sku: 'A', counted: 8 }]))).toBe('201');
    expect(await shop.post('transactions', sale(1, 3))).toBe('201');
    expect(await shop.window.stock.explain({ sku: 'B' })).toBeNull();
    const story = await shop.window.stock.explain({ sku: 'A' });
    expect(story).toMatchObject({ sku: 'A', onHand: 5_000, reserved: 0, known: true, soFar: true });
    expect(story?.steps.map(({ kind, onHand }) => [kind, onHand])).toEqual([
      ['goods-received', 10_000],
      ['stocktake', 8_000],
      ['sale', 5_000],
    ]);
    const [row] = await shop.window.receipts.recent({ limit: 1 });
    const outcome = await shop.window.receipts.outcome({ epoch: row?.epoch ?? 0, seq: row?.seq ?? 0 });
    expect(outcome).toMatchObject({ soFar: true, sentence: 'So far: posted to stock.' });
    expect(await shop.window.receipts.outcome({ epoch: 1, seq: 99 })).toBeNull();

    const count = { kind: 'stocktake', workstation: 'T1', businessDate: today, document: 'ST-1' };
    const undo = { ...common(0), document: 'U1', reverses: count };
    expect(await shop.post('reversals', undo, 'undo')).toBe('201');
    expect((await shop.window.stock.explain({ sku: 'A' }))?.onHand).toBe(7_000);
    expect(await shop.post('reversals', undo, 'undo')).toBe('201');
    expect(await shop.post('reversals', { ...undo, document: 'U2' })).toBe('409 taken-back');
    const goods = `S001|T1|${today}|D1|goods-received`;
    expect(await shop.post('reversals', { ...undo, document: 'U3', reverses: goods })).toBe('201');
    expect((await shop.window.stock.explain({ sku: 'A' }))?.onHand).toBe(-3_000);
  });

  test('a whole store: what is not listed is zero, and a retry means the same count', async () => {
    await shop.post('movements', {
      ...delivery('D1', 10),
      lines: ['A', 'B', 'C'].map((sku) => ({ sku, quantity: 10 })),
    });
    const whole = sheet('ST-1', [{ sku: 'B', counted: 9 }], { scope: 'store', occurred: at(1) });
    expect(await shop.post('stocktakes', whole, 'count')).toBe('201');
    const onHand = async (): Promise<(number | undefined)[]> =>
      Promise.all(['A', 'B', 'C'].map(async (sku) => (await shop.window.stock.explain({ sku }))?.onHand));
    expect(await onHand()).toEqual([0, 9_000, 0]);
    await shop.post('movements', delivery('D2', 4, 0));
    expect(await shop.post('stocktakes', whole, 'count')).toBe('201');
    expect(await onHand()).toEqual([4_000, 9_000, 0]);
  });

  test('a large sheet is kept whole, each part with its own number', async () => {
    const lines = Array.from({ length: 1_201 }, (_, index) => ({ sku: `N${index}`, counted: index }));
    expect(await shop.post('stocktakes', sheet('ST-1', lines), 'count')).toBe('201');
    expect(await shop.post('stocktakes', sheet('ST-1', lines, { occurred: at(299) }), 'count')).toBe('409 key-used');
    const rows = await shop.window.receipts.recent({ limit: 10 });
    expect(rows.map(({ number, lines: many }) => [number, many])).toEqual([
      ['ST-1/3', 201],
      ['ST-1/2', 500],
      ['ST-1', 500],
    ]);
    expect((await shop.window.stock.explain({ sku: 'N1200' }))?.onHand).toBe(1_200_000);
  });
});

test('a till is told what lacks during the day, and every difference once it said how its day went', async () => {
  for (const receipt of [1, 2, 4]) await shop.post('transactions', sale(receipt, 1));
  expect((await shop.snapshot()).tillChecks).toEqual([
    { workstation: 'T1', businessDate: today, closed: false, sentences: ['Till T1: 3 is missing.'] },
  ]);
  const report = { receipts: 4, sales: 10, currency: 'EUR', lastReceipt: '4' };
  expect(await shop.post('days', { ...common(0), document: 'Z1', ...report })).toBe('201');
  expect((await shop.snapshot()).tillChecks).toEqual([
    {
      ...{ workstation: 'T1', businessDate: today, closed: true },
      sentences: [
        'Till T1 says 4 receipts, 3 are here: 3 is missing.',
        'Till T1 says sales of 10.00 EUR, 7.50 EUR are here: 2.50 EUR less.',
      ],
    },
  ]);
  await shop.post('transactions', sale(3, 1));
  expect((await shop.snapshot()).tillChecks).toEqual([]);
});
