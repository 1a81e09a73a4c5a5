// Local time and the offset that holds then and there; what summer time makes doubtful is decided by one rule.
import type { IANAZone } from 'luxon';

export const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Milliseconds that a local time is ahead of UTC: the earlier one where there are two, null where there is none. */
export function offsetAt(zone: IANAZone, localMs: number): number | null {
  const around = [zone.offset(localMs - DAY_MS), zone.offset(localMs + DAY_MS)].map((minutes) => minutes * MINUTE_MS);
  return around.find((offsetMs) => zone.offset(localMs - offsetMs) * MINUTE_MS === offsetMs) ?? null;
}

/** "2026-11-21T10:15:00+01:00": at most milliseconds, and only where there are some. */
export function isoText(localMs: number, offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const sign = offsetMs < 0 ? '-' : '+';
  const local = new Date(localMs).toISOString().replace(/(\.000)?Z$/, '');
  return `${local}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** "04:30" is 270. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
