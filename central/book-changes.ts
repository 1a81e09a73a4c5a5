// What changes in a store's book while entries are stepped: so that only that is written, and the digest moves along.
import type { Book, BookEntry, Stepped } from '../core/book.ts';
import { skusOfDecision } from '../core/decision.ts';
import { replaceInBuckets, shelfHash } from '../core/digest.ts';
import type { At } from '../core/order.ts';
import type { Shelf } from '../core/shelf.ts';
import { sha256 } from '../protocol/sha256.ts';

export type BookChanges = {
  /** Shelves that were touched, as they are now. */
  shelves: Map<string, Shelf>;
  keys: { key: string; at: At; hash: string }[];
  taken: { subject: string; entry: string }[];
};

/** To be opened before the first step. */
export function openBookChanges(book: Book) {
  const hashes = new Map([...book.shelves].map(([sku, shelf]) => [sku, shelfHash(sha256, sku, shelf)]));
  const keys = new Set(book.keys.keys());
  const taken = new Set(book.taken.keys());
  const touched = new Set<string>();
  return {
    note(entry: BookEntry, stepped: Stepped): void {
      for (const { sku } of stepped.lines) if (sku !== null) touched.add(sku);
      if (entry.kind === 'directive') for (const sku of skusOfDecision(entry.directive.body)) touched.add(sku);
    },
    /** Once, behind the last step; `buckets` are changed in place (R4). */
    collect(buckets: Uint8Array): BookChanges {
      const shelves = new Map<string, Shelf>();
      for (const sku of touched) {
        const shelf = book.shelves.get(sku);
        if (shelf === undefined) continue;
        shelves.set(sku, shelf);
        replaceInBuckets(buckets, sku, hashes.get(sku) ?? null, shelfHash(sha256, sku, shelf));
      }
      const fresh = [...book.keys].filter(([key]) => !keys.has(key));
      const added = [...book.taken].filter(([subject]) => !taken.has(subject));
      return {
        shelves,
        keys: fresh.map(([key, { at, hash }]) => ({ key, at, hash })),
        taken: added.map(([subject, entry]) => ({ subject, entry })),
      };
    },
  };
}
