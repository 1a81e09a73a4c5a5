// How many entries one slice of work takes, by how long the last ones took: whoever waits for it waits no longer.
import type { Clock } from '../core/clock.ts';
import { BOOK_SLICE_ENTRIES, BOOK_SLICE_MS } from '../core/limits.ts';

/** Each slice costs a commit: on a slow disk the work must go on all the same. */
const LEAST_SHARE = 20;

/** Begins small, and is never beyond `most` entries. */
export function openPace({ monotonicMs }: Pick<Clock, 'monotonicMs'>, most: number = BOOK_SLICE_ENTRIES) {
  const least = Math.ceil(most / LEAST_SHARE);
  let size = least;
  let begunMs = 0;
  return {
    /** Entries that may be taken now. */
    begin(): number {
      begunMs = monotonicMs();
      return size;
    },
    /** So many were done. Few entries say little of what many take, so it never more than doubles. */
    end(entries: number): void {
      const tookMs = monotonicMs() - begunMs;
      const fitting = tookMs <= 0 ? most : Math.floor((entries * BOOK_SLICE_MS) / tookMs);
      if (entries < size && fitting >= entries) return;
      size = Math.min(most, size * 2, Math.max(least, fitting));
    },
  };
}
