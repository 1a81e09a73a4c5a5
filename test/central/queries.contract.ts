// What people ask, on any SQL database: stock, stores, receipts, postings, dead letters, conservation.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { findImbalances } from '../../central/conservation.ts';
import { explainShelf } from '../../central/explain.ts';
import {
  findReceipt,
  listDeadLetters,
  listDirectives,
  listEntries,
  listPostings,
  listStock,
  listStores,
} from '../../central/queries.ts';
import { refold, startOf } from '../../central/refold.ts';
import { readHistory } from '../../central/shelf-history.ts';
import { loadEffects } from '../../central/sql/postings.ts';
import { makeDevice, movement, sale } from './device.ts';
import { at, count } from './law.contract.ts';
import type { SqlRig } from './sql-rig.ts';

export function describeQueries(rig: SqlRig): void {
  describe('what people ask', () => {
    test('stock is told with and without a count, a store with where it stands', async () => {
      const device = makeDevice('STOCK');
      device.capture(movement('goods-received', 'D1', [['tea', 20_000]]));
      device.capture(sale('R1', [['mug', 1_000]]));
      device.capture(sale('R2', [['tea', 2_000]]));
      await rig.send(device, 1, 3);
      expect(await listStock(rig.db, { store: 'STOCK', limit: 10 })).toMatchObject([
        { sku: 'mug', onHand: -1_000, uncounted: true },
        { sku: 'tea', onHand: 18_000, supplier: -20_000, customer: 2_000, uncounted: false },
      ]);
      const [store] = await listStores(rig.db, { after: 'STOCJ', limit: 1 }, 5_000, () => true);
      expect(store).toMatchObject({ store: 'STOCK', epoch: 1, seq: 3, entries: 3, deadLetters: 0, online: true });
    });

    test('what a store holds so far of goods that central never posted is stock too, marked so', async () => {
      const device = makeDevice('SOFAR2');
      device.capture(sale('R1', [['mug', 1_000]]));
      await rig.send(device, 1, 1);
      const said = [
        { sku: 'bowl', onHand: 4_000, reserved: 1_000 },
        { sku: 'mug', onHand: -2_000, reserved: 0 },
        { sku: 'tea', onHand: 3_000, reserved: 0 },
      ];
      const keep = (seq: number) =>
        rig.intake.ledger.transaction((tx) =>
          tx.provisional.keep('SOFAR2', { tip: { epoch: 1, seq }, atMs: 9, shelves: said }),
        );
      await keep(5);
      const store = 'SOFAR2';
      const stock = await listStock(rig.db, { store, limit: 10 });
      expect(stock).toMatchObject([
        { store, sku: 'bowl', onHand: 0, shelf: 0, uncounted: true, newest: null, couldBe: null },
        { store, sku: 'mug', onHand: -1_000, uncounted: true },
        { store, sku: 'tea', onHand: 0, uncounted: true },
      ]);
      expect(stock.map(({ provisional }) => provisional)).toEqual([
        { onHand: 4_000, reserved: 1_000, atMs: 9 },
        { onHand: -2_000, reserved: 0, atMs: 9 },
        { onHand: 3_000, reserved: 0, atMs: 9 },
      ]);
      const skus = async (page: Parameters<typeof listStock>[1]) =>
        (await listStock(rig.db, page)).map(({ sku }) => sku);
      expect(await skus({ store, limit: 1 })).toEqual(['bowl']);
      expect(await skus({ store, afterStore: store, afterSku: 'bowl', limit: 1 })).toEqual(['mug']);
      expect(await skus({ store, afterStore: store, afterSku: 'mug', limit: 2 })).toEqual(['tea']);
      expect(await skus({ store, sku: 'tea', limit: 2 })).toEqual(['tea']);
      await keep(1);
      expect(await skus({ store, limit: 10 }), 'a figure of what is posted by now is none').toEqual(['mug']);
    });

    test('a receipt is found by its number with the fact as captured', async () => {
      const device = makeDevice('LIFE');
      device.capture(sale('0042 é "x" \\', [['tea', 1_000]]));
      await rig.send(device, 1, 1);
      const [row] = await findReceipt(rig.db, 'LIFE', '0042 é "x" \\');
      expect(row).toMatchObject({ seq: 1, chain: device.chainAt(1), sentence: 'Posted to stock.', recordedMs: 1_000 });
      expect(row?.fact).toEqual(JSON.parse(device.entries[0] ?? ''));
      const { rows, next } = await listPostings(rig.db, { store: 'LIFE', sku: 'tea', after: 0, limit: 1 });
      expect(rows).toMatchObject([{ seq: 1, line: 1, from: 'shelf', to: 'customer', quantity: 1_000, kind: 'sale' }]);
      expect(await listPostings(rig.db, { store: 'LIFE', sku: 'tea', after: next ?? 0, limit: 1 })).toEqual({
        rows: [],
        next: null,
      });
    });

    test('dead letters come by pages', async () => {
      const device = makeDevice('LETTERS');
      device.entries.push('one', 'two', 'three');
      await rig.send(device, 1, 3);
      const page = { store: 'LETTERS', afterStore: 'LETTERS', afterEpoch: 1, afterSeq: 2, limit: 1 };
      expect(await listDeadLetters(rig.db, page)).toMatchObject([
        { seq: 3, reason: 'unreadable', owner: 'inventory-control' },
      ]);
    });

    test('a fact that was let in again tells what became of it then, and is no dead letter any more', async () => {
      const device = makeDevice('LETIN');
      device.capture(movement('goods-received', 'D1', [['tea', 5_000]]));
      await rig.send(device, 1, 1);
      await rig.decide('LETIN', { kind: 'opening', sku: 'tea', target: 7_500_000_000_000_000 });
      device.capture(sale('R1', [['tea', 2_000]]));
      await rig.send(device, 2, 2);
      expect(await listDeadLetters(rig.db, { store: 'LETIN', limit: 9 })).toMatchObject([
        { seq: 2, kind: 'refused', reason: 'out-of-bounds', on: null, owner: 'inventory-control' },
      ]);
      await rig.decide('LETIN', { kind: 'opening', sku: 'tea', target: 5_000 });
      await rig.decide('LETIN', { kind: 'release', fact: { epoch: 1, seq: 2 } });
      expect(await listDeadLetters(rig.db, { store: 'LETIN', limit: 9 })).toEqual([]);
      expect(await listEntries(rig.db, { store: 'LETIN', epoch: 1, after: 1, limit: 9 })).toMatchObject([
        { seq: 2, outcome: 'posted', released: 4, lines: [], postings: [{ why: 'movement', quantity: 2_000 }] },
      ]);
      expect(await findReceipt(rig.db, 'LETIN', 'R1')).toMatchObject([
        { outcome: 'posted', sentence: 'Posted to stock.', postingDate: null },
      ]);
      const { rows } = await listPostings(rig.db, { store: 'LETIN', sku: 'tea', after: 0, limit: 9 });
      expect(rows.map(({ kind, number, dseq, why }) => [kind, number, dseq, why])).toEqual([
        ['goods-received', 'D1', 0, 'movement'],
        ['opening', 'd1', 1, 'correction'],
        ['opening', 'd3', 3, 'correction'],
        ['release', 'd4', 4, 'movement'],
      ]);
      const told = await listDirectives(rig.db, { store: 'LETIN', after: 1, limit: 9 });
      expect(told.map(({ dseq, kind, sentence, applied }) => [dseq, kind, sentence, applied])).toEqual([
        [2, 'refuse', 'Noted.', false],
        [3, 'opening', 'Posted to stock.', false],
        [4, 'release', 'Noted.', false],
      ]);
    });

    test('a shelf is explained: its history in order, the other reading, and without what is flagged', async () => {
      const device = makeDevice('WHY');
      device.capture(movement('goods-received', 'D1', [['tea', 10_000]]), at(1));
      device.capture(sale('R1', [['tea', 3_000]]), at(4, 4, 7_200_000));
      device.capture(count('C1', [['tea', 7_000]]), at(4));
      await rig.send(device, 1, 3);
      await rig.decide('WHY', { kind: 'correction', sku: 'tea', delta: -1_000 });
      device.capture(sale('R2', [['tea', 9_000]]), at(6));
      device.capture(sale('R2', [['tea', 9_000]]), { ...at(7), feed: 'csv' });
      await rig.send(device, 4, 5);
      const story = await explainShelf(rig.db, { store: 'WHY', sku: 'tea' });
      expect(story).toMatchObject({ onHand: -3_000, uncounted: false, isWhole: true });
      expect(story?.couldBe).toEqual({ low: -6_000, high: -3_000 });
      expect(story?.entries.map(({ entry, kind, outcome, onHand }) => [entry, kind, outcome, onHand])).toEqual([
        ['1:1', 'goods-received', 'posted', 10_000],
        ['1:2', 'sale', 'posted', 7_000],
        ['1:3', 'stocktake', 'posted', 7_000],
        ['d1', 'correction', 'posted', 6_000],
        ['1:4', 'sale', 'flagged', -3_000],
        ['1:5', 'sale', 'duplicate', -3_000],
      ]);
      expect(story?.entries[2]).toMatchObject({ other: 4_000, number: 'C1', moves: [] });
      expect(story?.readings).toMatchObject([
        { without: '1:3', onHand: -3_000 },
        { without: '1:4', onHand: 6_000, sentence: 'Without sale R2 the shelf would read 6.' },
      ]);
      expect(await explainShelf(rig.db, { store: 'WHY', sku: 'none' })).toBeNull();
      expect(await listStock(rig.db, { store: 'WHY', limit: 1 })).toMatchObject([
        { newest: 'WHY|DESK|2026-11-21|C1|stocktake', couldBe: { low: -6_000, high: -3_000 }, provisional: null },
      ]);
    });

    test('refolding a shelf from its newest count gives what the ledger holds, whatever came before', async () => {
      const device = makeDevice('REFOLD');
      device.capture(movement('goods-received', 'D1', [['tea', 10_000]]), at(1));
      device.capture(count('C1', [['tea', 9_000]]), at(2));
      device.capture(sale('R1', [['tea', 3_000]]), at(6));
      device.capture(count('C2', [['tea', 5_000]]), at(8, 4));
      device.capture(sale('R2', [['tea', 1_000]]), at(9, 3));
      device.capture(sale('R3', [['tea', 2_000]]), at(10));
      await rig.send(device, 1, 6);
      await rig.decide('REFOLD', { kind: 'reserve', reservation: 'W', sku: 'tea', quantity: 1_000 });
      const named = { store: 'REFOLD', sku: 'tea' };
      const { entries } = await readHistory(rig.db, { ...named, limit: 1_000 });
      const now = (await rig.shelves('REFOLD'))['tea'];
      if (now === undefined) throw new Error('no shelf');
      const wanted = { counted: new Set(['tea']), effectsSinceMs: 0 };
      const effects = (await loadEffects(rig.db, 'REFOLD', wanted)).get('tea') ?? [];
      const start = startOf(now, entries, effects);
      expect(start.entries.map(({ name }) => name)).toEqual(['1:4', '1:5', '1:6', 'd1']);
      expect(refold(named, start).places).toEqual(now.places);
      const behind = startOf({ ...now, newest: now.newest && { ...now.newest, undo: null } }, entries, effects);
      expect(behind.entries.map(({ name }) => name)).toEqual(['1:5', '1:6', 'd1']);
      expect(refold(named, behind).places).toEqual(now.places);
    });

    test('conservation names the entries whose postings are not what their bytes make of them', async () => {
      const device = makeDevice('FALSE');
      device.capture(movement('goods-received', 'D1', [['tea', 10_000]]), at(1));
      device.capture(sale('R1', [['tea', 3_000]]), at(2));
      device.capture(sale('R2', [['tea', 1_000]]), at(3));
      device.capture(sale('R3', [['tea', 1_000]]), at(4));
      await rig.send(device, 1, 4);
      await sql`alter table posting disable trigger append_only`.execute(rig.db);
      await sql`update posting set quantity = 5000 where store = 'FALSE' and seq = 2`.execute(rig.db);
      await sql`delete from posting where store = 'FALSE' and seq = 4`.execute(rig.db);
      await sql`alter table posting enable trigger append_only`.execute(rig.db);
      const found = await findImbalances(rig.db, { store: 'FALSE', limit: 10 });
      expect(found).toMatchObject([{ sku: 'tea', entries: ['1:2', '1:4'] }]);
      expect(found[0]?.message).toMatch(/Look at 1:2, 1:4\.$/);
      await rig.db.deleteFrom('position').where('store', '=', 'FALSE').execute();
      await sql`alter table posting disable trigger append_only`.execute(rig.db);
      await sql`delete from posting where store = 'FALSE'`.execute(rig.db);
      await sql`alter table posting enable trigger append_only`.execute(rig.db);
    });

    test('the ledger cannot be changed', async () => {
      const device = makeDevice('FOREVER');
      device.capture(sale('1', [['tea', 1_000]]));
      await rig.send(device, 1, 1);
      await rig.decide('FOREVER', { kind: 'opening', sku: 'tea', target: 1 });
      const law = ['directive', 'directive_outcome', 'outcome_change', 'taken'];
      for (const table of ['entry', 'posting', 'fact_key', 'batch_evidence', ...law]) {
        for (const change of [`update ${table} set store = store`, `delete from ${table}`, `truncate ${table}`]) {
          await expect(sql.raw(change).execute(rig.db)).rejects.toThrow('append-only');
        }
      }
    });

    test('conservation names positions that were tampered with', async () => {
      const device = makeDevice('TAMPER');
      device.capture(
        sale(
          '1',
          ['cup', 'jug', 'mug', 'pot', 'tea'].map((sku) => [sku, 1_000]),
        ),
      );
      await rig.send(device, 1, 1);
      expect(await findImbalances(rig.db, { limit: 10 })).toEqual([]);
      const tamper = (sku: string, places: { shelf?: number; customer?: number; damaged?: number }) =>
        rig.db.updateTable('position').set(places).where('store', '=', 'TAMPER').where('sku', '=', sku).execute();
      await tamper('jug', { shelf: -2_000, customer: 2_000 });
      await tamper('mug', { shelf: 5 });
      await rig.db.deleteFrom('position').where('store', '=', 'TAMPER').where('sku', '=', 'pot').execute();
      await rig.db
        .updateTable('position')
        .set({ sku: 'urn' })
        .where('store', '=', 'TAMPER')
        .where('sku', '=', 'tea')
        .execute();
      const found = await findImbalances(rig.db, { store: 'TAMPER', limit: 10 });
      expect(found.map(({ sku, message }) => [sku, message])).toEqual([
        ['jug', 'Position and ledger differ: shelf: position -2, ledger -1; customer: position 2, ledger 1.'],
        [
          'mug',
          'Position and ledger differ: shelf: position 0.005, ledger -1. Its places sum to 1.005 instead of zero.',
        ],
        ['pot', 'The ledger knows it, but it has no position.'],
        ['tea', 'The ledger knows it, but it has no position.'],
        ['urn', 'It has a position that no posting explains.'],
      ]);
      expect(await findImbalances(rig.db, { store: 'TAMPER', limit: 2 })).toHaveLength(2);
      await rig.db.updateTable('position').set({ store: 'GHOST' }).where('store', '=', 'TAMPER').execute();
      const all = await findImbalances(rig.db, { limit: 6 });
      expect(all.map((it) => `${it.store} ${it.sku}`)).toEqual([
        ...['GHOST cup', 'GHOST jug', 'GHOST mug', 'GHOST urn'],
        ...['TAMPER cup', 'TAMPER jug'],
      ]);
    });
  });
}
