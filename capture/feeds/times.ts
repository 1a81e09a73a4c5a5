// Times as documents write them, to instants with their offset; and the trading day of documents that name none.
import { IANAZone } from 'luxon';
import { TIME_LENGTH_MAX } from '../../core/limits/feeds.ts';
import { isoText, MINUTE_MS, minutesOf, offsetAt } from '../zone.ts';

export type InstantRead =
  | { ok: true; instant: string /** YYYY-MM-DD in its own offset, or in the zone. */; localDay: string }
  | { ok: false; problem: string; fix: string };

/** xs:dateTime and its kin: a date, a time of day perhaps without seconds, up to nine digits, perhaps an offset. */
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const OFFSET_MINUTES_MAX = 14 * 60;
const FIX = 'send the time with its offset, for example 2026-11-21T10:15:00+01:00';

/**
 * RFC 3339 with offset and at most milliseconds, what is finer is cut off. A time without offset is local to the zone:
 * of an hour that comes twice it is the first, one that does not exist is a problem.
 */
export function instantOf(text: unknown, timeZone: string): InstantRead {
  if (typeof text !== 'string' || text.length > TIME_LENGTH_MAX) return { ok: false, problem: 'is no time', fix: FIX };
  const match = TIME.exec(text.trim());
  const localMs = match === null ? null : localMillis(match);
  if (match === null || localMs === null) return { ok: false, problem: 'is no time', fix: FIX };
  const offsetMs = match[8] === undefined ? offsetAt(zoneOf(timeZone), localMs) : offsetMillis(match[8]);
  if (offsetMs === null) {
    const problem =
      match[8] === undefined ? `does not exist in ${timeZone}: the clocks were put forward then` : 'has no real offset';
    return { ok: false, problem, fix: FIX };
  }
  const zulu = match[8] !== undefined && /z/i.test(match[8]);
  const instant = zulu ? isoText(localMs, 0).replace('+00:00', 'Z') : isoText(localMs, offsetMs);
  return { ok: true, instant, localDay: instant.slice(0, 10) };
}

/** The trading day (YYYY-MM-DD) of an instant: what is before `dayStartsAt` ("04:00") belongs to the day before. */
export function businessDay(instant: string, timeZone: string, dayStartsAt: string): string {
  const ms = Date.parse(instant);
  const local = ms + zoneOf(timeZone).offset(ms) * MINUTE_MS;
  return new Date(local - minutesOf(dayStartsAt) * MINUTE_MS).toISOString().slice(0, 10);
}

const zoneOf = (timeZone: string): IANAZone => IANAZone.create(timeZone);

/** Wall-clock milliseconds, or null where the calendar has no such time. 24:00 is the midnight after. */
function localMillis([, year, month, day, hour, minute, second = '0', fraction = '']: RegExpExecArray): number | null {
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isDay = new Date(midnight).toISOString().startsWith(`${year}-${month}-${day}T`);
  const millis = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const ofDay = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1_000 + millis;
  const isTime = Number(hour) < 24 ? Number(minute) < 60 && Number(second) < 60 : ofDay === 24 * 60 * MINUTE_MS;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; the year 10000 has another form.
  return isDay && isTime && Number(year) > 99 && Number(year) < 9999 ? midnight + ofDay : null;
}

function offsetMillis(text: string): number | null {
  if (/z/i.test(text)) return 0;
  const digits = text.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  if (minutes > OFFSET_MINUTES_MAX || Number(digits.slice(2)) > 59) return null;
  return (text.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}
