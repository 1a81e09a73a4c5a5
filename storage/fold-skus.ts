// Folds chosen shelves by the law outside the confirmed book: from it, for what is so far; or from nothing, to check it.
import { type Book, type BookEntry, emptyBook, needsOf, noNeeds, noteAside, type Stepped } from '../core/book.ts';
import type { Directive } from '../core/decision.ts';
import { hex } from '../core/hash.ts';
import { type At, BEGINNING, compareAt, factName, laterOf, place } from '../core/order.ts';
import { emptyShelf, type Shelf } from '../core/shelf.ts';
import { step } from '../core/step.ts';
import type { BookReads } from './book-rows.ts';
import type { Confirmation } from './confirmed.ts';
import type { Db } from './database.ts';
import { atOf, entryId } from './entry-id.ts';
import type { History, PlacedFact } from './history.ts';

export type FoldParts = { db: Db; store: string; history: History; reads: BookReads; confirmation: Confirmation };

/** What facts and decisions behind the confirmed cut say of facts of other shelves. */
export type Unconfirmed = {
  /** The first one that takes this receipt or document back. */
  takenBy(subject: string): At | undefined;
  putsAside(at: At): boolean;
};

export type FoldOptions = {
  skus: ReadonlySet<string>;
  /** "confirmed": facts and directives are those behind the confirmed cut. */
  from: 'nothing' | 'confirmed';
  /** In order; each is told once even where it touches several of the shelves. */
  facts: Iterable<PlacedFact>;
  directives: Directive[];
  unconfirmed?: Unconfirmed | undefined;
  visit?: ((stepped: Stepped, entry: BookEntry, book: Book) => void) | undefined;
};

export type FoldSkus = {
  /** What these shelves hold at the end. What the same entries do to other shelves is not known here. */
  fold(options: FoldOptions): Map<string, Shelf>;
  /** What the entry asks of the rest of the book: keys, voids, and for a count the movements of its shelf. */
  prepare(book: Book, entry: BookEntry, options: Asks, counted: Set<string>): void;
};

type Asks = Pick<FoldOptions, 'skus' | 'from' | 'unconfirmed'>;

export function openFoldSkus({ db, store, history, reads, confirmation }: FoldParts): FoldSkus {
  const ownByKey = db.prepare<[string], { id: number; content: Uint8Array }>(
    'SELECT id, content FROM entry WHERE key = ?',
  );

  /** Posted by the confirmed book or, so far, kept in this journal and not put aside. */
  function posted(key: string, isOwn: boolean, { unconfirmed }: Asks): ReturnType<BookReads['key']> {
    const confirmed = reads.key(key);
    if (confirmed !== undefined || isOwn || unconfirmed === undefined) return confirmed;
    const kept = ownByKey.get(key);
    if (kept === undefined) return undefined;
    const at = atOf(kept.id);
    const isConfirmed = compareAt(at, confirmation.now().cut.at) <= 0;
    return isConfirmed || unconfirmed.putsAside(at) ? undefined : { at, hash: hex(kept.content) };
  }

  function prepare(book: Book, entry: BookEntry, options: Asks, counted: Set<string>): void {
    const needs = noNeeds();
    needsOf(store, entry, needs);
    const at = placeOf(entry);
    const isFromNothing = options.from === 'nothing';
    const own = entry.kind === 'fact' ? entry.read?.fact.key : entry.released?.fact.key;
    for (const key of needs.keys) {
      if (book.keys.has(key)) continue;
      const known = posted(key, key === own, options);
      if (known === undefined || (key === own && compareAt(known.at, at) === 0)) continue;
      const isEarlier = compareAt(known.at, at) < 0;
      if (isEarlier || (key === own && !isFromNothing)) book.keys.set(key, known);
    }
    for (const subject of needs.taken) {
      const entryName = reads.taken(subject);
      const soFar = options.unconfirmed?.takenBy(subject);
      if (entryName !== undefined && entryName !== nameOf(entry)) book.taken.set(subject, entryName);
      else if (soFar !== undefined && compareAt(soFar, at) < 0) book.taken.set(subject, factName(soFar));
    }
    for (const sku of needs.counted) {
      if (isFromNothing || counted.has(sku) || !options.skus.has(sku)) continue;
      counted.add(sku);
      book.effects.set(sku, [...reads.effects(sku), ...(book.effects.get(sku) ?? [])]);
    }
  }

  function begin({ skus, from, directives }: FoldOptions): Book {
    const state = confirmation.now();
    const closedThrough = from === 'confirmed' ? state.closedThrough : null;
    const book: Book = { ...emptyBook(store), followsTills: false, closedThrough };
    if (from === 'confirmed') {
      for (const sku of skus) {
        const row = reads.shelf(sku);
        if (row !== undefined) book.shelves.set(sku, JSON.parse(row.json) as Shelf);
      }
    }
    for (const directive of directives) {
      const { body } = directive;
      if (from === 'confirmed' && body.kind === 'release') {
        const aside = reads.aside(entryId(body.fact.epoch, body.fact.seq));
        if (aside !== undefined) book.aside.set(factName(body.fact), aside);
      }
      noteAside(book, directive);
    }
    return book;
  }

  function fold(options: FoldOptions): Map<string, Shelf> {
    const { skus, from, facts, directives, visit } = options;
    const book = begin(options);
    const counted = new Set<string>();
    const floor = from === 'confirmed' ? confirmation.now().cut.at : BEGINNING;
    for (const { fact, directive } of place(facts, directives, floor)) {
      const entry: BookEntry =
        fact === undefined
          ? { kind: 'directive', directive, released: releasedBy(directive) }
          : { kind: 'fact', at: fact.at, read: fact };
      prepare(book, entry, options, counted);
      const stepped = step(book, entry);
      visit?.(stepped, entry, book);
    }
    return new Map([...skus].map((sku) => [sku, book.shelves.get(sku) ?? emptyShelf()]));
  }

  return { fold, prepare };

  function releasedBy({ body }: Directive): PlacedFact | null {
    return body.kind === 'release' ? history.factAt(entryId(body.fact.epoch, body.fact.seq)) : null;
  }
}

const nameOf = (entry: BookEntry): string => (entry.kind === 'fact' ? factName(entry.at) : `d${entry.directive.dseq}`);

/** A released fact stands where its own place is, as far as keys go. */
function placeOf(entry: BookEntry): At {
  if (entry.kind === 'fact') return entry.at;
  const { body, basis } = entry.directive;
  return body.kind === 'release' ? body.fact : laterOf(basis, BEGINNING);
}
