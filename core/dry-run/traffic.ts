// What a store's entries of some days are as batches on the line, under one sync policy or another.
import { BATCH_HEAD_BYTES } from '../limits/tries.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '../limits.ts';
import { minutesLeft, type Span, WEEK_DAYS } from '../weekly.ts';

export type TrafficPolicy = {
  batchEntries?: number | undefined;
  bytesPerSecond?: number | undefined;
  times?: readonly Span[] | undefined;
};

/** One day of the journal; `date` as YYYY-MM-DD. */
export type TrafficDay = { date: string; entries: number; bytes: number };

export type Traffic = {
  /** Of the days together, if each day's entries were sent at once, in batches as full as they may be. */
  entries: number;
  batches: number;
  /** Entries that fit a batch, by their mean size. */
  entriesPerBatch: number;
  /** Before compression, with what a batch has besides its entries. */
  bytesPerDay: number;
  busiest: {
    date: string;
    bytes: number;
    /** So long it takes at the rate that is allowed; null where none is set. */
    seconds: number | null;
    /** Seconds of that day in which entries may be sent. */
    secondsAllowed: number;
  } | null;
};

/** `scale`: entries and bytes become so many times as many, where files are read in another way. */
export function trafficOf(
  days: readonly TrafficDay[],
  { batchEntries = BATCH_ENTRIES_MAX, bytesPerSecond, times }: TrafficPolicy,
  scale: { entries: number; bytes: number } = { entries: 1, bytes: 1 },
): Traffic {
  const scaled = days.map(({ date, entries, bytes }) => ({
    ...{ date, entries: Math.round(entries * scale.entries), bytes: Math.round(bytes * scale.bytes) },
  }));
  const entries = scaled.reduce((sum, day) => sum + day.entries, 0);
  const bytes = scaled.reduce((sum, day) => sum + day.bytes, 0);
  const fitting = entries === 0 ? batchEntries : Math.floor((BATCH_BYTES_MAX * entries) / Math.max(1, bytes));
  const entriesPerBatch = Math.max(1, Math.min(batchEntries, fitting));
  const sent = scaled.map((day) => {
    const batches = Math.ceil(day.entries / entriesPerBatch);
    return { ...day, batches, bytes: day.bytes + batches * BATCH_HEAD_BYTES };
  });
  const all = sent.reduce((sum, day) => sum + day.bytes, 0);
  const top = sent.reduce<(typeof sent)[number] | null>(
    (most, day) => (most && most.bytes >= day.bytes ? most : day),
    null,
  );
  return {
    entries,
    batches: sent.reduce((sum, day) => sum + day.batches, 0),
    entriesPerBatch,
    bytesPerDay: days.length === 0 ? 0 : Math.round(all / days.length),
    busiest: top && {
      date: top.date,
      bytes: top.bytes,
      seconds: bytesPerSecond === undefined ? null : Math.ceil(top.bytes / bytesPerSecond),
      secondsAllowed: times === undefined ? DAY_MINUTES * 60 : 60 * minutesOpen(times, weekDayOf(top.date)),
    },
  };
}

const DAY_MINUTES = 24 * 60;

/** 0 is Monday. */
const weekDayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % WEEK_DAYS.length;

function minutesOpen(spans: readonly Span[], weekDay: number): number {
  let open = 0;
  for (let minute = 0; minute < DAY_MINUTES; minute++) {
    if (minutesLeft(spans, weekDay * DAY_MINUTES + minute) > 0) open++;
  }
  return open;
}
