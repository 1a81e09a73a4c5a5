// Spans of time that come again each week, as a clock on the wall shows them: from Monday 0:00, in minutes.

export const WEEK_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type WeekDay = (typeof WEEK_DAYS)[number];
/** `to` at or before `from`: it ends on the next day. Times of day as "08:30". */
export type Span = { days: readonly WeekDay[]; from: string; to: string };

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** Minutes until none of the spans that are open at this minute of the week is open any more; 0 while all are closed. */
export function minutesLeft(spans: readonly Span[], minuteOfWeek: number): number {
  let left = 0;
  // One span may begin where another ends: each round goes on from where the last one ended.
  for (let round = 0; round < WEEK; round++) {
    const more = Math.max(0, ...starts(spans).map(([start, length]) => length - ago(minuteOfWeek + left, start)));
    if (more === 0 || left >= WEEK) break;
    left += more;
  }
  return Math.min(left, WEEK);
}

/** Minutes until a span begins or is open; null where there are none. */
export function minutesUntil(spans: readonly Span[], minuteOfWeek: number): number | null {
  if (minutesLeft(spans, minuteOfWeek) > 0) return 0;
  const waits = starts(spans).map(([start]) => ago(start, minuteOfWeek));
  return waits.length === 0 ? null : Math.min(...waits);
}

/** Minutes from `before` on to `after`, within a week. */
const ago = (after: number, before: number): number => (((after - before) % WEEK) + WEEK) % WEEK;

const starts = (spans: readonly Span[]): [start: number, length: number][] =>
  spans.flatMap(({ days, from, to }) => {
    const length = minuteOfDay(to) - minuteOfDay(from);
    return days.map((day): [number, number] => [
      WEEK_DAYS.indexOf(day) * DAY + minuteOfDay(from),
      length > 0 ? length : length + DAY,
    ]);
  });

function minuteOfDay(text: string): number {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}
