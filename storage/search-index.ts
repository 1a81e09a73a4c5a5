// Writes what receipts are searched by, with each entry and in its transaction; for journals from before, all at once.
import { minorDigits } from '../core/currency.ts';
import { documentNumber, type FactContent, isTransaction } from '../core/fact.ts';
import { CARRY_PAGE_ENTRIES } from '../core/limits.ts';
import { articleWords, dayNumber, numberKeys, searchAmount, type ToldArticle } from '../core/search-keys.ts';
import { factOf } from './carry.ts';
import type { Db } from './database.ts';
import { numbersNamed } from './references.ts';

/** Digits of an amount whose currency nobody told. */
const DIGITS = 2;

export function openSearchIndex(db: Db) {
  const insertEntry = db.prepare(
    `INSERT INTO search_entry (id, number, tail, till, kind, day, occurred_ms, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const tillOf = db.prepare<[string], number>('SELECT id FROM search_till WHERE workstation = ?').pluck();
  const insertTill = db.prepare('INSERT INTO search_till (workstation) VALUES (?)');
  const articleOf = db
    .prepare<[string, string, string], number>(
      'SELECT id FROM search_article WHERE sku = ? AND gtin = ? AND description = ?',
    )
    .pluck();
  const insertArticle = db.prepare('INSERT INTO search_article (sku, gtin, description) VALUES (?, ?, ?)');
  const insertWord = db.prepare('INSERT OR IGNORE INTO search_word (word, article) VALUES (?, ?)');
  const insertLine = db.prepare('INSERT OR IGNORE INTO search_line (article, entry) VALUES (?, ?)');
  const insertReference = db.prepare('INSERT OR IGNORE INTO search_reference (number, entry) VALUES (?, ?)');

  const till = (workstation: string): number | bigint =>
    tillOf.get(workstation) ?? insertTill.run(workstation).lastInsertRowid;

  function article(told: ToldArticle): number | bigint {
    const { sku, gtin, description } = told;
    const known = articleOf.get(sku, gtin, description);
    if (known !== undefined) return known;
    const id = insertArticle.run(sku, gtin, description).lastInsertRowid;
    for (const word of articleWords(told)) insertWord.run(word, id);
    return id;
  }

  /** Inside the transaction that keeps the entry. */
  return (id: number, content: FactContent): void => {
    const { whole, tail } = numberKeys(documentNumber(content));
    const { workstation, kind, businessDate } = content;
    const amount = isTransaction(content)
      ? searchAmount(content.total ?? null, content.currency === undefined ? DIGITS : minorDigits(content.currency))
      : null;
    const [day, occurredMs] = [dayNumber(businessDate), Date.parse(content.occurred)].map(known);
    insertEntry.run(id, whole, tail, till(workstation), kind, day, occurredMs, amount);
    for (const told of articlesOf(content)) insertLine.run(article(told), id);
    for (const number of numbersNamed(content)) insertReference.run(number, id);
  };
}

/** A date that is none hides the document from searches by time, and nothing more. */
const known = (value: number): number => (Number.isNaN(value) ? 0 : value);

/** Of a reversal what it takes back. */
export function articlesOf(content: FactContent): ToldArticle[] {
  if (content.kind === 'reversal') return articlesOf(content.original.content);
  if (!('lines' in content)) return [];
  return content.lines.map(({ sku, gtin = '', description = '' }) => ({ sku, gtin, description }));
}

/** One that cannot be read any more is found by the check of entries, and is not searched. */
function readable(bytes: Uint8Array): FactContent | null {
  try {
    return factOf(bytes).content;
  } catch {
    return null;
  }
}

/** For a journal from before: some 3 seconds of the processor for 100,000 entries, half a minute for 1,000,000. A kill begins anew. */
export function fillSearch(db: Db): void {
  const add = openSearchIndex(db);
  const page = db.prepare<[number, number], { id: number; bytes: Uint8Array }>(
    'SELECT id, bytes FROM entry WHERE id > ? ORDER BY id LIMIT ?',
  );
  for (let after = 0; ; ) {
    const rows = page.all(after, CARRY_PAGE_ENTRIES);
    for (const { id, bytes } of rows) {
      const content = readable(bytes);
      if (content !== null) add(id, content);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}
