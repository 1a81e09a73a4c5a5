// A broken PC is replaced: its history comes to the new one, with its mirror or without, and nothing it held is lost.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { centralClient } from '../../main/central-client.ts';
import { readKept } from '../../main/enrol/kept.ts';
import { reconcile } from '../../main/reconcile.ts';
import { StockRow } from '../../protocol/hq/contract.ts';
import { openReader } from '../../storage/reader.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { allSettled, type Computer, type EnrolRig, logged, makeEnrolRig, online } from './enrol-rig.ts';
import { openWindow } from './window-client.ts';

let rig: EnrolRig;
beforeAll(async () => {
  rig = await makeEnrolRig();
});
afterAll(() => rig?.stop());

const SALES = 3_000;
const SKUS = 2_500;

/** Deliveries and sales of many days; each article once received. */
async function fill(computer: Computer): Promise<void> {
  const when = { businessDate: '2026-10-01', occurred: '2026-10-01T09:00:00Z' };
  const skus = Array.from({ length: SKUS }, (_, n) => `P${n}`);
  const deliveries = Array.from({ length: 5 }, (_, n) => {
    const lines = skus.slice(n * 500, (n + 1) * 500).map((sku) => ({ sku, quantity: 10 }));
    return { kind: 'goods-received', workstation: 'BACK', document: `D${n}`, ...when, lines };
  });
  const sales = Array.from({ length: SALES }, (_, n) => {
    const lines = [{ sku: `P${n % SKUS}`, quantity: 1 }];
    return { kind: 'sale', workstation: 'T1', receipt: `R${n}`, ...when, lines };
  });
  const path = join(rig.folder, 'past.jsonl');
  writeFileSync(path, [...deliveries, ...sales].map((one) => JSON.stringify(one)).join('\n'));
  const said = await tillwire('import', '--data', computer.folder, '--feed', 'jsonl', path);
  expect(said.code, said.err).toBe(0);
  await eventually(() => allSettled(computer), 'the past is at central', 60_000);
}

async function agree(computer: Computer): Promise<boolean> {
  const reader = openReader(computer.folder);
  try {
    return (await reconcile(reader, centralClient(rig.central.url), async () => {})).agree === true;
  } finally {
    reader.close();
  }
}

const untilAgreed = (computer: Computer): Promise<void> =>
  eventually(
    async () => (await allSettled(computer)) && (await agree(computer)),
    'the book is that of central',
    60_000,
  );

const onHand = async (store: string, sku: string): Promise<number> => {
  const [row] = await centralClient(rig.central.url).get('/stock', { store, sku }, StockRow.array());
  return (row?.onHand ?? 0) / 1_000;
};

const enrol = async (name: string, store: string, replace: boolean): Promise<Computer> =>
  rig.start({ name, enrol: await rig.token(store, { replace }), central: rig.central.url });

const notices = async (computer: Computer): Promise<string[]> =>
  (await computer.status()).notices.map(({ code, message }) => `${code}: ${message}`);

/** Captures that only its own disk has: it said so once, and broke before they went out. */
async function holdBack(computer: Computer, name: string, ...receipts: number[]): Promise<Computer> {
  const paused = await tillwire('pause', '--data', computer.folder, '--reason', 'line check', '--by', 'IT');
  expect(paused.code, paused.err).toBe(0);
  for (const receipt of receipts) expect(await computer.sell(receipt)).toBe(201);
  await computer.stop();
  const again = await rig.start({ name });
  await eventually(() => online(again).then((is) => is || isPaused(again)), 'it has said what it holds');
  return again;
}

const said = (words: string): boolean => logged.some((line) => line.includes(words));

const isPaused = async (computer: Computer): Promise<boolean> => (await computer.status()).line === 'paused';

test("without its mirror: the new PC sells at once, shows head office's stock, then its own book; the old one is refused", async () => {
  const old = await enrol('S001-old', 'S001', false);
  await fill(old);
  await untilAgreed(old);
  await old.stop();
  await expect(rig.token('S001')).rejects.toThrow();

  const young = await enrol('S001-new', 'S001', true);
  expect(await young.sell(9_001)).toBe(201);
  const window = await openWindow(young);
  const seen = new Set<number>();
  await eventually(
    async () => {
      const page = await window.client.stock.list({ text: 'p2499', order: 'sku', offset: 0, limit: 10 });
      if (page.asOfMs !== undefined) for (const { onHand } of page.rows) seen.add(onHand);
      return said('own book has caught up');
    },
    "head office's figures are shown, until the own book has caught up",
    60_000,
  );
  // How long they are shown is nobody's promise, and a busy machine may look too late.
  expect(said('stock as head office has it is shown')).toBe(true);
  expect([...seen].filter((figure) => figure !== 9_000)).toEqual([]);
  expect(await notices(young)).toContainEqual(expect.stringMatching(/^new-epoch: This computer, or its disk, is new/));
  await untilAgreed(young);
  expect((await young.status()).past ?? null).toBeNull();
  const own = await window.client.stock.list({ text: '', order: 'least', offset: 0, limit: 1 });
  expect(own).toMatchObject({ total: SKUS + 1, rows: [{ sku: 'P0', onHand: 8_000, soFar: false }] });
  window.close();
  expect(await onHand('S001', 'P0')).toBe(8);
  expect(await onHand('S001', 'A')).toBe(-1);

  // The old PC was mended after all.
  const back = await rig.start({ name: 'S001-old' });
  await eventually(
    async () => (await notices(back)).some((told) => /another computer took the place/i.test(told)),
    'the old one is told that it was replaced',
  );
  expect(await back.sell(9_002)).toBe(201);
  const rest = /^access-taken-back: .*Receipts and documents here that head office does not have: 1\. To bring them in/;
  expect(await notices(back)).toContainEqual(expect.stringMatching(rest));
  expect((await rig.devices('S001')).map(({ state }) => state).sort()).toEqual(['active', 'replaced']);
  // Nothing of it reached central; the new one goes on.
  expect(await young.sell(9_003)).toBe(201);
  await untilAgreed(young);
  expect(await onHand('S001', 'A')).toBe(-2);
  await back.stop();

  // What it sold meanwhile is brought in by letting it speak once more.
  await young.stop();
  const again = await enrol('S001-old', 'S001', true);
  await untilAgreed(again);
  await again.stop();
  const last = await enrol('S001-new', 'S001', true);
  await untilAgreed(last);
  expect(await onHand('S001', 'A')).toBe(-3);
  await last.stop();
}, 240_000);

test('with its mirror: what only the old disk had is named when it is replaced, and comes in', async () => {
  const old = await enrol('S002-old', 'S002', false);
  expect(await old.sell(1)).toBe(201);
  await eventually(() => allSettled(old), 'one sale is at central');
  const held = await holdBack(old, 'S002-old', 2, 3, 4);
  await held.stop();

  const folder = join(rig.folder, 'S002-new');
  cpSync(join(rig.folder, 'S002-old', 'mirror'), join(folder, 'mirror'), { recursive: true });
  const young = await enrol('S002-new', 'S002', true);
  expect(young.said.join('\n')).toMatch(
    /holds 3 receipts and documents that head office does not have.*mirror folder/s,
  );
  expect(readKept(young.folder)?.credentials.device).not.toBe(readKept(held.folder)?.credentials.device);
  expect(await young.sell(5)).toBe(201);
  await untilAgreed(young);
  expect(await onHand('S002', 'A')).toBe(-5);
  expect(await notices(young)).toContainEqual(expect.stringMatching(/^restored-from-mirror: /));
  expect(readFileSync(join(folder, 'identity.json'), 'utf8')).toContain('S002');
  await young.stop();
}, 120_000);

test('a cloned identity: one of the two is fenced and says so, both sell, and nothing is lost', async () => {
  const first = await enrol('S003', 'S003', false);
  expect(await first.sell(1)).toBe(201);
  await eventually(() => allSettled(first), 'one sale is at central');
  await first.stop();
  cpSync(first.folder, join(rig.folder, 'S003-clone'), { recursive: true });
  const pair = [await rig.start({ name: 'S003' }), await rig.start({ name: 'S003-clone' })];
  const isFenced = async (one: Computer): Promise<boolean> =>
    (await notices(one)).some((told) => /^held: Another computer/.test(told));
  const standings = async (): Promise<boolean[]> => Promise.all(pair.map(isFenced));
  await eventually(async () => (await standings()).includes(true), 'one of them is fenced', 60_000);
  const [fenced, other] = (await standings())[0] === true ? pair : pair.toReversed();
  if (fenced === undefined || other === undefined) throw new Error('two of them');
  expect(await other.sell(2)).toBe(201);
  await eventually(() => allSettled(other), 'the other one goes on', 60_000);
  expect(await fenced.sell(3)).toBe(201);
  expect(await allSettled(fenced)).toBe(false);
  expect(await standings()).toEqual(pair.map((one) => one === fenced));
  expect(await onHand('S003', 'A')).toBe(-2);
  // A person stops the wrong one and starts the right one: it brings what it held.
  await other.stop();
  await fenced.stop();
  const last = await rig.start({ name: fenced.folder.endsWith('-clone') ? 'S003-clone' : 'S003' });
  await untilAgreed(last);
  expect(await onHand('S003', 'A')).toBe(-3);
  await last.stop();
}, 180_000);
