// Where central stands with a store, and what it holds there: for whoever compares it with the store's own book (R4).
import { BUCKETS, bucketHex, digestOf, shelfHash } from '../core/digest.ts';
import { hex } from '../core/hash.ts';
import { onHand } from '../core/shelf.ts';
import type { CutRow, CutShelves } from '../protocol/hq/cut.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Stream } from './judge.ts';
import type { Ledger } from './ports.ts';

/** Null for a store that never said hello. */
export function readCut(ledger: Ledger, store: string): Promise<CutRow | null> {
  return ledger.transaction(async (tx) => {
    const stream = await tx.streams.lock(store, '');
    return stream === null ? null : cutOf(stream);
  });
}

/** All shelves of one bucket, and the cut that this is of: it may have moved on since the last question. */
export function readCutShelves(ledger: Ledger, store: string, bucket: number): Promise<CutShelves | null> {
  return ledger.transaction(async (tx) => {
    const stream = await tx.streams.lock(store, '');
    if (stream === null) return null;
    const held = await tx.shelves.inBucket(store, bucket);
    const shelves = held.flatMap(({ sku, shelf }) => {
      const hash = shelfHash(sha256, sku, shelf);
      return hash === null ? [] : [{ sku, hash: hex(hash), onHand: onHand(shelf.places) }];
    });
    const { epoch, seq, dseq } = cutOf(stream);
    return { epoch, seq, dseq, shelves };
  });
}

const cutOf = ({ store, epoch, seq, dseq, heldDseq, buckets, outcomes, ackedDseq }: Stream): CutRow => ({
  store,
  epoch: epoch?.ordinal ?? 0,
  seq,
  dseq,
  heldDseq,
  ackedDseq,
  digest: digestOf(sha256, buckets),
  outcomes,
  buckets: Array.from({ length: BUCKETS }, (_, bucket) => bucketHex(buckets, bucket)),
});
