// What the ledger must hold on any database after facts good and bad.
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { findImbalances } from '../../central/conservation.ts';
import { takeHello } from '../../central/hello.ts';
import { findReceipt, listDeadLetters, listPostings, listStock, listStores } from '../../central/queries.ts';
import { isSignedBy, isStatementSignedBy } from '../../protocol/wire/signing.ts';
import { type Item, makeDevice, movement, sale } from './device.ts';
import type { Rig } from './rig.ts';

export function describeLedger(rig: Rig): void {
  describe('what the ledger holds', () => {
    test('a delivery and sales are posted, and the mark proves it with the same chain', async () => {
      const device = makeDevice('HAPPY');
      device.capture(movement('goods-received', 'D1', [['tea', 20_000]]));
      device.capture(
        sale('R1', [
          ['tea', 3_000],
          ['mug', 1_000],
        ]),
      );
      device.capture(sale('R2', [['tea', -1_000]]));
      const hello = await takeHello(rig.intake, device.hello());
      expect(hello).toMatchObject({ kind: 'welcome', epoch: null, seq: 0, chain: null, codec: 'zstd' });
      const mark = await rig.send(device, 1, 3);
      expect(mark).toMatchObject({ kind: 'mark', seq: 3, chain: device.chainAt(3), epoch: device.epoch, dseq: 0 });
      expect(isSignedBy(mark, rig.intake.signer.publicKey)).toBe(true);
      expect(await listStock(rig.db, { store: 'HAPPY', limit: 10 })).toMatchObject([
        { sku: 'mug', onHand: -1_000, uncounted: true },
        { sku: 'tea', onHand: 18_000, supplier: -20_000, customer: 2_000, uncounted: false },
      ]);
      expect(await takeHello(rig.intake, device.hello())).toMatchObject({ seq: 3, chain: device.chainAt(3) });
      const [store] = await listStores(rig.db, { after: 'HAPPX', limit: 1 }, 5_000, () => true);
      expect(store).toMatchObject({ store: 'HAPPY', epoch: 1, seq: 3, entries: 3, deadLetters: 0, online: true });
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

    test('the bytes and the signature are kept as evidence', async () => {
      const device = makeDevice('EVIDENCE');
      for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
      await rig.send(device, 1, 2);
      const entries = await rig.db
        .selectFrom('entry')
        .selectAll()
        .where('store', '=', 'EVIDENCE')
        .orderBy('seq')
        .execute();
      expect(entries.map(({ bytes }) => bytes.toString('utf8'))).toEqual(device.entries);
      const kept = await rig.db.selectFrom('batch_evidence').selectAll().where('store', '=', 'EVIDENCE').execute();
      expect(kept).toMatchObject([{ first: 1, last: entries[0]?.batch_last, key_id: device.signer.keyId }]);
      expect(kept.map((it) => isStatementSignedBy(it.statement, it.signature, device.signer.publicKey))).toEqual([
        true,
      ]);
    });

    test('a poisonous fact uses up its number and the others flow', async () => {
      const device = makeDevice('POISON');
      device.capture(sale('1', [['tea', 1_000]]));
      device.entries.push('{"v":99}', 'no JSON \u0000 at all');
      device.capture(sale('2', [['tea', 1_000]]), { store: 'OTHER' });
      device.capture(sale('3', [['tea', 1_000]]), { key: 'POISON|T1|2026-11-21|1|sale' });
      device.capture(sale('4', [['tea', 1_000]]));
      expect(await rig.send(device, 1, 6)).toMatchObject({ kind: 'mark', seq: 6, chain: device.chainAt(6) });
      expect(await rig.outcomes('POISON')).toEqual(['posted', 'refused', 'refused', 'refused', 'refused', 'posted']);
      expect(await rig.shelf('POISON', 'tea')).toBe(-2_000);
      const letters = await listDeadLetters(rig.db, { store: 'POISON', limit: 10 });
      expect(letters.map(({ seq, reason, owner }) => [seq, reason, owner])).toEqual(
        [2, 3, 4, 5].map((seq) => [seq, 'unreadable', 'it']),
      );
      const page = { store: 'POISON', afterStore: 'POISON', afterEpoch: 1, afterSeq: 3, limit: 1 };
      expect(await listDeadLetters(rig.db, page)).toMatchObject([{ seq: 4 }]);
      const kept = await rig.db
        .selectFrom('entry')
        .select('bytes')
        .where('store', '=', 'POISON')
        .where('seq', '=', 3)
        .executeTakeFirst();
      expect(kept?.bytes.toString('utf8')).toBe('no JSON \u0000 at all');
    });

    test('a fact that only the database refuses is set aside alone (F49)', async () => {
      await sql`create function refuse_poison() returns trigger language plpgsql as
      $$ begin raise check_violation using message = 'poison'; end $$`.execute(rig.db);
      await sql`create trigger poison before insert on posting for each row when (new.sku = 'poison')
      execute function refuse_poison()`.execute(rig.db);
      const device = makeDevice('TRIGGER');
      for (let n = 1; n <= 9; n++) device.capture(sale(`${n}`, [[n === 4 || n === 9 ? 'poison' : 'tea', 1_000]]));
      expect(await rig.send(device, 1, 9)).toMatchObject({ kind: 'mark', seq: 9, chain: device.chainAt(9) });
      expect(await rig.shelf('TRIGGER', 'tea')).toBe(-7_000);
      const letters = await listDeadLetters(rig.db, { store: 'TRIGGER', limit: 10 });
      expect(letters.map(({ seq }) => seq)).toEqual([4, 9]);
    });

    test('a quantity beyond what can be summed exactly is set aside, and counting goes on', async () => {
      const device = makeDevice('HUGE');
      const items = (count: number): Item[] => Array.from({ length: count }, () => ['tea', 1_000_000_000_000]);
      for (let n = 1; n <= 6; n++) device.capture(sale(`${n}`, items(1_800)));
      device.capture(sale('small', [['mug', 1_000]]));
      expect(await rig.send(device, 1, 7)).toMatchObject({ kind: 'mark', seq: 7 });
      expect(await rig.outcomes('HUGE')).toEqual([
        'posted',
        'posted',
        'posted',
        'posted',
        'refused',
        'refused',
        'posted',
      ]);
      expect(await findImbalances(rig.db, { store: 'HUGE', limit: 10 })).toEqual([]);
    });

    test('the same document twice is counted once; another body under its number is set aside', async () => {
      const device = makeDevice('TWICE');
      device.capture(sale('1', [['tea', 1_000]]));
      device.capture(sale('1', [['tea', 1_000]]), { feed: 'csv' });
      await rig.send(device, 1, 2);
      device.capture(sale('1', [['tea', 1_000]]), { seen: 3 });
      device.capture(sale('1', [['tea', 5_000]]));
      device.capture(sale('1', [['tea', 1_000]], { kind: 'return' }));
      await rig.send(device, 3, 5);
      expect(await rig.outcomes('TWICE')).toEqual(['posted', 'duplicate', 'duplicate', 'refused', 'posted']);
      expect(await rig.shelf('TWICE', 'tea')).toBe(0);
      expect(await listDeadLetters(rig.db, { store: 'TWICE', limit: 10 })).toMatchObject([
        { seq: 4, reason: 'other-body', owner: 'inventory-control' },
      ]);
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
