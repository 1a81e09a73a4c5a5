// Looking for documents: the same as a plain look at everything that counts, whatever the journal went through.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Captured } from '../../core/captured.ts';
import { minorDigits } from '../../core/currency.ts';
import { documentNumber, type FactKind, isTransaction } from '../../core/fact.ts';
import {
  articleWords,
  hasNumberPrefix,
  isTillNamed,
  matchesWords,
  numberKeys,
  numberPrefix,
  searchAmount,
  wordsOf,
} from '../../core/search-keys.ts';
import type { ReceiptQuery } from '../../protocol/local/rooms/receipts.ts';
import type { Journal } from '../../storage/journal.ts';
import { MIGRATIONS, migrate } from '../../storage/migrate.ts';
import { openSearch } from '../../storage/search.ts';
import { articlesOf } from '../../storage/search-index.ts';
import { temporaryFolder } from '../temporary.ts';
import { openTest, sale, sales, testClock } from './shop.ts';

/** Version of the journal before there was a search. */
const BEFORE_SEARCH = 5;
const DAY_MS = 86_400_000;
const NOON = Date.parse('2026-11-18T12:00:00Z');
const dayOf = (day: number): string => new Date(NOON + day * DAY_MS).toISOString().slice(0, 10);

const ARTICLES = [
  { sku: 'DRILL-18', gtin: '05012345678900', description: 'Akku-Bohrschrauber 18 V' },
  { sku: 'DRILL-18', description: 'Drill 18V' },
  { sku: '0010110', description: 'Äpfel grün' },
  { sku: '10250', description: 'Apple juice 1 l' },
  { sku: 'BAG' },
] as const;
const NUMBERS = ['1', '12', '120', '0012', 'R12', 'T1-0012', '2026-12', 'A 12', '0'];
const TILLS = ['T1', 'Till 2', '02', 'Till 12'];

const Sold = fc.record({
  number: fc.constantFrom(...NUMBERS),
  workstation: fc.constantFrom(...TILLS),
  day: fc.integer({ min: 0, max: 3 }),
  kind: fc.constantFrom('sale', 'return', 'void'),
  articles: fc.uniqueArray(fc.constantFrom(...ARTICLES.keys()), { minLength: 1, maxLength: 3 }),
  total: fc.option(fc.constantFrom(1_999, 4_000, -4_000, 400), { nil: undefined }),
  currency: fc.constantFrom('EUR', 'JPY', 'BHD'),
});
type Sold = typeof Sold extends fc.Arbitrary<infer One> ? One : never;

/** A document; two equal ones are the same document, as they are at a till. */
const documentOf = ({ number, workstation, day, kind, articles, total, currency }: Sold): Captured =>
  sale(number, {
    ...{ receipt: number, workstation, businessDate: dayOf(day), kind: kind as 'sale', total, currency },
    occurred: new Date(NOON + day * DAY_MS + number.length * 3_600_000).toISOString(),
    lines: articles.flatMap((index) => ARTICLES[index] ?? []).map((line) => ({ ...line, quantity: 1_000 })),
  });

const Query = fc.record(
  {
    terms: fc.array(
      fc.constantFrom(
        '12',
        '0012',
        'r1',
        'drill',
        'DRILL',
        'apfel',
        'app',
        '18',
        't1',
        '5012345678900',
        'bag',
        '1011',
        'a',
        'zz',
        '2026-1',
        '0',
      ),
      { maxLength: 3 },
    ),
    till: fc.constantFrom('2', 'till 12', 'T1', '9'),
    amount: fc.constantFrom({ from: 40_000, to: 40_000 }, { from: 4_000, to: 20_000 }),
    days: fc.constantFrom({ from: dayOf(1), to: dayOf(2) }, { from: dayOf(3), to: dayOf(3) }),
    times: fc.constantFrom({ fromMs: NOON + DAY_MS, toMs: NOON + DAY_MS + 4 * 3_600_000 }),
    kinds: fc.constantFrom<FactKind[]>(['sale'], ['return', 'void']),
    state: fc.constantFrom('waiting' as const, 'confirmed' as const),
  },
  { requiredKeys: ['terms'] },
);

type Entry = { captured: Captured; place: string; confirmed: boolean };

function isFound({ captured: { content }, confirmed }: Entry, query: ReceiptQuery): boolean {
  const { amount, days, times, kinds, state } = query;
  const occurredMs = Date.parse(content.occurred);
  const total = isTransaction(content) ? (content.total ?? null) : null;
  const digits = isTransaction(content) && content.currency !== undefined ? minorDigits(content.currency) : 2;
  const paid = searchAmount(total, digits);
  const isTill = (term: string): boolean =>
    /[a-z]/i.test(term) && TILLS.some((till) => numberKeys(till).whole === numberKeys(term).whole);
  const tills = [...query.terms.filter(isTill), ...(query.till === undefined ? [] : [query.till])];
  return (
    tills.every((till) => isTillNamed(content.workstation, till)) &&
    (amount === undefined || (paid !== null && paid >= amount.from && paid <= amount.to)) &&
    (days === undefined || (content.businessDate >= days.from && content.businessDate <= days.to)) &&
    (times === undefined || (occurredMs >= times.fromMs && occurredMs < times.toMs)) &&
    (kinds === undefined || kinds.includes(content.kind)) &&
    (state === undefined || (state === 'confirmed') === confirmed) &&
    fitsTerms(
      content,
      query.terms.filter((term) => !isTill(term)),
    )
  );
}

function fitsTerms(content: Captured['content'], terms: string[]): boolean {
  if (terms.length === 0) return true;
  const keys = numberKeys(documentNumber(content));
  const isNumber = (typed: string): boolean => hasNumberPrefix(keys, numberPrefix(typed));
  const isArticle = (typed: string[]): boolean =>
    articlesOf(content).some((article) => matchesWords(articleWords(article), typed.flatMap(wordsOf)));
  const mixed = terms.some((term, index) => isNumber(term) && isArticle(terms.toSpliced(index, 1)));
  return isNumber(terms.join('')) || isArticle(terms) || (terms.length > 1 && mixed);
}

/** All pages, each small. */
function foundBy({ search }: Pick<Journal, 'search'>, query: ReceiptQuery): string[] {
  const places: string[] = [];
  let before: { epoch: number; seq: number } | undefined;
  for (let steps = 0; ; steps += 1) {
    if (steps > 500) throw new Error(`endless: ${JSON.stringify({ query, before, places: places.slice(-3) })}`);
    const { rows, next } = search({ query, before, limit: 2 });
    places.push(...rows.map(({ epoch, seq }) => `${epoch}:${seq}`));
    if (next === null) return places;
    before = next;
  }
}

/** What counts, newest first, with its state. */
function everything(journal: Journal): Entry[] {
  const found: Entry[] = [];
  for (let page = journal.recent({ limit: 1_000 }); page.length > 0; ) {
    for (const { epoch, seq, settledMs } of page) {
      const id = journal.epochs().find((row) => row.epoch.ordinal === epoch)?.epoch;
      const [entry] = id === undefined ? [] : journal.page(id, seq - 1, 1, 1_000_000);
      const { content } = JSON.parse(Buffer.from(entry?.bytes ?? []).toString());
      found.push({ captured: { content, feed: 'http' }, place: `${epoch}:${seq}`, confirmed: settledMs !== null });
    }
    const last = page.at(-1);
    page = last === undefined ? [] : journal.recent({ before: { epoch: last.epoch, seq: last.seq }, limit: 1_000 });
  }
  return found;
}

/** With the effort that a journal allows, and with so little that each search takes many steps. */
function compare(journal: Journal, folder: string, queries: ReceiptQuery[]): void {
  const all = everything(journal);
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  const small = openSearch(db, { rows: 3, entries: 4 });
  for (const query of [{ terms: [] }, ...queries]) {
    const places = all.filter((entry) => isFound(entry, query)).map(({ place }) => place);
    expect({ query, places: foundBy(journal, query) }).toEqual({ query, places });
    expect({ query, places: foundBy({ search: small }, query) }).toEqual({ query, places });
  }
  db.close();
}

const Step = fc.record({
  sold: fc.array(Sold, { maxLength: 8 }),
  settle: fc.integer({ min: 0, max: 4 }),
  next: fc.constantFrom('go on', 'new epoch', 'lose the database'),
});

test('search finds what a plain look finds: over epochs, carried entries and a journal rebuilt from its mirror', () => {
  fc.assert(
    fc.property(fc.array(Step, { maxLength: 8 }), fc.array(Query, { minLength: 1, maxLength: 8 }), (steps, queries) => {
      const folder = temporaryFolder();
      const clock = testClock(NOON);
      let journal = openTest(folder, { clock });
      for (const { sold, settle, next } of steps) {
        clock.pass(60_000);
        journal.appendGroup(sold.map(documentOf));
        const heads = journal.heads();
        journal.settle(heads.epoch, Math.min(heads.seq, heads.settled + settle), 'mark', null);
        if (next === 'new epoch') journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
        if (next === 'lose the database') {
          journal.close();
          for (const side of ['', '-wal', '-shm']) rmSync(join(folder, `journal.db${side}`), { force: true });
          journal = openTest(folder, { clock });
        }
      }
      compare(journal, folder, queries);
      journal.close();
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('a journal from before is searched like any other once it is opened', () => {
  fc.assert(
    fc.property(fc.array(Sold, { maxLength: 30 }), fc.array(Query, { minLength: 1, maxLength: 8 }), (sold, queries) => {
      const folder = temporaryFolder();
      const journal = openTest(folder);
      journal.appendGroup(sold.map(documentOf));
      journal.close();
      forgetSearch(folder);
      const again = openTest(folder);
      compare(again, folder, queries);
      again.close();
    }),
    { numRuns: 8 },
  );
});

/** The journal as the program before the search had left it. */
function forgetSearch(folder: string): void {
  const tablesOf = (of: Database.Database): string[] =>
    of
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
  const before = new Database(':memory:');
  migrate(before, MIGRATIONS.slice(0, BEFORE_SEARCH));
  const db = new Database(join(folder, 'journal.db'));
  for (const name of tablesOf(db).filter((table) => !tablesOf(before).includes(table))) db.exec(`DROP TABLE ${name}`);
  db.pragma(`user_version = ${BEFORE_SEARCH}`);
  db.close();
  before.close();
}

test('a step ends where its effort is spent, and the next one goes on from there', () => {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup([...sales(1, 300), sale(301, { total: 777 }), ...sales(302, 1_500)]);
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  const search = openSearch(db, { rows: 1_000, entries: 10 });
  const query = { terms: [], amount: { from: 7_770, to: 7_770 } };
  const first = search({ query, limit: 100 });
  expect(first).toMatchObject({ rows: [], next: { epoch: 1, seq: 501 } });
  const second = search({ query, before: first.next ?? undefined, limit: 100 });
  expect(second).toMatchObject({ rows: [{ number: 'R301' }], next: null });
  // A number that more than a thousand begin with, and one that few do.
  const dense = search({ query: { terms: ['r1'] }, limit: 3 });
  expect(dense.rows.map(({ number }) => number)).toEqual(['R1500', 'R1499', 'R1498']);
  expect(foundBy(journal, { terms: ['147'] })).toHaveLength(11);
  // Nothing older than what is known is looked at again.
  const { tip } = search({ query: { terms: ['apple'] }, limit: 1 });
  expect(search({ query, after: tip, limit: 10 })).toMatchObject({ rows: [], next: null });
  db.close();
});

test('what was carried on is found once, where it counts', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup(sales(1, 4));
  journal.settle(journal.heads().epoch, 1, 'mark', null);
  journal.beginEpoch('test', 2);
  for (const terms of [[], ['r'], ['apple'], ['r3'], ['r', 'apple']]) {
    const all = ['2:3', '2:2', '2:1', '1:1'];
    expect(foundBy(journal, { terms })).toEqual(terms[0] === 'r3' ? ['2:2'] : all);
  }
  expect(foundBy(journal, { terms: [], state: 'confirmed' })).toEqual(['1:1']);
});

test('letters that fit hundreds of articles ask for more letters, and numbers are found all the same', () => {
  const journal = openTest(temporaryFolder());
  const line = (n: number) => ({ sku: `S${n}`, description: `Thing ${n}`, quantity: 1_000 });
  const many = Array.from({ length: 300 }, (_, n) => sale(n, { receipt: `TH${n}`, lines: [line(n)] }));
  journal.appendGroup(many);
  const broad = journal.search({ query: { terms: ['th'] }, limit: 1_000 });
  expect(broad).toMatchObject({ isBroad: true });
  expect(foundBy(journal, { terms: ['th'] })).toHaveLength(300);
  expect(journal.search({ query: { terms: ['thing', '299'] }, limit: 10 })).toMatchObject({
    isBroad: false,
    rows: [{ number: 'TH299' }],
  });
});
