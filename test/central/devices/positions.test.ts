// The positions of a store in signed pages of one cut, also while the store moves on and central is started anew.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { openPositions } from '../../../central/devices/positions.ts';
import { sqlStreams } from '../../../central/sql/streams.ts';
import { POSITIONS_KEPT_MS, POSITIONS_PAGE_ROWS } from '../../../core/limits/positions.ts';
import { cutName, type PositionsPage, readPositions } from '../../../protocol/device/positions.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';

const signer = openSigner(makePrivateKeyPem());
const SKUS = POSITIONS_PAGE_ROWS + 500;
let database: CentralDatabase;
let nowMs = 1_000;

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  const { db } = database;
  await sqlStreams(db).ensure('S001', 1);
  const empty = { in_transit: 0, customer: 0, supplier: 0, shrink: 0, adjustment: 0, book: null, bucket: 0 };
  const shelves = Array.from({ length: SKUS }, (_, n) => ({
    ...{ store: 'S001', sku: `p${n}`, known: true, shelf: n, reserved: n % 2, damaged: 7, ...empty },
  }));
  const others = [
    { ...shelves[0], store: 'S001', sku: 'Ä', known: false, shelf: 0, reserved: 0, damaged: 0, ...empty },
    { ...shelves[0], store: 'S001', sku: 'Z', known: false, shelf: -3_000, reserved: 0, damaged: 0, ...empty },
    { ...shelves[0], store: 'S002', sku: 'p0', known: true, shelf: 1, reserved: 0, damaged: 0, ...empty },
  ];
  for (let from = 0; from < SKUS; from += 500) {
    await db
      .insertInto('position')
      .values(shelves.slice(from, from + 500))
      .execute();
  }
  await db.insertInto('position').values(others).execute();
  await moveTo(10);
}, 60_000);
afterAll(() => database.close());

const moveTo = (seq: number): Promise<unknown> =>
  database.db.updateTable('stream').set({ epoch: 2, seq, dseq: 4 }).where('store', '=', 'S001').execute();

const open = () => openPositions({ db: database.db, signer, wallMs: () => nowMs });
type Asks = ReturnType<typeof open>;

async function read(positions: Asks, before?: PositionsPage, store = 'S001'): Promise<PositionsPage> {
  const asked = before === undefined ? {} : { after: before.rows.at(-1)?.[0], cut: cutName(before.cut) };
  const page = readPositions(await positions({ store, ...asked }), signer.publicKey, store);
  if (page === null) throw new Error('not signed for this store');
  return page;
}

test('all shelves with something on them, once, by SKU, at the cut of the first page', async () => {
  const positions = open();
  const first = await read(positions);
  expect(first).toMatchObject({ cut: { epoch: 2, seq: 10, dseq: 4 }, after: null, total: SKUS + 1, isLast: false });
  await moveTo(11);
  const second = await read(positions, first);
  expect(second).toMatchObject({ cut: first.cut, after: first.rows.at(-1)?.[0], isLast: true });
  const rows = [...first.rows, ...second.rows];
  expect(rows).toHaveLength(SKUS + 1);
  const skus = rows.map(([sku]) => sku);
  expect(skus).toEqual([...skus].sort());
  expect(rows[0]).toEqual(['Z', -3_000, 0, 0, 0]);
  expect(rows.find(([sku]) => sku === 'p3')).toEqual(['p3', 4, 1, 7, 1]);
  await moveTo(10);
});

test('a central that was started anew goes on where nothing was posted since, and else says so', async () => {
  const first = await read(open());
  expect((await read(open(), first)).cut).toEqual(first.cut);
  await moveTo(12);
  await expect(read(open(), first)).rejects.toThrow('cut: this store has moved on since');
  await moveTo(10);
});

test('what nobody fetches any more is let go of', async () => {
  const positions = open();
  const first = await read(positions);
  await moveTo(13);
  nowMs += POSITIONS_KEPT_MS + 1;
  // What is read for anybody throws it out.
  const second = await read(positions);
  expect(second.cut.seq).toBe(13);
  await expect(read(positions, first)).rejects.toThrow('Begin anew');
  await moveTo(10);
});

test("a store that nothing was posted for has nothing; no page is another store's or another key's", async () => {
  const positions = open();
  expect(await read(positions, undefined, 'S009')).toMatchObject({
    ...{ cut: { epoch: 0, seq: 0, dseq: 0 }, total: 0, rows: [], isLast: true },
  });
  const signed = await positions({ store: 'S002' });
  expect(readPositions(signed, signer.publicKey, 'S002')?.rows).toEqual([['p0', 1, 0, 0, 1]]);
  expect(readPositions(signed, signer.publicKey, 'S001')).toBeNull();
  expect(readPositions(signed, openSigner(makePrivateKeyPem()).publicKey, 'S002')).toBeNull();
  const forged = { ...signed, statement: signed.statement.replace('"p0",1', '"p0",9') };
  expect(forged.statement).not.toBe(signed.statement);
  expect(readPositions(forged, signer.publicKey, 'S002')).toBeNull();
});
