// Finds out where the confirmed book is not central's, and folds those shelves anew from the whole journal (L6).
import { BUCKETS, bucketHex, bucketOf, emptyBuckets, replaceInBuckets, shelfHash } from '../core/digest.ts';
import { fromHex, hex } from '../core/hash.ts';
import type { Cut } from '../core/order.ts';
import { onHand, type Shelf } from '../core/shelf.ts';
import { sha256 } from '../protocol/sha256.ts';
import { type Confirmation, compareCuts } from './confirmed.ts';
import type { Db } from './database.ts';
import type { Directives } from './directives.ts';
import { entryId } from './entry-id.ts';
import type { FoldSkus } from './fold-skus.ts';
import type { History, PlacedFact } from './history.ts';

/** A SKU and the first 16 bytes of its `shelfHash` in hex. */
export type ShelfSum = [sku: string, hash: string];

export type MendParts = {
  db: Db;
  confirmation: Confirmation;
  directives: Directives;
  history: History;
  fold: FoldSkus;
};

export type Mend = ReturnType<typeof openMend>;

export function openMend({ db, confirmation, directives, history, fold }: MendParts) {
  const hashes = openShelfSums(db);
  const idsOf = db
    .prepare<[string, number], number>('SELECT entry FROM sku_entry WHERE sku = ? AND entry <= ?')
    .pluck();
  const write = db.prepare(
    `INSERT INTO shelf (sku, on_hand, reserved, known, book, hash) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (sku) DO UPDATE SET on_hand = excluded.on_hand, reserved = excluded.reserved,
       known = excluded.known, book = excluded.book, hash = excluded.hash`,
  );

  /** Confirmed facts of these shelves in order, read one by one. */
  function* factsOf(skus: ReadonlySet<string>, { at }: Cut): Generator<PlacedFact> {
    if (at.epoch === 0) return;
    const last = entryId(at.epoch, at.seq);
    const ids = new Set([...skus].flatMap((sku) => idsOf.all(sku, last)));
    for (const id of [...ids].sort((a, b) => a - b)) {
      const fact = history.factAt(id);
      if (fact !== null) yield fact;
    }
  }

  /** As the confirmed cut has them, folded from nothing. */
  function refold(skus: ReadonlySet<string>, cut: Cut = confirmation.now().cut): Map<string, Shelf> {
    const facts = [...factsOf(skus, cut)];
    return fold.fold({ skus, from: 'nothing', facts, directives: decidedOn(skus, facts, cut.dseq) });
  }

  /** Decisions up to `through` that say something of these shelves or of facts that touch them, and closed periods. */
  function decidedOn(skus: ReadonlySet<string>, facts: PlacedFact[], through: number) {
    const named = directives.factsNamed();
    const found = [
      ...[...skus].flatMap((sku) => directives.ofSku(sku, through)),
      ...facts.flatMap(({ id }) => (named.has(id) ? directives.ofFact(id, through) : [])),
      ...directives.periods(through),
    ];
    const unique = new Map(found.map((directive) => [directive.dseq, directive]));
    return [...unique.values()].sort((a, b) => a.dseq - b.dseq);
  }

  function replace(shelves: Map<string, Shelf>): void {
    for (const [sku, shelf] of shelves) {
      const { places, known } = shelf;
      const hash = shelfHash(sha256, sku, shelf);
      write.run(sku, onHand(places), places.reserved, known ? 1 : 0, JSON.stringify(shelf), hash);
    }
    // The sums may be what is damaged: they are added up anew.
    const buckets = emptyBuckets();
    for (const [sku, hash] of hashes.all()) replaceInBuckets(buckets, sku, null, fromHex(hash));
    confirmation.save({ ...confirmation.now(), buckets });
  }

  /** While a shelf was wrong other outcomes were told of its entries, and other questions asked, than central's. */
  function saidOther(cut: Cut): boolean {
    const { stated, outcomes } = confirmation.now();
    if (stated === null || compareCuts({ at: stated.at, dseq: stated.dseq }, cut) !== 0) return false;
    return stated.outcomes !== outcomes;
  }

  const differing = (buckets: ReadonlySet<number>, theirs: ShelfSum[]): string[] => {
    const expected = new Map(theirs);
    for (const [sku, hash] of hashes.all()) {
      if (!buckets.has(bucketOf(sku))) continue;
      if (expected.get(sku) === hash) expected.delete(sku);
      else if (!expected.has(sku)) expected.set(sku, '');
    }
    return [...expected.keys()];
  };

  return {
    sums: () => {
      const { cut, buckets } = confirmation.now();
      return { cut, sums: Array.from({ length: BUCKETS }, (_, bucket) => bucketHex(buckets, bucket)) };
    },
    refold,
    factsOf,
    decidedOn,
    /**
     * Inside a transaction. Answers what still differs of these buckets; null where the book has left that cut, also
     * because they do not explain the difference, or not all of it, and it is made anew, once.
     */
    mend(cut: Cut, within: number[], theirs: ShelfSum[], startAnew: () => void): string[] | null {
      if (compareCuts(confirmation.now().cut, cut) !== 0) return null;
      const buckets = new Set(within);
      const wrong = differing(buckets, theirs);
      if (wrong.length > 0) {
        replace(refold(new Set(wrong)));
        const left = differing(buckets, theirs);
        if (left.length > 0 || !saidOther(cut)) return left;
      }
      if (confirmation.now().rebuilt) return [];
      startAnew();
      return null;
    },
  };
}

export function openShelfSums(db: Db) {
  const all = db.prepare<[], { sku: string; hash: Uint8Array }>('SELECT sku, hash FROM shelf WHERE hash IS NOT NULL');
  return {
    all: (): ShelfSum[] => all.all().map(({ sku, hash }) => [sku, hex(hash)]),
  };
}
