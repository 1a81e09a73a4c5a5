// What an article is called: as head office's catalogue says, else as a till told it last.
import type { Article } from '../../protocol/local/rooms/stock.ts';
import type { Db } from '../database.ts';
import { orNothing } from './damage.ts';

/** Lengths in which the same GTIN is written, filled up with zeros in front. */
const GTIN_LENGTHS = [8, 12, 13, 14];
const COLUMNS = 'sku, name, gtin';

/** As head office calls an article; null where it does not. */
export function openListedNames(db: Db): (sku: string) => string | null {
  const listed = db.prepare<[string], string | null>('SELECT name FROM product WHERE sku = ?').pluck();
  return (sku) => orNothing(() => listed.get(sku)) ?? null;
}

export function openNames(db: Db) {
  const told = db.prepare<[string], Article>(`SELECT ${COLUMNS} FROM article WHERE sku = ?`);
  const product = db.prepare<[string], Article>(`SELECT ${COLUMNS} FROM product WHERE sku = ?`);
  const listed = (sku: string): Article | undefined => orNothing(() => product.get(sku));
  const life = db.prepare<[], string>('SELECT life FROM catalogue WHERE id = 1').pluck();
  const codes = GTIN_LENGTHS.map(() => '?').join(', ');
  const coded = (table: 'article' | 'product') =>
    db.prepare<string[], string>(`SELECT sku FROM ${table} WHERE gtin IN (${codes}) ORDER BY sku LIMIT 1`).pluck();
  const [listedCode, toldCode] = [coded('product'), coded('article')];

  /** Null where neither head office nor a till ever named it. */
  function articleOf(sku: string): Article | null {
    const [ours, theirs] = [told.get(sku), listed(sku)];
    if (ours === undefined || theirs === undefined) return theirs ?? ours ?? null;
    return { sku, name: theirs.name ?? ours.name, gtin: theirs.gtin ?? ours.gtin };
  }

  return {
    articleOf,
    nameOf: (sku: string): string | null => listed(sku)?.name ?? told.get(sku)?.name ?? null,
    /** There is a catalogue, and it does not have this SKU. */
    isUnlisted: (sku: string): boolean => (life.get() ?? '') !== '' && listed(sku) === undefined,
    /** By its code as it is printed in any length. */
    withCode(text: string): Article | null {
      if (!/^\d{6,14}$/.test(text)) return null;
      const bare = text.replace(/^0+/, '');
      const written = GTIN_LENGTHS.map((length) => bare.padStart(length, '0'));
      const sku = orNothing(() => listedCode.get(...written)) ?? toldCode.get(...written);
      return sku === undefined ? null : articleOf(sku);
    },
  };
}
