// The ledger of one store as a fold over its canonical order: the same on both sides (R1 to R24, L5, L6).
import { assert } from './assert.ts';
import type { Directive } from './decision.ts';
import type { ExceptionDraft } from './exception.ts';
import { type Fact, lineSkus, receiptKeys } from './fact.ts';
import { type At, directiveName, factName } from './order.ts';
import type { LineOutcome } from './outcome.ts';
import type { Posting } from './posting.ts';
import { type Effect, emptyShelf, type Shelf } from './shelf.ts';
import { isOfTill, type TillDay, tillDayName } from './till-day.ts';

/** A fact on its way into the book; null where this side cannot read it (central has refused it then). */
export type FactEntry = { kind: 'fact'; at: At; read: ReadFact | null };
export type ReadFact = { fact: Fact /** Digest of its content, 64 hex digits. */; hash: string };
/** `released` is the body of the fact that a release lets in. */
export type DirectiveEntry = { kind: 'directive'; directive: Directive; released: ReadFact | null };
export type BookEntry = FactEntry | DirectiveEntry;

/** A fact that central has put aside: refused, or waiting for a refused one. `by` is the directive that said so. */
export type Aside = { kind: 'refused' | 'waiting'; reason: LineOutcome['reason']; by: string; on: At | null };
export type Decided = { by: string; option: string };

/**
 * What the fold reads and changes, loaded by the shell for the entries that it is about to step (`needsOf`). Shelves and
 * keys that are absent are new. `effects` must hold the movements of every shelf that is counted (R9).
 */
export type Book = {
  store: string;
  shelves: Map<string, Shelf>;
  effects: Map<string, Effect[]>;
  /** Natural keys posted, for ever and over all epochs (R13). */
  keys: Map<string, { at: At; hash: string }>;
  /** Receipts voided and documents taken back, by their key without kind or as reversed: the entry that did it. */
  taken: Map<string, string>;
  /** Facts put aside, by name. */
  aside: Map<string, Aside>;
  /** Questions to persons; null while open. */
  exceptions: Map<string, Decided | null>;
  /** Tills on a trading day, by `tillDayName`: those of which a report has come, or is among the entries. */
  tills: Map<string, TillDay>;
  /** True where tills that are absent had no receipts before; otherwise they are not followed. */
  followsTills: boolean;
  /** Last trading day of the periods that are closed. */
  closedThrough: string | null;
};

export const emptyBook = (store: string): Book => ({
  store,
  shelves: new Map(),
  effects: new Map(),
  keys: new Map(),
  taken: new Map(),
  aside: new Map(),
  exceptions: new Map(),
  tills: new Map(),
  followsTills: true,
  closedThrough: null,
});

/** What one entry did; the book is changed already. */
export type Stepped = {
  /** "1:55" or "d7". */
  name: string;
  lines: LineOutcome[];
  moves: Posting[];
  /** Movements of on-hand that a late count may have to place. */
  effects: { sku: string; line: number; effect: Effect }[];
  /** Earlier corrections whose outcome this entry changed (R20). */
  changes: { name: string; outcome: 'absorbed' | 'posted' }[];
  raised: ExceptionDraft[];
  /**
   * Questions that were decided, or answered by what happened to the shelf of `sku`, if they are still open: the first
   * decision stands (R18).
   */
  settled: { id: string; sku: string | null; decided: Decided }[];
  /** Day on which it counts for the books, where that is not the business date (R24). */
  postingDate: string | null;
};

export function shelfOf(book: Book, sku: string): Shelf {
  let shelf = book.shelves.get(sku);
  if (shelf === undefined) {
    shelf = emptyShelf();
    book.shelves.set(sku, shelf);
  }
  return shelf;
}

/** What must be loaded before an entry is stepped. `counted` are SKUs whose effects are needed. */
export type Needs = {
  skus: Set<string>;
  counted: Set<string>;
  keys: Set<string>;
  taken: Set<string>;
  exceptions: Set<string>;
  /** Tills on a trading day that receipts name, and those that reports name: of the first only those with a report. */
  tills: Set<string>;
  reports: Set<string>;
};

export const noNeeds = (): Needs => ({
  skus: new Set(),
  counted: new Set(),
  keys: new Set(),
  taken: new Set(),
  exceptions: new Set(),
  tills: new Set(),
  reports: new Set(),
});

/** Adds to `needs`; asked once for each entry of a batch, also for facts that are released. */
export function needsOf(store: string, entry: BookEntry, needs: Needs): void {
  if (entry.kind === 'fact') {
    if (entry.read !== null) needsOfFact(store, entry.read.fact, needs);
    return;
  }
  const { body } = entry.directive;
  if ('sku' in body) needs.skus.add(body.sku);
  if (body.kind === 'exception-decided') needs.exceptions.add(body.exception);
  if (entry.released !== null) needsOfFact(store, entry.released.fact, needs);
}

function needsOfFact(store: string, { key, content }: Fact, needs: Needs): void {
  needs.keys.add(key);
  if (content.kind === 'day-closed') needs.reports.add(tillDayName(content));
  else if (isOfTill(content)) needs.tills.add(tillDayName(content));
  for (const sku of lineSkus(content)) needs.skus.add(sku);
  switch (content.kind) {
    case 'stocktake':
      for (const { sku } of content.lines) needs.counted.add(sku);
      break;
    case 'void':
      for (const named of voidedKeys(store, content)) needs.keys.add(named);
      if (content.voids !== undefined) needs.taken.add(takenKey(content.voids, content, store));
      break;
    case 'reversal':
      needs.keys.add(content.reverses);
      needs.taken.add(content.reverses);
      break;
    case 'exception-decided':
      needs.exceptions.add(content.exception);
      break;
    default:
  }
}

type Void = Extract<Fact['content'], { kind: 'sale' | 'return' | 'void' }>;

/** Keys that the receipt which a void takes back may have; none where it was rung up in another store. */
export function voidedKeys(store: string, content: Void): string[] {
  const named = content.voids;
  return named === undefined || (named.store ?? store) !== store ? [] : receiptKeys(store, named, content);
}

/** Name of a voided receipt: without its kind, so that two voids of one receipt meet. */
export const takenKey = (
  named: {
    store?: string | undefined;
    workstation?: string | undefined;
    businessDate?: string | undefined;
    receipt: string;
  },
  by: { workstation: string; businessDate: string },
  store: string,
): string =>
  [
    'void',
    named.store ?? store,
    named.workstation ?? by.workstation,
    named.businessDate ?? by.businessDate,
    named.receipt,
  ].join('|');

/** Facts that central put aside, as its directives say: to be known before those facts are stepped (H11 of the law). */
export function noteAside(book: Book, { dseq, body }: Pick<Directive, 'dseq' | 'body'>): void {
  const by = directiveName(dseq);
  if (body.kind === 'refuse') {
    book.aside.set(factName(body.fact), { kind: 'refused', reason: body.reason, by, on: null });
  } else if (body.kind === 'wait') {
    book.aside.set(factName(body.fact), { kind: 'waiting', reason: 'depends-on-refused', by, on: body.on });
  }
}

/** A line outcome for entries without lines. */
export const wholeOutcome = (
  outcome: LineOutcome['outcome'],
  reason: LineOutcome['reason'] = null,
  by: string | null = null,
): LineOutcome => ({ line: 0, sku: null, outcome, reason, by, other: null, variance: null });

export function steppedAs(name: string, lines: LineOutcome[]): Stepped {
  assert(lines.length > 0, `entry ${name} has no outcome`);
  return { name, lines, moves: [], effects: [], changes: [], raised: [], settled: [], postingDate: null };
}
