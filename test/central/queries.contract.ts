// What people ask, on any SQL database: stock, stores, receipts, postings, dead letters, conservation.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { findImbalances } from '../../central/conservation.ts';
import { findReceipt, listDeadLetters, listPostings, listStock, listStores } from '../../central/queries.ts';
import { makeDevice, movement, sale } from './device.ts';
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
      expect(await listDeadLetters(rig.db, page)).toMatchObject([{ seq: 3, reason: 'unreadable', owner: 'it' }]);
    });

    test('the ledger cannot be changed', async () => {
      const device = makeDevice('FOREVER');
      device.capture(sale('1', [['tea', 1_000]]));
      await rig.send(device, 1, 1);
      for (const table of ['entry', 'posting', 'fact_key', 'batch_evidence']) {
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
