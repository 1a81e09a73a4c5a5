// Days and times as people type them: "tuesday", "17.11.", "2026-11-17", "14:30", "14:00-15:30".
import type { ReceiptQuery } from '../../../protocol/local/rooms/receipts.ts';
import type { TypedWords } from './typed.ts';

const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{2}|\d{4})?$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{2}|\d{4}))?$/;
const CLOCK = /^(\d{1,2}):(\d{2})(?:(?:-|–)(\d{1,2}):(\d{2}))?$/;
/** "14:30" is as exact as people remember. */
const ABOUT_MS = 15 * 60_000;
const DAYS_OF_WEEK = 7;
/** Letters from which on a weekday may be cut short. */
const SHORT = 3;

export type DayReader = {
  /** True where the token is a day or a time. */
  read(token: string): boolean;
  days(): Pick<ReceiptQuery, 'days'>;
  /** On the day that was named, else today. */
  times(): ReceiptQuery['times'];
};

const two = (value: number): string => String(value).padStart(2, '0');
/** Local date as YYYY-MM-DD. */
export const isoDay = (date: Date): string =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

export function dayReader(words: TypedWords, nowMs: number, dayFirst: boolean): DayReader {
  const today = new Date(nowMs);
  let day: string | undefined;
  let clock: { from: number; to: number; isAbout: boolean } | undefined;
  const before = (days: number): string =>
    isoDay(new Date(today.getFullYear(), today.getMonth(), today.getDate() - days));

  /** Null where there is no such day; without a year the last one that was. */
  function dated(date: number, month: number, year: string | undefined): string | null {
    const full = year === undefined ? today.getFullYear() : year.length === 2 ? 2_000 + Number(year) : Number(year);
    const found = new Date(full, month - 1, date);
    if (found.getMonth() !== month - 1 || found.getDate() !== date) return null;
    const isAhead = year === undefined && found.getTime() > nowMs;
    return isoDay(isAhead ? new Date(full - 1, month - 1, date) : found);
  }

  function dayNamed(token: string): string | null {
    const word = token.toLowerCase();
    if (words.today.includes(word)) return before(0);
    if (words.yesterday.includes(word)) return before(1);
    const plain = word.replace(/\.$/, '');
    const weekday = words.weekdays.findIndex((name) => plain.length >= SHORT && name.startsWith(plain));
    if (weekday !== -1) return before((today.getDay() - weekday + DAYS_OF_WEEK) % DAYS_OF_WEEK);
    const iso = ISO.exec(token);
    if (iso !== null) return dated(Number(iso[3]), Number(iso[2]), iso[1]);
    const dotted = DOTTED.exec(token);
    if (dotted !== null) return dated(Number(dotted[1]), Number(dotted[2]), dotted[3]);
    const slashed = SLASHED.exec(token);
    if (slashed === null) return null;
    const [first, second] = [Number(slashed[1]), Number(slashed[2])];
    return dayFirst ? dated(first, second, slashed[3]) : dated(second, first, slashed[3]);
  }

  return {
    read(token) {
      const named = dayNamed(token);
      if (named !== null) {
        day = named;
        return true;
      }
      const found = CLOCK.exec(token);
      if (found === null) return false;
      const [from, fromMinutes, to, toMinutes] = found.slice(1).map((part) => (part === undefined ? -1 : Number(part)));
      const minutes = (hours = 0, rest = 0): number => (hours * 60 + rest) * 60_000;
      const isAbout = to === -1;
      clock = {
        from: minutes(from, fromMinutes),
        to: isAbout ? minutes(from, fromMinutes) : minutes(to, toMinutes),
        isAbout,
      };
      return true;
    },
    days: () => (day === undefined ? {} : { days: { from: day, to: day } }),
    times() {
      if (clock === undefined) return undefined;
      const midnightMs = new Date(`${day ?? before(0)}T00:00:00`).getTime();
      const more = clock.isAbout ? ABOUT_MS : 0;
      return { fromMs: Math.max(0, midnightMs + clock.from - more), toMs: midnightMs + clock.to + more };
    },
  };
}
