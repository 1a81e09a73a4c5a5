// The rows that a few posted batches make, the same for every ledger: decided without any I/O.
import type { Position } from '../core/position.ts';
import type { Posting } from '../core/posting.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import type { Before, Owner, Posted } from './fold.ts';

/** Only what was posted claims its key: a refused fact leaves it to the one that is right. */
export const keyClaims = (posted: Posted[]): { seq: number; key: string; hash: string }[] =>
  posted.flatMap(({ arrived: { seq, read }, result }) =>
    read !== null && (result.outcome === 'posted' || result.outcome === 'flagged')
      ? [{ seq, key: read.fact.key, hash: read.hash }]
      : [],
  );

export const postingRows = (posted: Posted[]): (Posting & { seq: number })[] =>
  posted.flatMap(({ arrived: { seq }, postings }) => postings.map((posting) => ({ seq, ...posting })));

/** Where the SKUs that were moved stand afterwards. */
export function movedPositions(posted: Posted[], after: Before): { sku: string; position: Position }[] {
  const moved = new Set(posted.flatMap(({ postings }) => postings.map(({ sku }) => sku)));
  return [...moved].flatMap((sku) => {
    const position = after.positions.get(sku);
    return position === undefined ? [] : [{ sku, position }];
  });
}

export const deadLetters = (posted: Posted[]): { seq: number; owner: Owner; reason: string | null }[] =>
  posted.flatMap(({ arrived: { seq }, owner, result }) =>
    owner === null ? [] : [{ seq, owner, reason: result.reason }],
  );

/** The batches that any of these entries came in: their signatures are the evidence (D5). */
export function signedBatches(posted: Posted[], batches: Batch[]): Batch[] {
  const lasts = new Set(posted.map(({ arrived }) => arrived.batchLast));
  return batches.filter(({ last }) => lasts.has(last));
}
