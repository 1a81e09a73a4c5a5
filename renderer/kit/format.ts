// Numbers, money, dates and spans of time the way people around here write them.
import { LOCALE } from './language.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const numbers = new Intl.NumberFormat(LOCALE);
const shares = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });
const minutes = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short' });
const seconds = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' });
const weekdays = new Intl.DateTimeFormat(LOCALE, { weekday: 'short', day: 'numeric', month: 'short' });
const calendarDays = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
const longDays = new Intl.DateTimeFormat(LOCALE, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
const ago = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'always' });
const moneyFormats = new Map<string, Intl.NumberFormat>();

export const number = (value: number): string => numbers.format(value);

/** 0 to 1 in whole hundredths: "34%". */
export const share = (part: number): string => shares.format(part);

/** Amount in minor units of an ISO 4217 currency: 1999 GBP is "£19.99", 500 JPY is "¥500". */
export function money(minor: number, currency: string): string {
  let format = moneyFormats.get(currency);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALE, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
    moneyFormats.set(currency, format);
  }
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** "14:32". */
export const clockMinutes = (ms: number): string => minutes.format(ms);
/** "14:32:05". */
export const clockSeconds = (ms: number): string => seconds.format(ms);

/** "14:32" on the day of `nowMs`, "Fri 20 Nov, 14:32" on any other. */
export function moment(ms: number, nowMs: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? minutes.format(ms) : `${weekdays.format(ms)}, ${minutes.format(ms)}`;
}

/** "19 Feb 2027": for what is far away. */
export const calendarDay = (ms: number): string => calendarDays.format(ms);

/** "Fri 20 Nov". */
export const weekDay = (ms: number): string => weekdays.format(ms);

/** 123456789 bytes to "118 MB": whole, in the unit that people know from shops. */
export function bytes(count: number): string {
  const unit = count < 1e6 ? 'kilobyte' : count < 1e9 ? 'megabyte' : 'gigabyte';
  const size = { kilobyte: 1e3, megabyte: 1e6, gigabyte: 1e9 }[unit];
  return new Intl.NumberFormat(LOCALE, { style: 'unit', unit, maximumFractionDigits: 0 }).format(count / size);
}

/** YYYY-MM-DD to "Saturday 21 November". */
export const tradingDay = (businessDate: string): string => longDays.format(Date.parse(`${businessDate}T00:00:00Z`));

type Span = { value: number; unit: 'second' | 'minute' | 'hour' | 'day' };

function span(ms: number): Span {
  if (ms < MINUTE_MS) return { value: Math.floor(ms / SECOND_MS), unit: 'second' };
  if (ms < HOUR_MS) return { value: Math.floor(ms / MINUTE_MS), unit: 'minute' };
  if (ms < 2 * DAY_MS) return { value: Math.floor(ms / HOUR_MS), unit: 'hour' };
  return { value: Math.floor(ms / DAY_MS), unit: 'day' };
}

/** "3 seconds ago", in the largest unit that fits; a time to come reads as now. */
export function relative(ms: number, nowMs: number): string {
  const { value, unit } = span(Math.max(0, nowMs - ms));
  return ago.format(-value, unit);
}

/** A length of time in its largest unit: "2 hours". */
export function duration(ms: number): string {
  const { value, unit } = span(Math.max(0, ms));
  return new Intl.NumberFormat(LOCALE, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
