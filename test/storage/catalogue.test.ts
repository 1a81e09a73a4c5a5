// Head office's products in a journal: names everywhere before what tills told, taken in by slices, and proposals.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeState, ProductState } from '../../protocol/catalogue.ts';
import { CatalogueDamaged } from '../../storage/catalogue/damage.ts';
import type { Journal } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { GIGABYTE, openTest, sale, testClock } from './shop.ts';

const LIFE = 'ab'.repeat(16);
const FILE = 'cd'.repeat(32);
const said = (value: AttributeState['value'], version = 1): AttributeState => ({ value, version });
const product = (sku: string, name: string | null, gtin?: string): ProductState => ({
  sku,
  attributes: { name: said(name), ...(gtin === undefined ? {} : { gtin: said(gtin) }) },
});
const put = (journal: Journal, ...products: ProductState[]) => journal.putProducts({ from: 'snapshot', products });
const changed = (journal: Journal, ...products: ProductState[]) => journal.putProducts({ from: 'delta', products });
const held = (version: number) => ({ life: LIFE, version, atMs: 5_000 });
const all = { text: '', order: 'name', offset: 0, limit: 50 } as const;

function whole(journal: Journal, version: number, ...products: ProductState[]): void {
  journal.beginCatalogue(FILE.replace('c', String(version)), products.length);
  put(journal, ...products);
  journal.sweepProducts('', 200);
  journal.endCatalogue(held(version), {});
}

const sold = (number: string, sku: string, description?: string, gtin?: string) =>
  sale(number, { lines: [{ sku, quantity: 1_000, description, gtin }] });

test('names are those of the catalogue, else what tills told; what it does not have is marked once there is one', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([sold('1', 'A', 'TEA GRN'), sold('2', 'B', 'Mug'), sold('3', 'C')]);
  const rows = () => journal.stockPage(all).rows.map(({ sku, name, unlisted }) => [sku, name, unlisted]);
  expect(rows()).toEqual([
    ['B', 'Mug', false],
    ['A', 'TEA GRN', false],
    ['C', null, false],
  ]);
  journal.beginCatalogue(FILE, 3);
  put(journal, product('A', 'Green tea 100g', '4006381333931'), product('C', null), product('N', 'Never sold here'));
  expect(journal.stockPage(all).rows.every(({ unlisted }) => !unlisted)).toBe(true);
  journal.endCatalogue(held(1), {});
  expect(rows()).toEqual([
    ['A', 'Green tea 100g', false],
    ['B', 'Mug', true],
    ['C', null, false],
  ]);
  expect(journal.articleNames(['A', 'B', 'C', 'N'])).toEqual(
    new Map([
      ['A', 'Green tea 100g'],
      ['B', 'Mug'],
      ['N', 'Never sold here'],
    ]),
  );
  expect(journal.countFigures(['A', 'N'])).toMatchObject([{ name: 'Green tea 100g' }, { name: 'Never sold here' }]);
  expect(journal.receiptLife({ epoch: 1, seq: 1 })?.lines).toMatchObject([
    { sku: 'A', name: 'Green tea 100g', description: 'TEA GRN' },
  ]);
  expect(journal.shelfCard('B')?.row).toMatchObject({ name: 'Mug', unlisted: true });
});

test('an article is found by what the catalogue says of it and by what tills told, also when it was never sold here', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([sold('1', 'A', 'TEA GRN', '96385074')]);
  whole(journal, 1, product('A', 'Green tea 100g', '4006381333931'), product('N', 'Crème brûlée', '4006300000024'));
  const tea = { sku: 'A', name: 'Green tea 100g', gtin: '4006381333931' };
  expect(journal.findArticles('green 100').rows).toEqual([tea]);
  expect(journal.findArticles('tea grn').rows).toEqual([tea]);
  expect(journal.findArticles('04006381333931').exact).toEqual(tea);
  expect(journal.findArticles('96385074').exact).toEqual(tea);
  expect(journal.findArticles('brulee').rows.map(({ sku }) => sku)).toEqual(['N']);
  expect(journal.findArticles('4006300000024').exact).toMatchObject({ sku: 'N' });
  const list = (text: string) => journal.stockPage({ ...all, text }).rows.map(({ sku }) => sku);
  expect([list('green'), list('grn'), list('brulee')]).toEqual([['A'], ['A'], []]);
});

test('a confirmed shelf is found by its name of the catalogue', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup([sold('1', 'A')]);
  const central = makeCentralBook();
  central.take(journal, 1);
  settle(journal, central.mark());
  workOff(journal);
  whole(journal, 1, product('A', 'Green tea 100g'));
  expect(journal.stockPage({ ...all, text: 'green tea' })).toMatchObject({
    total: 1,
    rows: [{ sku: 'A', soFar: false }],
  });
});

test('receipts are found by what head office calls what they sold, whenever it said so', () => {
  const journal = openTest(temporaryFolder());
  const found = (...terms: string[]) =>
    journal.search({ query: { terms }, limit: 10 }).rows.map(({ number }) => number);
  journal.appendGroup([sold('1', 'A', 'TEA GRN'), sold('2', 'B')]);
  whole(journal, 1, product('A', 'Organic leaves'), product('B', 'Blue mug'), product('C', 'Lamp'));
  journal.appendGroup([sold('3', 'C')]);
  while (journal.nameArticles(2)) expect(found('organ')).toEqual(['R1']);
  expect([found('organ'), found('mug', 'blue'), found('lamp'), found('tea')]).toEqual([['R1'], ['R2'], ['R3'], ['R1']]);
  expect(found('organic', 'grn')).toEqual(['R1']);
  expect(found('organic', 'blue')).toEqual([]);
});

test('a snapshot that was broken off goes on where it was; what it does not name is gone when it is whole', () => {
  const folder = temporaryFolder();
  const first = openTest(folder);
  whole(first, 1, product('A', 'Old'), product('B', 'Gone soon'));
  expect(first.beginCatalogue(FILE, 3)).toBe(0);
  put(first, product('A', 'New'), product('C', 'C'));
  first.close();
  const journal = openTest(folder);
  expect(journal.catalogueState()).toMatchObject({ held: held(1), applying: { sha256: FILE, done: 2, total: 3 } });
  expect(journal.beginCatalogue(FILE, 3)).toBe(2);
  put(journal, product('D', 'D'));
  for (let after: string | null = ''; after !== null; ) after = journal.sweepProducts(after, 2);
  journal.endCatalogue(held(2), {});
  expect(journal.catalogueState()).toMatchObject({ held: held(2), applying: null, products: 3 });
  expect([...journal.articleNames(['A', 'B', 'C', 'D']).values()]).toEqual(['New', 'C', 'D']);
  expect(journal.productValues('B')).toBeNull();
});

test('what changed is laid over what was there, and who decides is said', () => {
  const journal = openTest(temporaryFolder());
  const north = { kind: 'region', id: 'north' } as const;
  const store = { kind: 'store', id: 'S001' } as const;
  whole(journal, 1, product('A', 'Tea', '4006381333931'));
  changed(journal, {
    sku: 'A',
    attributes: { 'price/EUR': { ...said(499), owner: store }, name: said('Green tea', 2) },
  });
  changed(journal, product('B', 'Mug'));
  journal.endCatalogue(held(2), { name: north });
  expect(journal.productValues('A')).toEqual([
    { attribute: 'name', value: 'Green tea', version: 2, decides: north },
    { attribute: 'gtin', value: '4006381333931', version: 1, decides: { kind: 'head-office', id: 'head-office' } },
    { attribute: 'price/EUR', value: 499, version: 1, decides: store },
  ]);
  expect(journal.catalogueState().products).toBe(2);
  changed(journal, { sku: 'A', attributes: { gtin: said(null, 2), name: said('Tea again', 3) } });
  expect(journal.findArticles('A').exact).toEqual({ sku: 'A', name: 'Tea again', gtin: null });
});

test('the last snapshot counts, however many there were and wherever each was broken off', () => {
  const skus = fc.constantFrom('A', 'B', 'C', 'D', 'E');
  const names = fc.constantFrom('one', 'two', 'three');
  const snapshot = fc.record({
    products: fc.uniqueArray(fc.tuple(skus, names), { selector: ([sku]) => sku }),
    brokenOff: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(snapshot, { minLength: 1, maxLength: 6 }), (snapshots) => {
      const journal = openTest(temporaryFolder());
      const last = snapshots.findLast(({ brokenOff }) => !brokenOff);
      for (const [index, { products, brokenOff }] of snapshots.entries()) {
        const sorted = products.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([sku, name]) => product(sku, name));
        journal.beginCatalogue(`${index}`, sorted.length);
        put(journal, ...(brokenOff ? sorted.slice(0, 2) : sorted));
        if (brokenOff) continue;
        for (let after: string | null = ''; after !== null; ) after = journal.sweepProducts(after, 2);
        journal.endCatalogue(held(index + 1), {});
        const names = journal.articleNames(['A', 'B', 'C', 'D', 'E']);
        expect(names).toEqual(new Map(products));
        expect(journal.catalogueState().products).toBe(names.size);
      }
      expect(journal.catalogueState().held !== null).toBe(last !== undefined);
    }),
    { numRuns: 20 },
  );
});

test('a disk with room for sales only takes no products', () => {
  let free = 10 * GIGABYTE;
  const journal = openTest(temporaryFolder(), { freeBytes: () => free });
  journal.beginCatalogue(FILE, 2);
  expect(put(journal, product('A', 'Tea'))).toBe(true);
  free = GIGABYTE / 8;
  expect(put(journal, product('B', 'Mug'))).toBe(false);
  expect(journal.appendGroup([sold('1', 'B')])[0]?.kind).toBe('captured');
  expect(journal.catalogueState()).toMatchObject({ held: null, products: 1, applying: { done: 1 } });
});

test('what rots in the products hurts names only: sales go on, and whoever takes products in is told', () => {
  const folder = temporaryFolder();
  const products = Array.from({ length: 400 }, (_, index) => product(`S${1_000 + index}`, `Name ${index}`));
  const first = openTest(folder);
  whole(first, 1, ...products);
  first.close();
  const path = join(folder, 'journal.db');
  const db = new Database(path, { readonly: true });
  const roots = db
    .prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name IN ('product', 'product_attributes')")
    .pluck()
    .all();
  db.close();
  const bytes = readFileSync(path);
  for (const root of roots) bytes.fill(0xee, (root - 1) * 4_096, root * 4_096);
  writeFileSync(path, bytes);
  const journal = openTest(folder);
  expect(journal.appendGroup([sold('1', 'S1001', 'Till says')])[0]?.kind).toBe('captured');
  expect(journal.articleNames(['S1001', 'S1002'])).toEqual(new Map([['S1001', 'Till says']]));
  expect(journal.productValues('S1001')).toBeNull();
  expect(() => changed(journal, product('S1001', 'New'))).toThrow(CatalogueDamaged);
  expect(() => journal.sweepProducts('', 10)).toThrow(CatalogueDamaged);
  expect(() => journal.nameArticles(10)).toThrow(CatalogueDamaged);
  expect(journal.appendGroup([sold('2', 'S1001')])[0]?.kind).toBe('captured');
});

test('a proposal is kept once, until it was answered for long', () => {
  const clock = testClock();
  const journal = openTest(temporaryFolder(), { clock });
  const mine = { id: 'p-00000001', sku: 'A', attribute: 'name', value: 'Tea, green', basedOn: 2 };
  expect(journal.propose(mine)).toBe(true);
  expect(journal.propose({ ...mine, value: 'Other' })).toBe(true);
  expect(journal.openProposals()).toMatchObject([{ ...mine, outcome: null, sentence: null }]);
  expect(journal.tellProposals([{ id: mine.id, outcome: 'proposed', sentence: 'Proposed.' }])).toBe(1);
  expect(journal.openProposals()).toMatchObject([{ id: mine.id, outcome: 'proposed' }]);
  expect(journal.tellProposals([{ id: mine.id, outcome: 'accepted', sentence: 'Accepted.' }])).toBe(1);
  expect(journal.tellProposals([{ id: mine.id, outcome: 'proposed', sentence: 'Proposed.' }])).toBe(0);
  expect(journal.openProposals()).toEqual([]);
  expect(journal.proposalsOf('A')).toMatchObject([{ outcome: 'accepted', sentence: 'Accepted.' }]);
  clock.pass(91 * 86_400_000);
  journal.propose({ ...mine, id: 'p-00000002' });
  expect(journal.proposalsOf('A').map(({ id }) => id)).toEqual(['p-00000002']);
});
