// One store's book as either side folds it, in memory: core's own steps, digest and outcome chain, on plain data.
import { type Book, type BookEntry, emptyBook, needsOf, noNeeds, noteAside, type ReadFact } from '../../core/book.ts';
import type { Directive } from '../../core/decision.ts';
import {
  BUCKETS,
  bucketHex,
  bucketOf,
  digestOf,
  emptyBuckets,
  replaceInBuckets,
  shelfHash,
} from '../../core/digest.ts';
import { contentHash } from '../../core/fact.ts';
import { hex, text } from '../../core/hash.ts';
import { type At, BEGINNING, factName, laterOf, place } from '../../core/order.ts';
import { linkOutcome, outcomesGenesis, step } from '../../core/step.ts';
import { FactSchema } from '../../protocol/fact.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { ShelfSum, Stated } from '../../sync/ports.ts';

export type Folding = { book: Book; buckets: Uint8Array; outcomes: string; at: At; dseq: number };
export type PlacedFact = { at: At; read: ReadFact | null };

export const emptyFolding = (store: string): Folding => ({
  book: emptyBook(store),
  buckets: emptyBuckets(),
  outcomes: outcomesGenesis(sha256, store),
  at: BEGINNING,
  dseq: 0,
});

export function readFact(bytes: Uint8Array): ReadFact | null {
  try {
    const { data } = FactSchema.safeParse(JSON.parse(text(bytes)));
    return data === undefined ? null : { fact: data, hash: contentHash(sha256, data.content) };
  } catch {
    return null;
  }
}

export const hashOf = (folding: Folding, sku: string): Uint8Array | null => {
  const shelf = folding.book.shelves.get(sku);
  return shelf === undefined ? null : shelfHash(sha256, sku, shelf);
};

/** Changes the folding. */
export function foldIn(folding: Folding, entry: BookEntry): void {
  const { book, buckets } = folding;
  const needs = noNeeds();
  needsOf(book.store, entry, needs);
  const before = new Map([...needs.skus].map((sku) => [sku, hashOf(folding, sku)]));
  folding.outcomes = linkOutcome(sha256, folding.outcomes, step(book, entry));
  for (const [sku, hash] of before) replaceInBuckets(buckets, sku, hash, hashOf(folding, sku));
  if (entry.kind === 'fact') folding.at = laterOf(folding.at, entry.at);
  else folding.dseq = entry.directive.dseq;
}

/** From nothing. */
export function foldAll(store: string, facts: PlacedFact[], directives: Directive[]): Folding {
  const folding = emptyFolding(store);
  for (const directive of directives) noteAside(folding.book, directive);
  const byName = new Map(facts.map((fact) => [factName(fact.at), fact.read]));
  for (const { fact, directive } of place(facts, directives)) {
    if (fact !== undefined) foldIn(folding, { kind: 'fact', ...fact });
    else if (directive !== undefined)
      foldIn(
        folding,
        directiveEntry(directive, (at) => byName.get(factName(at)) ?? null),
      );
  }
  return folding;
}

export const directiveEntry = (directive: Directive, find: (at: At) => ReadFact | null): BookEntry => ({
  kind: 'directive',
  directive,
  released: directive.body.kind === 'release' ? find(directive.body.fact) : null,
});

export const statedOf = (folding: Folding): Stated => ({
  dseq: folding.dseq,
  digest: digestOf(sha256, folding.buckets),
  outcomes: folding.outcomes,
});

export const sumsOf = ({ buckets }: Folding): string[] =>
  Array.from({ length: BUCKETS }, (_, bucket) => bucketHex(buckets, bucket));

/** The buckets whose sums are not these, and all shelves in them. */
export function shelvesBehind(folding: Folding, sums: string[]): { buckets: number[]; shelves: ShelfSum[] } {
  const own = sumsOf(folding);
  const buckets = own.flatMap((sum, bucket) => (sum === sums[bucket] ? [] : [bucket]));
  const shelves = [...folding.book.shelves.keys()].flatMap((sku): ShelfSum[] => {
    const hash = buckets.includes(bucketOf(sku)) ? hashOf(folding, sku) : null;
    return hash === null ? [] : [[sku, hex(hash)]];
  });
  return { buckets, shelves };
}
