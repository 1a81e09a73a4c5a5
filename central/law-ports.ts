// What the law reads and writes at central: the directives log, shelves, questions to persons, facts put aside.
import type { Aside, Book, Needs } from '../core/book.ts';
import type { Directive } from '../core/decision.ts';
import type { ExceptionDraft, ExceptionType } from '../core/exception.ts';
import type { At } from '../core/order.ts';
import type { Shelf } from '../core/shelf.ts';
import type { Closing } from './judge.ts';

/** A directive as it is kept and sent: canonical bytes, their place in the log, central's signature over both. */
export type HeldDirective = { dseq: number; chain: string; bytes: Uint8Array; keyId: string; signature: string };
export type DirectiveRow = HeldDirective & { directive: Directive };

/** A new life of a journal that was granted, and where the old one ended. */
export type Grant = { dseq: number; ordinal: number; life: string; closed: Closing };

export type Directives = {
  /** Adds to the end of the log; they are not stepped by that. */
  append(store: string, rows: DirectiveRow[]): Promise<void>;
  /** Those behind `after`, in order. */
  page(store: string, after: number, limit: number): Promise<HeldDirective[]>;
  /** The log's chain at a directive that is held; null where it is not. */
  chainAt(store: string, dseq: number): Promise<string | null>;
  /** The store has applied everything up to `dseq`. */
  acked(store: string, dseq: number): Promise<void>;
  /** Epochs granted by directives behind `after`, in order. */
  grants(store: string, after: number): Promise<Grant[]>;
};

export type Shelves = {
  /** Those that exist. */
  read(store: string, skus: Iterable<string>): Promise<Map<string, Shelf>>;
  /** All shelves of one bucket of the digest, by SKU. */
  inBucket(store: string, bucket: number): Promise<{ sku: string; shelf: Shelf }[]>;
};

/** `decidedBy` is null while it is open. */
export type HeldException = ExceptionDraft & {
  store: string;
  deadlineMs: number;
  raisedBy: string;
  decidedBy: string | null;
  option: string | null;
  decidedMs: number | null;
};

export type Exceptions = {
  find(store: string, id: string): Promise<HeldException | null>;
  /** SKUs among these that an open question of the type is about; '' of one that names no SKU. */
  openAbout(store: string, type: ExceptionType, skus: readonly string[]): Promise<Set<string>>;
};

/** A fact that is still put aside, the names by which others depend on it, and its bytes. */
export type AsideFact = Aside & { at: At; names: string[]; bytes: Uint8Array };

export type PutAside = {
  /** Those that have one of the names or stand at one of the places, in order. */
  find(store: string, wanted: { names: Iterable<string>; facts: readonly At[] }): Promise<AsideFact[]>;
  /** Those of an epoch from one sequence number to another, in order, no more than a page. */
  range(store: string, range: { epoch: number; first: number; last: number }): Promise<AsideFact[]>;
  /** Those that wait for a refused one, in order. */
  waiting(store: string): Promise<AsideFact[]>;
};

/** What is to be loaded of a book; movements of the counted shelves from `effectsSinceMs` on. */
export type Wanted = Needs & { effectsSinceMs: number };
export type LoadedBook = Pick<Book, 'shelves' | 'effects' | 'keys' | 'taken' | 'exceptions' | 'tills'>;
