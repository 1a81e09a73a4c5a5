// Local times of a file to instants with their offset; what summer time makes doubtful is decided by one rule.
import { DateTime, IANAZone } from 'luxon';
import { TIMES_CACHED_MAX } from '../../core/limits/files.ts';
import { isoText, MINUTE_MS, minutesOf, offsetAt } from '../zone.ts';
import type { CsvMapping } from './mapping.ts';

export type LocalTime = {
  instantMs: number;
  /** ISO 8601 with the offset that held then and there. */
  occurred: string;
  /** The store's date of (time minus the start of the day), YYYY-MM-DD. */
  day: string;
};

export type TimeReader = (text: string) => LocalTime | { problem: string };

/** Without one, a time alone would be of the day of the import. */
const WHOLE_DATE = /^\d{4}(-\d{2}-\d{2}|\d{4}(?!\d)|-?W\d{2}-?\d|-?\d{3}(?!\d))/;
const HAS_OFFSET = /T.*(Z|[+-]\d{2}(:?\d{2})?)$/i;

const EPOCH = /^(\d{1,16})(?:\.(\d{1,9}))?$/;
/** Formats that count from 1970, and milliseconds of their unit. */
const EPOCHS: Readonly<Record<string, number>> = Object.assign(Object.create(null), {
  'epoch-seconds': 1_000,
  'epoch-milliseconds': 1,
});

/**
 * An ambiguous local time (the hour that comes twice) is the first of the two; one that does not exist is a problem.
 * A time that carries its own offset keeps it, but the trading day is the store's: a till that exports UTC has no other
 * midnight. `dayStartsAt` minutes after midnight belong to the day before.
 */
export function timeReader(mapping: Pick<CsvMapping, 'timeFormat' | 'timeZone' | 'businessDate'>): TimeReader {
  const zone = IANAZone.create(mapping.timeZone);
  const shiftMs = 'dayStartsAt' in mapping.businessDate ? minutesOf(mapping.businessDate.dayStartsAt) * MINUTE_MS : 0;
  const parse = textParser(mapping.timeFormat);
  const withOffset =
    mapping.timeFormat in EPOCHS ||
    (mapping.timeFormat !== 'iso' && /Z/.test(mapping.timeFormat.replace(/'[^']*'/g, '')));
  const read: TimeReader = (text) => {
    const parsed = parse(text.trim());
    if (parsed === null) {
      const shape = mapping.timeFormat === 'iso' ? 'ISO 8601, such as 2026-11-21T10:15:00' : `"${mapping.timeFormat}"`;
      return { problem: `is no time in the form ${shape}` };
    }
    const offset = withOffset || (mapping.timeFormat === 'iso' && HAS_OFFSET.test(text.trim().replace(' ', 'T')));
    const localMs = parsed.toMillis() + parsed.offset * MINUTE_MS;
    const offsetMs = offset ? parsed.offset * MINUTE_MS : offsetAt(zone, localMs);
    if (offsetMs === null)
      return { problem: `does not exist in ${mapping.timeZone}: the clocks were put forward then` };
    const instantMs = localMs - offsetMs;
    return {
      instantMs,
      occurred: isoText(localMs, offsetMs),
      day: new Date(instantMs + zone.offset(instantMs) * MINUTE_MS - shiftMs).toISOString().slice(0, 10),
    };
  };
  return cached(read);
}

/** YYYY-MM-DD, or null. */
export function dateReader(format: string): (text: string) => string | null {
  const parse = textParser(format);
  return (text) => parse(text.trim())?.toISODate() ?? null;
}

/** False for a format such as "HH:mm": what it leaves open would be taken from the day of the import. */
export function namesDay(format: string): boolean {
  if (format === 'iso' || format in EPOCHS) return true;
  const sample = DateTime.utc(1999, 10, 23, 14, 25, 36, { locale: 'en-US' });
  return textParser(format)(sample.toFormat(format))?.toISODate() === sample.toISODate();
}

function textParser(format: string): (text: string) => DateTime | null {
  const options = { zone: 'utc', setZone: true, locale: 'en-US' };
  if (format === 'iso') {
    return (text) => (WHOLE_DATE.test(text) ? valid(DateTime.fromISO(text.replace(' ', 'T'), options)) : null);
  }
  const unit = EPOCHS[format];
  if (unit !== undefined) return (text) => sinceEpoch(text, unit);
  const parser = DateTime.buildFormatParser(format, { locale: 'en-US' });
  return (text) => valid(DateTime.fromFormatParser(text, parser, options));
}

/** Whole units of so many milliseconds since 1970; fractions of one are cut off at the millisecond. */
function sinceEpoch(text: string, unitMs: number): DateTime | null {
  const match = EPOCH.exec(text);
  if (match === null) return null;
  const thousandths = Number((match[2] ?? '').padEnd(3, '0').slice(0, 3));
  const ms = Number(match[1]) * unitMs + Math.trunc((thousandths * unitMs) / 1_000);
  return Number.isSafeInteger(ms) ? valid(DateTime.fromMillis(ms, { zone: 'utc' })) : null;
}

const valid = (time: DateTime): DateTime | null => (time.isValid ? time : null);

/** The rows of a receipt mostly carry the same time. */
function cached(read: TimeReader): TimeReader {
  const known = new Map<string, ReturnType<TimeReader>>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const fresh = read(text);
    if (known.size >= TIMES_CACHED_MAX) known.clear();
    known.set(text, fresh);
    return fresh;
  };
}
