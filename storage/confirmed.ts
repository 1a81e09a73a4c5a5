// How far the book is confirmed, and what central's newest mark states: one row, kept in memory too.
import { emptyBuckets } from '../core/digest.ts';
import { type At, BEGINNING, type Cut, compareAt } from '../core/order.ts';
import { outcomesGenesis } from '../core/step.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';

/** What a mark says of central's book at its cut: digest of positions and outcome chain. */
export type Stated = { dseq: number; digest: string; outcomes: string };
export type StatedCut = Stated & { at: At };

export type ConfirmedState = {
  /** Everything up to here is in the book: a place in canonical order, a cut of central where it is the stated one. */
  cut: Cut;
  /** Running digest of the outcomes. */
  outcomes: string;
  buckets: Uint8Array;
  closedThrough: string | null;
  /** Newest time of capture of a fact in it. */
  recordedMs: number;
  /** It was folded anew because it differed, and has agreed with no mark since. */
  rebuilt: boolean;
  stated: StatedCut | null;
  /** The stated cut was compared. */
  told: boolean;
};

type Row = {
  epoch: number;
  seq: number;
  dseq: number;
  outcomes: string;
  buckets: Uint8Array;
  closedThrough: string | null;
  recordedMs: number;
  rebuilt: number;
  stated: string | null;
  told: number;
};

export const emptyState = (store: string): ConfirmedState => ({
  cut: { at: BEGINNING, dseq: 0 },
  outcomes: outcomesGenesis(sha256, store),
  buckets: emptyBuckets(),
  closedThrough: null,
  recordedMs: 0,
  rebuilt: false,
  stated: null,
  told: true,
});

/** Central's cuts stand one behind the other: negative where `a` is an earlier one. */
export const compareCuts = (a: Cut, b: Cut): number => compareAt(a.at, b.at) || a.dseq - b.dseq;

export function readState(db: Db, store: string): ConfirmedState {
  const row = db
    .prepare<[], Row>(
      `SELECT epoch, seq, dseq, outcomes, buckets, closed_through AS closedThrough, recorded_ms AS recordedMs, rebuilt,
         stated, told FROM confirmed`,
    )
    .get();
  if (row === undefined) return emptyState(store);
  const { epoch, seq, dseq, outcomes, closedThrough, recordedMs, stated } = row;
  return {
    cut: { at: { epoch, seq }, dseq },
    outcomes,
    buckets: Uint8Array.from(row.buckets),
    closedThrough,
    recordedMs,
    rebuilt: row.rebuilt === 1,
    stated: stated === null ? null : (JSON.parse(stated) as StatedCut),
    told: row.told === 1,
  };
}

export type Confirmation = ReturnType<typeof openConfirmation>;

export function openConfirmation(db: Db, store: string) {
  const write = db.prepare(
    `INSERT OR REPLACE INTO confirmed
       (id, epoch, seq, dseq, outcomes, buckets, closed_through, recorded_ms, rebuilt, stated, told)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let state = readState(db, store);
  return {
    now: (): ConfirmedState => state,
    /** Inside a transaction. */
    save(next: ConfirmedState): void {
      const { cut, outcomes, buckets, closedThrough, recordedMs, rebuilt, stated, told } = next;
      const said = stated === null ? null : JSON.stringify(stated);
      const place = [cut.at.epoch, cut.at.seq, cut.dseq];
      write.run(...place, outcomes, buckets, closedThrough, recordedMs, rebuilt ? 1 : 0, said, told ? 1 : 0);
      state = next;
    },
    /** After a transaction that was rolled back. */
    reload(): void {
      state = readState(db, store);
    },
  };
}
