// What the catalogue does on any database: the law, and stores that follow it by snapshot and deltas.
import { describe, expect, test } from 'vitest';
import { openSqlLedger } from '../../../central/sql/ledger.ts';
import { PRODUCT_ATTRIBUTES_MAX } from '../../../core/limits/catalogue.ts';
import type { StoreEntry } from '../../../protocol/device/catalogue.ts';
import { eventually } from '../../wait.ts';
import { download, follow, forgetLastVersion, heldByCentral, madeUp, type Rig, type Store } from './rig.ts';

const fresh = (): Store => ({ held: null, products: new Map() });
const edit = (id: string, attribute: string, value: string | number, basedOn: number): StoreEntry => ({
  ...{ kind: 'edit', id: `edit-${id}`, sku: 'P000000', attribute, value, basedOn },
});

function describeImports(rig: Rig): void {
  describe('products are brought in', () => {
    test('a look changes nothing; the same again changes nothing and makes no new version', async () => {
      const products = madeUp(5);
      expect(await rig.bring(products, true)).toMatchObject({ version: 0, fresh: 5, changed: 0, same: 0 });
      expect(await rig.list()).toMatchObject({ version: 0, products: 0, rows: [] });
      expect(await rig.bring(products)).toMatchObject({ version: 1, fresh: 5 });
      expect(await rig.bring(products)).toMatchObject({ version: 1, fresh: 0, changed: 0, same: 5 });
      const [first] = products;
      if (first !== undefined) first.values['price/EUR'] = 999;
      expect(await rig.bring(products)).toMatchObject({ version: 2, changed: 1, same: 4 });
      expect((await rig.product('P000000'))?.['price/EUR']).toMatchObject({ value: 999, version: 2 });
      expect((await rig.product('P000000'))?.['name']).toMatchObject({ version: 1 });
    });

    test('what a file does not name stays; null takes a value away', async () => {
      await rig.bring([{ sku: 'A', values: { name: 'Tea', gtin: '4006381333931' } }]);
      await rig.bring([{ sku: 'A', values: { gtin: null } }]);
      const product = await rig.product('A');
      expect(product?.['name']).toMatchObject({ value: 'Tea', version: 1 });
      expect(product?.['gtin']).toMatchObject({ value: null, version: 2 });
    });

    test('what the catalogue cannot hold is told, and the rest is taken', async () => {
      const many = Object.fromEntries(Array.from({ length: PRODUCT_ATTRIBUTES_MAX }, (_, n) => [`colour-${n}`, 'red']));
      const answer = await rig.bring([
        { sku: 'A', values: { name: 'Tea', gtin: '4006381333930', 'price/EUR': -1 } },
        { sku: 'B', values: many },
      ]);
      expect(answer).toMatchObject({ fresh: 2 });
      expect(answer.refused.map(({ sentence }) => sentence)).toEqual([
        'Not changed: gtin of A: its last digit does not fit the others, so one of them is mistyped.',
        expect.stringContaining('price/EUR of A: a price is a whole number of minor units'),
      ]);
      expect((await rig.bring([{ sku: 'B', values: { name: 'Cup' } }])).refused).toMatchObject([{ sku: 'B' }]);
    });

    test('a value that a store owns is proposed to it, once, and stays rejected', async () => {
      await rig.bring(madeUp(1));
      await rig.own('price/EUR', 'S001');
      const [wanted] = madeUp(1);
      const file = [{ sku: 'P000000', values: { ...wanted?.values, 'price/EUR': 555 } }];
      expect(await rig.bring(file)).toMatchObject({ version: 2, proposed: 1, same: 1 });
      expect(await rig.bring(file)).toMatchObject({ version: 2, proposed: 1 });
      const waiting = await rig.waiting('S001');
      expect(waiting).toMatchObject([{ value: 555, now: 100, version: 1, by: { kind: 'head-office' } }]);
      expect(await rig.waiting('S002')).toEqual([]);
      const proposal = waiting[0]?.id ?? '';
      const [told] = await rig.send('S001', { kind: 'answer', id: 'answer-01', proposal, accept: false, basedOn: 1 });
      expect(told).toMatchObject({ entry: 'answer-01', outcome: 'rejected' });
      expect(await rig.bring(file)).toMatchObject({ version: 2, proposed: 0, rejected: 1 });
      expect(await rig.waiting('S001')).toEqual([]);
    });
  });
}

function describeEdits(rig: Rig): void {
  describe('edits of stores', () => {
    test('become proposals; accepted they come back to every store', async () => {
      await rig.bring(madeUp(3));
      const store = fresh();
      await follow(rig, store);
      const [told] = await rig.send('S001', edit('one', 'name', 'Tea, loose', 1));
      expect(told).toMatchObject({ entry: 'edit-one', outcome: 'proposed', version: 1 });
      expect((await rig.manifest()).version).toBe(1);
      const [proposal] = await rig.proposals();
      expect(proposal).toMatchObject({ sku: 'P000000', value: 'Tea, loose', now: 'Product number 0', version: 1 });
      expect(proposal?.by).toEqual({ kind: 'store', id: 'S001' });
      expect(await rig.answer(proposal?.id ?? '', true, 1)).toMatchObject({ outcome: 'accepted', version: 2 });
      expect(await rig.proposals()).toEqual([]);
      const all = await rig.outcomes('S001');
      expect(all.map(({ entry, outcome }) => `${entry} ${outcome}`)).toEqual([
        'edit-one proposed',
        'edit-one accepted',
      ]);
      expect(await rig.outcomes('S001', all[0]?.n)).toHaveLength(1);
      expect(await rig.outcomes('S002')).toEqual([]);
      expect(await follow(rig, store)).toBe('deltas');
      expect(store.products.get('P000000')?.['name']).toEqual({ value: 'Tea, loose', version: 2 });
    });

    test('the same edit again is the same one, and hears what became of it; another store has ids of its own', async () => {
      await rig.bring(madeUp(1));
      await rig.send('S001', edit('one', 'name', 'Tea', 1));
      await rig.send('S002', edit('one', 'name', 'Coffee', 1));
      expect(await rig.send('S001', edit('one', 'name', 'Something else', 1))).toMatchObject([{ outcome: 'proposed' }]);
      const proposals = await rig.proposals();
      expect(proposals.map(({ value }) => value)).toEqual(['Tea', 'Coffee']);
      await rig.answer(proposals[0]?.id ?? '', false, 1);
      expect(await rig.send('S001', edit('one', 'name', 'Tea', 1))).toMatchObject([{ outcome: 'rejected' }]);
      expect(await rig.send('S002', edit('one', 'name', 'Coffee', 1))).toMatchObject([{ outcome: 'proposed' }]);
    });

    test('of what a store owns are changes; an older look at it is stale; impossible ones are refused', async () => {
      await rig.bring(madeUp(1));
      await rig.own('price/EUR', 'S001');
      expect((await rig.manifest()).owners).toEqual({ 'price/EUR': { kind: 'store', id: 'S001' } });
      const told = await rig.send(
        'S001',
        edit('one', 'price/EUR', 250, 1),
        edit('two', 'price/EUR', 260, 1),
        edit('six', 'price/EUR', -5, 2),
      );
      expect(told.map(({ outcome }) => outcome)).toEqual(['applied', 'stale', 'refused']);
      expect((await rig.product('P000000'))?.['price/EUR']).toEqual({
        ...{ value: 250, version: 2, owner: { kind: 'store', id: 'S001' } },
      });
    });

    test('wait for whoever owns it when it is answered', async () => {
      await rig.bring(madeUp(1));
      await rig.send('S002', edit('one', 'name', 'Tea', 1));
      await rig.own('name', 'S001', 'P000000');
      expect(await rig.proposals()).toEqual([]);
      expect(await rig.proposals('anyone')).toMatchObject([{ owner: { kind: 'store', id: 'S001' } }]);
      expect(await rig.waiting('S001')).toMatchObject([{ value: 'Tea' }]);
      // One that all products have does not take away what this product names itself.
      await rig.own('name', 'S003');
      expect(await rig.waiting('S001')).toHaveLength(1);
      await rig.own('name', null, 'P000000');
      expect(await rig.proposals()).toHaveLength(1);
    });

    test('of a product that nobody knows make one when they are accepted', async () => {
      await rig.send('S001', edit('one', 'name', 'Tea', 0));
      expect(await rig.list()).toMatchObject({ version: 0, products: 0 });
      const [proposal] = await rig.proposals();
      await rig.answer(proposal?.id ?? '', true, 0);
      expect(await rig.list()).toMatchObject({ version: 1, products: 1, rows: [{ sku: 'P000000' }] });
    });
  });
}

function describeStores(rig: Rig): void {
  describe('stores follow', () => {
    test('the first one to ask gets the whole as one file, others what changed since', async () => {
      const early = fresh();
      const late = fresh();
      expect(await follow(rig, late)).toBe('nothing');
      await rig.bring(madeUp(300));
      expect(await follow(rig, early)).toBe('snapshot');
      for (let n = 0; n < 5; n++) await rig.set(`P00000${n}`, 'price/EUR', 1_000 + n, 1);
      expect(await follow(rig, early)).toBe('deltas');
      // What a small catalogue is in deltas is no more to fetch than its file.
      expect(await follow(rig, late)).toBe('deltas');
      const held = await heldByCentral(rig);
      expect(early.products).toEqual(held);
      expect(late.products).toEqual(held);
      expect(await follow(rig, late)).toBe('nothing');
    });

    test('who is far behind takes the whole; a new one is made when the deltas have grown large', async () => {
      await rig.bring(madeUp(400));
      const store = fresh();
      await follow(rig, store);
      const before = (await rig.manifest()).snapshot?.version;
      for (let round = 1; round <= 4; round++) {
        const changed = madeUp(400).map(({ sku, values }) => ({ sku, values: { ...values, name: `Round ${round}` } }));
        await rig.bring(changed);
      }
      // The first to ask begins it, and somebody who asks later gets it.
      // Many ask while it is made: none of them must make the old one stay.
      const isAnew = async (): Promise<boolean> => {
        const told = await Promise.all(Array.from({ length: 8 }, () => rig.manifest()));
        return told.every(({ snapshot }) => snapshot?.version !== before);
      };
      await eventually(isAnew, 'there is a new snapshot');
      const after = await rig.manifest();
      expect(after).toMatchObject({ version: 5, snapshot: { version: 5 } });
      expect(after.deltasFrom).toBeGreaterThan(1);
      expect(await follow(rig, store)).toBe('snapshot');
      expect(store.products).toEqual(await heldByCentral(rig));
    });

    test('a download goes on where it was cut; the file of before is still there', async () => {
      await rig.bring(madeUp(500));
      const { snapshot } = await rig.manifest();
      const { sha256 = '', bytes = 0 } = snapshot ?? {};
      const whole = await download(rig, sha256);
      expect(whole).toHaveLength(bytes);
      const half = Math.floor(bytes / 2);
      const rest = await download(rig, sha256, `bytes=${half}-`);
      expect(Buffer.concat([whole.subarray(0, half), rest]).equals(whole)).toBe(true);
      await expect(download(rig, sha256, `bytes=${bytes}-`)).rejects.toThrow('range');
      await expect(download(rig, 'f'.repeat(64))).rejects.toThrow('newer one');
    });

    test('after central was put back nothing that was held goes on', async () => {
      await rig.bring(madeUp(3));
      await rig.set('P000000', 'name', 'Lost', 1);
      const store = fresh();
      await follow(rig, store);
      const lost = await rig.manifest();
      await forgetLastVersion(rig.db);
      const was = 'a'.repeat(32);
      const life = { fresh: 'b'.repeat(32), was, lost: null, createdMs: 2 };
      await openSqlLedger(rig.db).transaction((tx) => tx.central.renew(life));
      const manifest = await rig.manifest();
      expect(manifest).toMatchObject({ life: 'b'.repeat(32), version: 1, deltasFrom: 1, snapshot: { version: 1 } });
      expect(manifest.atMs).toBeGreaterThan(lost.atMs);
      expect(await follow(rig, store)).toBe('snapshot');
      await rig.set('P000001', 'name', 'Green tea', 1);
      expect(await follow(rig, store)).toBe('deltas');
      expect(store.products).toEqual(await heldByCentral(rig));
    });
  });
}

function describeLists(rig: Rig): void {
  test('people find products by words of SKU, name and GTIN, page by page', async () => {
    await rig.bring([...madeUp(30), { sku: '50%_x', values: { name: 'Odd one' } }]);
    expect((await rig.list({ search: 'NUMBER p000012' })).rows.map(({ sku }) => sku)).toEqual(['P000012']);
    expect((await rig.list({ search: '%_' })).rows.map(({ sku }) => sku)).toEqual(['50%_x']);
    const page = await rig.list({ limit: 20 });
    expect(page).toMatchObject({ products: 31, next: 'P000018' });
    expect((await rig.list({ after: page.next ?? '' })).rows).toHaveLength(11);
  });
}

/** `rig` is empty before each test. */
export function describeCatalogue(rig: Rig): void {
  describeImports(rig);
  describeEdits(rig);
  describeStores(rig);
  describeLists(rig);
}
