// The stock list equals the fold, so far and confirmed; names are those told last, also after the journal is made again.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatQuantity } from '../../core/amounts.ts';
import type { Captured } from '../../core/captured.ts';
import { type Fact, factBytes } from '../../core/fact.ts';
import { StockPage, type StockQuery } from '../../protocol/local/rooms/stock.ts';
import { toldLines } from '../../storage/articles.ts';
import type { Journal } from '../../storage/journal.ts';
import { MIGRATIONS, migrate } from '../../storage/migrate.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { DAY, NOON_MS, openTest, sale } from './shop.ts';

const common = { workstation: 'T1', businessDate: DAY, occurred: new Date(NOON_MS - 60_000).toISOString() };
const ALL: StockQuery = { text: '', order: 'sku', offset: 0, limit: 200 };

let documents = 0;
const moved = (
  kind: 'goods-received' | 'adjustment' | 'transfer-sent' | 'transfer-received',
  lines: Line[],
): Captured => ({
  content: { kind, ...common, document: `D${++documents}`, lines: lines.map(goods), transfer: 'T-1' },
  feed: 'http',
  skew: { ms: 0, boundMs: 1_000 },
});
type Line = { sku: string; quantity: number; name?: string | undefined; gtin?: string | undefined };
const goods = ({ sku, quantity, name, gtin }: Line) => ({ sku, quantity, description: name, gtin });
const sold = (lines: Line[]): Captured => sale(`S${++documents}`, { lines: lines.map(goods) });

/** All that the journal's own bytes tell, without any table. */
function namesByHand(facts: Fact[]): Map<string, string> {
  const names = new Map<string, { name: string | null; gtin: string | null }>();
  for (const { content } of facts) {
    for (const { sku, description, gtin } of toldLines(content)) {
      const before = names.get(sku) ?? { name: null, gtin: null };
      names.set(sku, { name: description ?? before.name, gtin: gtin ?? before.gtin });
    }
  }
  return new Map([...names].map(([sku, { name, gtin }]) => [sku, `${name}/${gtin}`]));
}

function factsOf(journal: Journal): Fact[] {
  return journal
    .epochs()
    .flatMap(({ epoch }) =>
      journal.page(epoch, 0, 10_000, 10_000_000).map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as Fact),
    );
}

const namesOf = (journal: Journal): Map<string, string> =>
  new Map(journal.stockPage(ALL).rows.map(({ sku, name, gtin }) => [sku, `${name}/${gtin}`]));

function figures(journal: Journal): string[] {
  const { total, rows } = StockPage.parse(journal.stockPage(ALL));
  expect(total).toBe(rows.length);
  return rows.map(
    ({ sku, onHand, reserved, known, damaged }) =>
      `${sku} ${formatQuantity(onHand)}/${formatQuantity(reserved)}/${formatQuantity(damaged)}${known ? '' : ' uncounted'}`,
  );
}

/** The same from central's fold of the same entries. */
const folded = ({ book }: ReturnType<typeof makeCentralBook>): string[] =>
  [...book.shelves]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([sku, { places, known }]) =>
        `${sku} ${formatQuantity(places.shelf + places.reserved)}/${formatQuantity(places.reserved)}/${formatQuantity(places.damaged)}${known ? '' : ' uncounted'}`,
    );

const line = fc.record({
  sku: fc.constantFrom('A', 'B', 'C', 'Ünsinn', 'e'),
  quantity: fc.integer({ min: 1, max: 9 }).map((units) => units * 1_000),
  name: fc.option(fc.constantFrom('Tea', 'Crème brûlée', 'TEA POT', '100% juice_x'), { nil: undefined }),
  gtin: fc.option(fc.constantFrom('4006381333931', '96385074'), { nil: undefined }),
});
const lines = fc.array(line, { minLength: 1, maxLength: 4 });
const act = fc.oneof(
  lines.map((told) => ({ do: 'sell', told }) as const),
  lines.map((told) => ({ do: 'receive', told }) as const),
  lines.map((told) => ({ do: 'send', told }) as const),
  fc.constant({ do: 'take' } as const),
  fc.constant({ do: 'confirm' } as const),
  fc.constantFrom('A', 'Z').map((sku) => ({ do: 'reserve', sku }) as const),
);

test('the list equals the fold of everything captured, whatever is confirmed; names are those that were told last', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
      const journal = openTest(temporaryFolder());
      const central = makeCentralBook();
      let reservations = 0;
      for (const one of acts) {
        if (one.do === 'sell') journal.appendGroup([sold(one.told)]);
        else if (one.do === 'receive') journal.appendGroup([moved('goods-received', one.told)]);
        else if (one.do === 'send') journal.appendGroup([moved('transfer-sent', one.told)]);
        else if (one.do === 'take') central.take(journal, 3);
        else if (one.do === 'reserve' && central.at().epoch > 0) {
          const reservation = `W${++reservations}`;
          central.decide({ kind: 'reserve', sku: one.sku, reservation, quantity: 1_000 });
          journal.applyDirectives(central.log.slice(journal.directives().dseq));
        } else if (one.do === 'confirm' && central.at().epoch > 0) {
          settle(journal, central.mark());
          workOff(journal);
        }
      }
      expect(namesOf(journal)).toEqual(withBare(namesByHand(factsOf(journal)), journal));
      central.take(journal, 1_000);
      expect(figures(journal)).toEqual(folded(central));
      journal.close();
    }),
    { numRuns: 30 },
  );
});

/** Shelves that only decisions know have no name. */
function withBare(names: Map<string, string>, journal: Journal): Map<string, string> {
  const rows = journal.stockPage(ALL).rows.map(({ sku }) => [sku, names.get(sku) ?? 'null/null'] as const);
  return new Map(rows);
}

function shopWithNames(folder = temporaryFolder()): Journal {
  const journal = openTest(folder);
  journal.appendGroup([
    moved('goods-received', [
      { sku: '10110', quantity: 4_000, name: 'Green tea', gtin: '4006381333931' },
      { sku: '10250', quantity: 9_000, name: 'Crème brûlée' },
    ]),
    sold([
      { sku: '10110', quantity: 1_000, name: 'Green tea 100g' },
      { sku: 'X9', quantity: 2_000 },
    ]),
    {
      ...sale('FEE'),
      content: { ...sale('FEE').content, lines: [{ sku: 'BAG', quantity: 1_000, notGoods: true }] } as never,
    },
  ]);
  return journal;
}

test('is searched by parts of number, code and name, without accents and capitals; all words must be there', () => {
  const journal = shopWithNames();
  const found = (text: string): string[] => journal.stockPage({ ...ALL, text }).rows.map(({ sku }) => sku);
  expect(found('')).toEqual(['10110', '10250', 'X9']);
  expect(found('GREEN 100')).toEqual(['10110']);
  expect(found('creme')).toEqual(['10250']);
  expect(found('333931')).toEqual(['10110']);
  expect(found('x9')).toEqual(['X9']);
  expect(found('tea brulee')).toEqual([]);
  expect(found('%')).toEqual([]);
});

test('is sorted by what is asked for; what was never counted comes last; pages fit together', () => {
  const journal = shopWithNames();
  const skus = (query: Partial<StockQuery>): string[] =>
    journal.stockPage({ ...ALL, ...query }).rows.map(({ sku }) => sku);
  expect(skus({ order: 'name' })).toEqual(['10250', '10110', 'X9']);
  expect(skus({ order: 'least' })).toEqual(['10110', '10250', 'X9']);
  expect(skus({ order: 'most' })).toEqual(['10250', '10110', 'X9']);
  expect(journal.stockPage({ ...ALL, limit: 1, offset: 1 })).toMatchObject({ total: 3, rows: [{ sku: '10250' }] });
});

test('an article is found by its SKU, by its GTIN in any length, and by its name', () => {
  const journal = shopWithNames();
  const tea = { sku: '10110', name: 'Green tea 100g', gtin: '4006381333931' };
  expect(journal.findArticles('10110').exact).toEqual(tea);
  expect(journal.findArticles(' 04006381333931 ').exact).toEqual(tea);
  expect(journal.findArticles('X9').exact).toEqual({ sku: 'X9', name: null, gtin: null });
  expect(journal.findArticles('tea')).toEqual({ exact: null, rows: [tea] });
  expect(journal.findArticles('1')).toMatchObject({ exact: null, rows: [{ sku: '10110' }, { sku: '10250' }] });
  expect(journal.findArticles('BAG')).toEqual({ exact: null, rows: [] });
  expect(journal.findArticles('  ')).toEqual({ exact: null, rows: [] });
});

test('a shelf tells what is so far and what is confirmed, when it was counted last, and why it reads so', () => {
  const journal = shopWithNames();
  const central = makeCentralBook();
  central.take(journal, 3);
  settle(journal, central.mark());
  workOff(journal);
  expect(journal.shelfCard('10110')).toMatchObject({
    row: { onHand: 3_000, soFar: false },
    confirmed: { onHand: 3_000 },
  });
  const count = { kind: 'stocktake', ...common, document: 'C1', begun: common.occurred, stocktake: 'C1' } as const;
  const counted: Captured = {
    content: { ...count, lines: [{ sku: '10110', counted: 2_000 }] },
    feed: 'http',
    skew: { ms: 0, boundMs: 1 },
  };
  journal.appendGroup([counted]);
  expect(journal.shelfCard('10110')).toMatchObject({
    row: { name: 'Green tea 100g', onHand: 2_000, soFar: true, known: true, coming: 0 },
    confirmed: { onHand: 3_000 },
    lastCount: { counted: 2_000, document: 'C1' },
  });
  expect(journal.shelfCard('10110')?.story.steps).toHaveLength(3);
  expect(journal.shelfCard('X9')).toMatchObject({ row: { known: false, onHand: -2_000 }, lastCount: null });
  expect(journal.shelfCard('none')).toBeNull();
});

test('names are there again when the journal is made anew from its mirror, and in one from before there were names', () => {
  const folder = temporaryFolder();
  const journal = shopWithNames(folder);
  const names = namesOf(journal);
  const documentsOfTransfer = journal.goodsDocuments();
  const facts = factsOf(journal);
  journal.close();
  rmSync(join(folder, 'journal.db'));
  const restored = openTest(folder);
  expect(namesOf(restored)).toEqual(names);
  expect(restored.goodsDocuments()).toEqual(documentsOfTransfer);

  const db = new Database(':memory:');
  migrate(db, MIGRATIONS.slice(0, 6));
  const insert = db.prepare(
    `INSERT INTO entry (id, key, kind, workstation, number, business_date, recorded_ms, lines, content, chain, bytes)
     VALUES (?, ?, ?, 'T1', 'N', ?, 0, 1, x'', x'', ?)`,
  );
  for (const [index, fact] of facts.entries()) insert.run(index + 1, fact.key, fact.content.kind, DAY, factBytes(fact));
  insert.run(90, 'rotten', 'sale', DAY, Buffer.from('{"content":'));
  insert.run(91, null, 'sale', DAY, factBytes({ ...(facts[0] as Fact), key: 'carried on' }));
  migrate(db);
  const rows = db.prepare<[], [string, string]>(
    "SELECT sku, coalesce(name, 'null') || '/' || coalesce(gtin, 'null') FROM article",
  );
  expect(new Map(rows.raw().all())).toEqual(names);
  expect(db.prepare('SELECT entry FROM transfer_entry').pluck().all()).toEqual([1]);
});
