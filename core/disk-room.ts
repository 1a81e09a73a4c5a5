// How long until a disk is full, at the pace at which a store has been selling.

/** What lies on one disk, and how much came in. */
export type DiskUse = {
  /** Bytes that may still be written before nothing more is taken in. */
  freeBytes: number;
  /** Bytes that the entries take there now. */
  keptBytes: number;
  entries: number;
  /** Entries taken in on each of the last whole days, from the first on which there was one. */
  byDay: readonly number[];
};

/** Beyond this nobody plans. */
const DAYS_MAX = 36_500;
/** A day counts as no more than so many usual ones: an import of past years is no pace. */
const USUAL_DAYS_MAX = 3;

/** Whole days until the disk is full; null where less than a day is known, or nothing came in. */
export function daysOfRoom({ freeBytes, keptBytes, entries, byDay }: DiskUse): number | null {
  if (entries <= 0 || keptBytes <= 0) return null;
  const perDay = usualDay(byDay);
  if (perDay === null || perDay === 0) return null;
  const bytesPerDay = (keptBytes / entries) * perDay;
  return Math.min(DAYS_MAX, Math.max(0, Math.floor(freeBytes / bytesPerDay)));
}

/** Mean of the days, of which none counts as more than some usual ones. */
function usualDay(byDay: readonly number[]): number | null {
  if (byDay.length === 0) return null;
  const sorted = [...byDay].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const most = median === 0 ? Number.POSITIVE_INFINITY : median * USUAL_DAYS_MAX;
  return byDay.reduce((sum, day) => sum + Math.min(day, most), 0) / byDay.length;
}

/** The days before the present one, without the quiet ones before the first sale: a chart of days, oldest first. */
export function wholeDays(captured: readonly number[]): number[] {
  const whole = captured.slice(0, -1);
  const first = whole.findIndex((count) => count > 0);
  return first === -1 ? [] : whole.slice(first);
}
