// Steps the entries of one shelf again, all of them or all but one: what it reads then. No I/O.
import { type Book, emptyBook, type Stepped, wholeOutcome } from '../core/book.ts';
import { directiveName, factName } from '../core/order.ts';
import type { Posting } from '../core/posting.ts';
import { type Effect, emptyShelf, NO_DOUBT, type Shelf } from '../core/shelf.ts';
import { step } from '../core/step.ts';
import { isBehind, type ShelfEntry, standing } from './shelf-history.ts';

/** A shelf before the first of some entries, and movements before them that a late count may have to place. */
export type Base = { shelf: Shelf; effects: Effect[] };

/** Entries that are stepped anew from a base on. Those before it are settled by the newest count. */
export type Start = Base & { entries: ShelfEntry[] };

/** Entries of which nothing was posted, for reasons outside of this shelf: stepping them again must not differ. */
const STANDS_ASIDE = new Set(['refused', 'waiting', 'duplicate']);
const DOES_NOTHING = new Set(['voided-before', 'undone-before', 'undo-of-unknown']);

const isStepped = ({ kept }: ShelfEntry): boolean =>
  !STANDS_ASIDE.has(kept.outcome) && !(kept.reason !== null && DOES_NOTHING.has(kept.reason));

/** `visit` hears what each entry did and the shelf behind it. */
export function refold(
  { store, sku }: { store: string; sku: string },
  { shelf, effects, entries }: Start,
  visit: (stepped: Stepped, shelf: Shelf) => void = () => {},
): Shelf {
  const book: Book = { ...emptyBook(store), followsTills: false, shelves: new Map([[sku, structuredClone(shelf)]]) };
  book.effects.set(sku, [...effects]);
  for (const one of entries.filter(isStepped)) {
    const { entry } = one;
    prepare(book, one);
    visit(step(book, entry), book.shelves.get(sku) ?? emptyShelf());
  }
  return book.shelves.get(sku) ?? emptyShelf();
}

/** What the ledger knew of other documents when it posted this entry. */
function prepare(book: Book, { entry }: ShelfEntry): void {
  const read = entry.kind === 'fact' ? entry.read : entry.released;
  if (entry.kind === 'directive' && entry.directive.body.kind === 'release') {
    const { reason, by } = wholeOutcome('refused');
    book.aside.set(factName(entry.directive.body.fact), {
      kind: 'refused',
      reason,
      by: by ?? directiveName(0),
      on: null,
    });
  }
  if (read === null) return;
  book.keys.delete(read.fact.key);
  const { content } = read.fact;
  if (content.kind !== 'reversal') return;
  book.taken.delete(content.reverses);
  if (!book.keys.has(content.reverses)) {
    const at = entry.kind === 'fact' ? entry.at : entry.directive.basis;
    book.keys.set(content.reverses, { at, hash: '' });
  }
}

/**
 * Where to begin: right before the newest count where its past is known, else right behind it; without a count at the
 * first entry. `effects` are all movements that the ledger holds for late counts.
 */
export function startOf(now: Shelf, entries: ShelfEntry[], effects: Effect[]): Start {
  const { newest } = now;
  const index = newest === null ? -1 : entries.findIndex((one) => becameNewest(one, newest.key));
  const undo = newest?.undo ?? null;
  const from = index < 0 ? 0 : undo === null ? index + 1 : index;
  const stepped = entries.slice(from);
  const first = stepped[0];
  const shelf = withoutMoves(
    now,
    stepped.flatMap(({ moves }) => moves),
  );
  if (index < 0 || newest === null) shelf.newest = null;
  else if (undo === null) shelf.newest = { ...newest, doubt: NO_DOUBT, undo: null };
  else {
    shelf.newest = undo.before;
    shelf.open = undo.open;
  }
  const before =
    first === undefined
      ? effects
      : effects.filter(({ moment }) => isBehind(standing(first), { at: moment.at, dseq: 0 }));
  return { shelf, effects: before, entries: stepped };
}

const becameNewest = ({ entry }: ShelfEntry, key: string): boolean =>
  entry.kind === 'fact' && entry.read?.fact.key === key;

function withoutMoves(now: Shelf, moves: Posting[]): Shelf {
  const shelf = { ...emptyShelf(), known: now.known, places: { ...now.places } };
  for (const { from, to, quantity } of moves) {
    shelf.places[from] += quantity;
    shelf.places[to] -= quantity;
  }
  return shelf;
}
