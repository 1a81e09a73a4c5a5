// Own documents by their key and whether one was taken back, and which SKUs the store holds now: what capture asks.
import { takenKey } from '../core/book.ts';
import type { Kept } from '../core/captured.ts';
import { type Fact, isTransaction } from '../core/fact.ts';
import { PAGE_ROWS_MAX } from '../core/limits.ts';
import { onHand } from '../core/shelf.ts';
import type { BookPieces } from './book.ts';
import type { Db } from './database.ts';
import type { Entries } from './entries.ts';
import { entryId, idOfName } from './entry-id.ts';

/** A document as it is kept; `takenBackBy` is the key of the own document that takes it back, or null. */
export type KeptDocument = { kept: Kept; fact: Fact; takenBackBy: string | null };

export function openDocuments(
  db: Db,
  store: string,
  entries: Entries,
  pieces: Pick<BookPieces, 'history' | 'reads' | 'soFar'>,
) {
  const { history, reads, soFar } = pieces;
  const held = db.prepare<[string], { sku: string; onHand: number }>(
    'SELECT sku, on_hand AS onHand FROM shelf WHERE sku > ? ORDER BY sku',
  );
  const releasedAs = db.prepare<[number], number>('SELECT fact FROM put_aside WHERE released = ?').pluck();

  /** The entry that takes it back, confirmed or so far. */
  function takerOf({ key, content }: Fact): number | null {
    const subject = isTransaction(content) ? takenKey(content, content, store) : key;
    const entry = reads.taken(subject);
    if (entry !== undefined) return entry.startsWith('d') ? (releasedAs.get(idOfName(entry)) ?? null) : idOfName(entry);
    soFar.whole();
    const at = soFar.unconfirmed.takenBy(subject);
    return at === undefined ? null : entryId(at.epoch, at.seq);
  }

  return {
    /** By natural key; null where this journal has no such document. */
    findDocument(key: string): KeptDocument | null {
      const known = entries.byKey(key);
      const placed = known === null ? null : history.ownFact(known.id);
      if (known === null || placed === null) return null;
      const taker = takerOf(placed.fact);
      return {
        kept: known.kept,
        fact: placed.fact,
        takenBackBy: taker === null ? null : (history.factAt(taker)?.fact.key ?? null),
      };
    },
    /** SKUs behind `after`, sorted, of which the book holds something now, at most so many (H18 of the law). */
    heldSkus(after: string | null, max: number): string[] {
      soFar.whole();
      const touched = new Set(soFar.touched());
      soFar.freshen(touched);
      const limit = Math.min(max, PAGE_ROWS_MAX);
      const found: string[] = [];
      for (const { sku, onHand: confirmed } of held.iterate(after ?? '')) {
        if (found.length >= limit) break;
        if (!touched.has(sku) && confirmed !== 0) found.push(sku);
      }
      for (const sku of touched) {
        const shelf = soFar.shelf(sku);
        if (sku > (after ?? '') && shelf !== undefined && onHand(shelf.places) !== 0) found.push(sku);
      }
      return found.sort(byText).slice(0, limit);
    },
  };
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
