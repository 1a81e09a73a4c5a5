// Head office's figures on a PC that has no book of its own yet: fetched, broken off, gone on with, shown, and dropped.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CentralDeclined, CentralSilent, type DeviceClient } from '../../../main/device-client.ts';
import { fetchPositions } from '../../../main/positions/fetch.ts';
import { positionsFile } from '../../../main/positions/files.ts';
import { type PositionsKeeper, startPositions } from '../../../main/positions/keeper.ts';
import { pastState } from '../../../main/positions/past-state.ts';
import { cutName, type Position, type PositionsCut, signPositions } from '../../../protocol/device/positions.ts';
import type { StockQuery } from '../../../protocol/local/rooms/stock.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';
import { temporaryFolder } from '../../temporary.ts';
import { eventually } from '../../wait.ts';

const signer = openSigner(makePrivateKeyPem());
const centralKey = signer.publicKey;
const CUT = { epoch: 2, seq: 10, dseq: 3 };
const AT_MS = 1_700_000_000_000;
const ROWS: Position[] = [
  ['A1', 5_000, 0, 0, 1],
  ['B2', -2_000, 1_000, 0, 0],
  ['C3', 1_000, 0, 2_000, 1],
  ['D4', 9_000, 0, 0, 1],
  ['E5', 3_000, 0, 0, 1],
];

/** Two shelves a page. */
function headOffice(rows = ROWS) {
  const asked: string[] = [];
  const office = {
    asked,
    cut: CUT as PositionsCut,
    store: 'S001',
    signer,
    /** Answers from then on fail. */
    breaksAt: Number.POSITIVE_INFINITY,
    get: (async (_path, query) => {
      const { after, cut } = query as { after?: string; cut?: string };
      asked.push(`${after ?? ''}@${cut ?? ''}`);
      if (asked.length >= office.breaksAt) throw new CentralSilent('the line is gone');
      if (cut !== undefined && cut !== cutName(office.cut)) throw new CentralDeclined(404, 'cut: begin anew');
      const from = after === undefined ? 0 : rows.findIndex(([sku]) => sku === after) + 1;
      const page = rows.slice(from, from + 2);
      return signPositions(
        {
          ...{ kind: 'tillwire positions', v: 1, store: office.store, cut: office.cut, atMs: AT_MS },
          ...{ total: rows.length, after: after ?? null, rows: page, isLast: from + 2 >= rows.length },
        },
        office.signer,
      );
    }) as DeviceClient['get'],
  };
  return office;
}

function fetching(folder: string, client: Pick<DeviceClient, 'get'>) {
  const file = positionsFile(folder);
  const seen: number[] = [];
  const signal = new AbortController().signal;
  const onProgress = (done: number): void => void seen.push(done);
  return { seen, run: () => fetchPositions({ client, centralKey, store: 'S001', file, signal, onProgress }) };
}

test('pages come in order, and one that was broken off goes on where it was', async () => {
  const folder = temporaryFolder();
  const office = headOffice();
  office.breaksAt = 2;
  await expect(fetching(folder, office).run()).rejects.toThrow('the line is gone');
  // A kill in the middle of a line.
  appendFileSync(join(folder, 'positions.jsonl'), '{"statement":"{');
  office.breaksAt = Number.POSITIVE_INFINITY;
  const again = fetching(folder, office);
  const pages = await again.run();
  expect(pages.flatMap(({ rows }) => rows)).toEqual(ROWS);
  expect(office.asked).toEqual(['@', 'B2@2:10:3', 'B2@2:10:3', 'D4@2:10:3']);
  expect(again.seen).toEqual([2, 4, 5]);
  expect(readFileSync(join(folder, 'positions.jsonl'), 'utf8').trim().split('\n')).toHaveLength(3);
});

test('where head office has moved on, all of it comes anew', async () => {
  const folder = temporaryFolder();
  const office = headOffice();
  office.breaksAt = 2;
  await expect(fetching(folder, office).run()).rejects.toThrow();
  office.breaksAt = Number.POSITIVE_INFINITY;
  office.cut = { ...CUT, seq: 11 };
  const pages = await fetching(folder, office).run();
  expect(pages.map(({ cut, rows }) => [cut.seq, rows.length])).toEqual([
    [11, 2],
    [11, 2],
    [11, 1],
  ]);
});

test.each([
  ['another store', { store: 'S002' }],
  ['another key', { signer: openSigner(makePrivateKeyPem()) }],
])('a page of %s is not taken, and nothing of it is kept', async (_, wrong) => {
  const folder = temporaryFolder();
  const office = Object.assign(headOffice(), wrong);
  await expect(fetching(folder, office).run()).rejects.toThrow("not head office's word about this store");
  expect(existsSync(join(folder, 'positions.jsonl'))).toBe(false);
});

/** A store whose own book stands at `cut`. */
function store(folder: string, office: ReturnType<typeof headOffice>, epoch = 0) {
  const own = { at: { epoch, seq: 0 }, dseq: 0 };
  const names = new Map([
    ['A1', 'Green tea'],
    ['D4', 'Black tea'],
  ]);
  let looks = 0;
  const storage = {
    async historyState() {
      looks++;
      return { cut: own, held: 0, confirmed: 0, total: 0, others: 0 };
    },
    articleNames: async (skus: string[]) => new Map([...names].filter(([sku]) => skus.includes(sku))),
  };
  const log = { info: () => {}, warn: () => {}, error: () => {}, fatal: () => {} };
  const open = (client: () => Pick<DeviceClient, 'get'> | null = () => office): PositionsKeeper => {
    const keeper = startPositions({
      ...{ folder, store: 'S001', storage, client, centralKey: () => centralKey, log },
      ...{ clock: { monotonicMs: () => 0 }, chance: () => 0, onChange: () => {} },
    });
    onTestFinished(keeper.close);
    return keeper;
  };
  return { own, open, looks: () => looks };
}

const ask = (more: Partial<StockQuery>): StockQuery => ({ text: '', order: 'sku', offset: 0, limit: 100, ...more });

test('shown until the own book has come as far, over a restart without a line; then they are gone', async () => {
  const folder = temporaryFolder();
  const office = headOffice();
  const { own, open } = store(folder, office);
  const first = open();
  await eventually(() => first.shelves() !== null, 'they are shown');
  await first.close();
  office.breaksAt = 0;
  const keeper = open();
  await eventually(() => keeper.shelves() !== null, 'they are shown again');
  const skus = async (query: Partial<StockQuery>) =>
    (await keeper.shelves()?.list(ask(query)))?.rows.map(({ sku }) => sku);
  expect(await keeper.shelves()?.list(ask({ offset: 1, limit: 1 }))).toEqual({
    total: 5,
    rows: [
      {
        ...{ sku: 'B2', name: null, gtin: null, onHand: -2_000, reserved: 1_000, damaged: 0, known: false },
        ...{ soFar: false, coming: 0, unlisted: false },
      },
    ],
    asOfMs: AT_MS,
  });
  expect(await skus({ text: 'TEA' })).toEqual(['A1', 'D4']);
  expect(await skus({ text: 'black d' })).toEqual(['D4']);
  expect(await skus({ order: 'name' })).toEqual(['D4', 'A1', 'B2', 'C3', 'E5']);
  expect(await skus({ order: 'least' })).toEqual(['C3', 'E5', 'A1', 'D4', 'B2']);
  expect(await skus({ order: 'most' })).toEqual(['D4', 'A1', 'E5', 'C3', 'B2']);
  expect(await keeper.shelves()?.shelf('A1')).toMatchObject({
    row: { name: 'Green tea', onHand: 5_000 },
    asOfMs: AT_MS,
  });
  expect(await keeper.shelves()?.shelf('nothing')).toBeNull();
  Object.assign(own, { at: { epoch: 2, seq: 10 }, dseq: 2 });
  expect(keeper.shelves()).not.toBeNull();
  own.dseq = 3;
  await eventually(() => keeper.shelves() === null, 'the own book has come as far');
  expect(existsSync(join(folder, 'positions.jsonl'))).toBe(false);
});

test('a PC with a book of its own asks for nothing; one that is not enrolled waits until it is', async () => {
  const office = headOffice();
  const old = store(temporaryFolder(), office, 1);
  old.open();
  await eventually(() => old.looks() > 0, 'it has looked');
  // What it would ask it asks in the same turn.
  await new Promise(setImmediate);
  expect({ asked: office.asked, looks: old.looks() }).toEqual({ asked: [], looks: 1 });
  let client: Pick<DeviceClient, 'get'> | null = null;
  const keeper = store(temporaryFolder(), office).open(() => client);
  client = office;
  await eventually(() => keeper.shelves() !== null, 'they are shown');
  expect(keeper.fetching()).toBeNull();
});

test('a store without a past shows its own book from the start', async () => {
  const folder = temporaryFolder();
  const office = headOffice([]);
  office.cut = { epoch: 0, seq: 0, dseq: 0 };
  const keeper = store(folder, office).open();
  await eventually(() => office.asked.length > 0 && !existsSync(join(folder, 'positions.jsonl')), 'it was asked');
  await keeper.close();
  expect(keeper.shelves()).toBeNull();
});

test('the window is told of one thing after the other, and of nothing where little is missing', () => {
  const state = { held: 40_000, confirmed: 0, total: 100_000, others: 100_000 };
  const fetching = { done: 2_000, total: 20_000 };
  expect(pastState(state, { fetching: () => fetching })).toEqual({ phase: 'stock', ...fetching });
  const none = { fetching: () => null };
  expect(pastState(state, none)).toEqual({ phase: 'entries', done: 40_000, total: 100_000 });
  const held = { ...state, held: 100_000 };
  expect(pastState({ ...held, confirmed: 7 }, none)).toEqual({ phase: 'book', done: 7, total: 100_000 });
  expect(pastState({ ...held, confirmed: 100_000 }, none)).toBeNull();
  expect(pastState({ ...state, others: 5 }, undefined)).toBeNull();
});
