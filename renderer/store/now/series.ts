// Buckets to the chart's two rising lines: the gap between them is what waits on this PC.
import type { Bucket } from '../../../protocol/local/rooms/now.ts';

export const RANGES = {
  quarter: { bucketMs: 10_000, buckets: 90, everyMs: 2_000 },
  hour: { bucketMs: 30_000, buckets: 120, everyMs: 5_000 },
  day: { bucketMs: 900_000, buckets: 96, everyMs: 30_000 },
  month: { bucketMs: 21_600_000, buckets: 120, everyMs: 300_000 },
} as const;
export type RangeName = keyof typeof RANGES;
export const RANGE_NAMES = ['quarter', 'hour', 'day', 'month'] as const satisfies RangeName[];

export type Rising = {
  /** Seconds since 1970 at the end of each bucket. */
  atSeconds: number[];
  /** Taken in since the first bucket began, plus what waited then. */
  captured: number[];
  confirmed: number[];
};

/** Counts up. The distance between the lines is what waited at the end of each bucket. */
export function rising(buckets: Bucket[], bucketMs: number): Rising {
  const [first] = buckets;
  let captured = first === undefined ? 0 : Math.max(0, first.waiting - first.captured + first.settled);
  let confirmed = 0;
  const out: Rising = { atSeconds: [], captured: [], confirmed: [] };
  for (const bucket of buckets) {
    captured += bucket.captured;
    confirmed += bucket.settled;
    out.atSeconds.push((bucket.atMs + bucketMs) / 1_000);
    out.captured.push(captured);
    out.confirmed.push(confirmed);
  }
  return out;
}

export type Totals = { captured: number; confirmed: number; waiting: number };

export const totals = (buckets: Bucket[]): Totals => ({
  captured: buckets.reduce((sum, bucket) => sum + bucket.captured, 0),
  confirmed: buckets.reduce((sum, bucket) => sum + bucket.settled, 0),
  waiting: buckets.at(-1)?.waiting ?? 0,
});

/** Fewer than this are never drawn, so that a shop's first minute is not stretched over the whole chart. */
const DRAWN_LEAST = 12;

/** Without the quiet before the first sale: a shop that just opened sees its morning, not an empty night. */
export function fromFirst(buckets: Bucket[]): Bucket[] {
  const first = buckets.findIndex(({ captured, settled, waiting }) => captured + settled + waiting > 0);
  return first <= 0 ? buckets : buckets.slice(Math.max(0, Math.min(first - 1, buckets.length - DRAWN_LEAST)));
}

/** Neighbours put together so that a table has at most `rows` of them. */
export function thinned(buckets: Bucket[], rows: number): Bucket[] {
  const each = Math.ceil(buckets.length / rows);
  const out: Bucket[] = [];
  for (let at = 0; at < buckets.length; at += each) {
    const part = buckets.slice(at, at + each);
    const { captured, confirmed, waiting } = totals(part);
    out.push({ atMs: part[0]?.atMs ?? 0, captured, settled: confirmed, waiting });
  }
  return out;
}
