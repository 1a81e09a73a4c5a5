// How many entries were captured and settled in each bucket of time; what is past is counted once and remembered.
import type { Bucket } from '../protocol/local/rooms/now.ts';
import type { Db } from './database.ts';
import { carriedOn } from './entry-id.ts';
import { type EpochRow, listEpochs } from './epochs.ts';

export type ChartQuery = { bucketMs: number; buckets: number; nowMs: number };

type Counted = { captured: number; settled: number };
/** Buckets by number, as they stay: counted when they were over, while the epochs were these. */
type Past = { epochs: string; nowMs: number; done: Map<number, Counted> };

/** A bucket that ended so long ago gets nothing more. */
const OVER_MS = 60_000;
/** Lengths of buckets that are remembered: the window asks for four, the disk's pace is a fifth. */
const LENGTHS_MAX = 8;

/**
 * A month of a store is some hundred thousand entries: each bucket is one walk along an index, and only those that are
 * not over are counted again. A clock that steps back, or a new epoch, makes all be counted anew.
 */
export function openChart(db: Db) {
  const captured = db
    .prepare<[number, number], number>('SELECT count(*) FROM entry WHERE recorded_ms >= ? AND recorded_ms < ?')
    .pluck();
  // Entries that were carried on are counted where they went.
  const counting = db
    .prepare<[number, number], number>(
      `SELECT count(*) FROM entry WHERE recorded_ms >= ? AND recorded_ms < ? AND NOT ${carriedOn('entry.id')}`,
    )
    .pluck();
  const settled = db
    .prepare<[number, number], number | null>('SELECT sum(entries) FROM mark WHERE settled_ms >= ? AND settled_ms < ?')
    .pluck();
  const known = new Map<number, Past>();

  function pastOf(bucketMs: number, rows: EpochRow[], nowMs: number): Past {
    const epochs = rows.map(({ epoch, closed }) => `${epoch.ordinal}:${closed}`).join(' ');
    const before = known.get(bucketMs);
    if (before !== undefined && before.epochs === epochs && before.nowMs <= nowMs) return { ...before, nowMs };
    return { epochs, nowMs, done: new Map() };
  }

  return {
    /** Buckets of equal length, oldest first; the last one holds `nowMs`. */
    read({ bucketMs, buckets, nowMs }: ChartQuery): Bucket[] {
      const last = Math.floor(nowMs / bucketMs);
      const first = last - buckets + 1;
      const rows = listEpochs(db);
      const hasCarried = rows.some(({ closed, seq }) => closed !== null && closed < seq);
      const past = pastOf(bucketMs, rows, nowMs);
      const count = (bucket: number): Counted => {
        // What is to come, by a clock that was wrong, belongs to the last one.
        const range = [bucket * bucketMs, bucket === last ? Number.MAX_SAFE_INTEGER : (bucket + 1) * bucketMs] as const;
        return { captured: (hasCarried ? counting : captured).get(...range) ?? 0, settled: settled.get(...range) ?? 0 };
      };
      const counted = new Map<number, Counted>();
      const done = new Map<number, Counted>();
      for (let bucket = first; bucket <= last; bucket++) {
        const of = past.done.get(bucket) ?? count(bucket);
        counted.set(bucket, of);
        if ((bucket + 1) * bucketMs + OVER_MS < nowMs) done.set(bucket, of);
      }
      if (known.size >= LENGTHS_MAX && !known.has(bucketMs)) known.clear();
      known.set(bucketMs, { ...past, done });
      return toBuckets(counted, bucketMs, rows.at(-1));
    },
  };
}

/** The last bucket ends with what waits now; each one before with what that was, less what has changed since. */
function toBuckets(counted: Map<number, Counted>, bucketMs: number, open: EpochRow | undefined): Bucket[] {
  const changed = [...counted.values()].reduce((sum, of) => sum + of.captured - of.settled, 0);
  let waiting = (open === undefined ? 0 : open.seq - open.settled) - changed;
  return [...counted].map(([bucket, of]) => {
    waiting += of.captured - of.settled;
    // Steps of the clock can put a mark into an earlier bucket than what it settled.
    return { atMs: bucket * bucketMs, ...of, waiting: Math.max(0, waiting) };
  });
}
