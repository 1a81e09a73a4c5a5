// Which form the times of a column have; day and month are told apart by values over 12.
import { timeReader } from './times.ts';

export type FoundTime = {
  /** timeFormat of the mapping. */
  format: string;
  /** Share of the values that this form reads. */
  share: number;
  /** Whether a value holds the day, the time of day, or both. */
  holds: 'both' | 'date' | 'time';
  sure: 'sure' | 'likely' | 'guess';
  why: string;
  ask: string | null;
};

const DATE = /^(\d{1,4})([./-])(\d{1,2}|[A-Za-z]{3,9})\2(\d{2}|\d{4})(?:(,? |T|, | - )(.+))?$/;
const CLOCK = /^(\d{1,2})([:.h])(\d{2})(?:\2(\d{2})(?:[.,](\d{1,3}))?)?(?:(\s?)([AaPp])\.?[Mm]\.?)?$/;
/** What could be 12 minutes to ten is rather a price. */
const PRICE = /^\d+\.\d{2}$/;
const SOLID = /^(\d{8})(?:([ T]?)(\d{6}|\d{4}))?$/;
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:?\d{2}(?::?\d{2}(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const ZONED = /^(.*\d)\s?(Z|[+-]\d{2}:?\d{2})$/;

/** Null where fewer than nine in ten values are times. `monthFirst` decides what the values leave open. */
export function timeFormOf(values: string[], timeZone: string, monthFirst: boolean): FoundTime | null {
  if (values.length === 0) return null;
  const found = isoForm(values) ?? epochForm(values) ?? writtenForm(values, monthFirst);
  if (found === null) return null;
  const share = found.holds === 'time' ? 1 : shareRead(values, found.format, timeZone);
  return share >= 0.9 ? { ...found, share } : null;
}

type Form = Omit<FoundTime, 'share'>;

const isMost = (values: string[], pattern: RegExp): boolean =>
  values.filter((value) => pattern.test(value)).length >= values.length * 0.9;

function isoForm(values: string[]): Form | null {
  if (!isMost(values, ISO)) return null;
  const holds = values.every((value) => value.length <= 10) ? 'date' : 'both';
  return { format: 'iso', holds, sure: 'sure', why: `values such as "${values[0]}" are ISO 8601`, ask: null };
}

function epochForm(values: string[]): Form | null {
  const unit = isMost(values, /^1\d{9}(\.\d+)?$/) ? 'seconds' : isMost(values, /^1\d{12}$/) ? 'milliseconds' : null;
  if (unit === null) return null;
  const why = `values such as ${values[0]} are ${unit} since 1970`;
  return { format: `epoch-${unit}`, holds: 'both', sure: 'likely', why, ask: null };
}

function writtenForm(values: string[], monthFirst: boolean): Form | null {
  if (isMost(values, CLOCK) && !isMost(values, PRICE)) {
    const format = clockFormat(values);
    return { format, holds: 'time', sure: 'sure', why: `values such as "${values[0]}" are times of day`, ask: null };
  }
  if (isMost(values, SOLID) && values.every((value) => /^(19|20)\d\d(0[1-9]|1[0-2])/.test(value))) {
    const [, , between = '', clock = ''] = SOLID.exec(values[0] ?? '') ?? [];
    const time = clock === '' ? '' : `${between === 'T' ? "'T'" : between}${clock.length === 6 ? 'HHmmss' : 'HHmm'}`;
    const holds = clock === '' ? 'date' : 'both';
    return {
      format: `yyyyMMdd${time}`,
      holds,
      sure: 'sure',
      why: `values such as "${values[0]}" begin with year and month`,
      ask: null,
    };
  }
  if (!isMost(values, DATE)) return null;
  return datedForm(
    values.filter((value) => DATE.test(value)),
    monthFirst,
  );
}

function datedForm(values: string[], monthFirst: boolean): Form | null {
  const parts = values.map((value) => DATE.exec(value) ?? []);
  const [, first = '', sign = '', second = '', , between] = parts[0] ?? [];
  const rest = parts.flatMap((part) => part[6] ?? []);
  const zoned = rest.length > 0 && rest.every((text) => ZONED.test(text));
  const clocks = zoned ? rest.map((text) => ZONED.exec(text)?.[1] ?? '') : rest;
  const padded = parts.every((part) => [part[1], part[3]].every((text) => text === undefined || text.length !== 1));
  const [d, m] = padded ? ['dd', 'MM'] : ['d', 'M'];
  const clock =
    rest.length === 0
      ? ''
      : `${between?.includes('T') === true ? "'T'" : between}${clockFormat(clocks)}${zoned ? (/\s/.test(rest[0] ?? '') ? ' ZZ' : 'ZZ') : ''}`;
  const holds = rest.length === 0 ? 'date' : 'both';
  const form = (day: string, sure: Form['sure'], why: string, ask: string | null = null): Form => ({
    format: `${day}${clock}`,
    holds,
    sure,
    why,
    ask,
  });
  if (first.length === 4) {
    return form(`yyyy${sign}${m}${sign}${d}`, 'sure', `values such as "${values[0]}" begin with the year`);
  }
  const year = (parts[0]?.[4] ?? '').length === 4 ? 'yyyy' : 'yy';
  if (/[A-Za-z]/.test(second)) {
    const month = second.length > 3 ? 'MMMM' : 'MMM';
    return form(`${d}${sign}${month}${sign}${year}`, 'sure', `the month is written as a word, "${values[0]}"`);
  }
  const dayFirst = `${d}${sign}${m}${sign}${year}`;
  const monthBefore = `${m}${sign}${d}${sign}${year}`;
  const over = (group: number): string | undefined => values.find((_, nth) => Number(parts[nth]?.[group]) > 12);
  const [firstOver, secondOver] = [over(1), over(3)];
  if (firstOver !== undefined && secondOver !== undefined) return null;
  if (firstOver !== undefined) return form(dayFirst, 'sure', `the first number of "${firstOver}" can only be a day`);
  if (secondOver !== undefined)
    return form(monthBefore, 'sure', `the second number of "${secondOver}" can only be a day`);
  if (sign === '.') return form(dayFirst, 'likely', `with points between them the day comes first: "${values[0]}"`);
  const american = monthFirst || /[ap]\.?m\.?$/i.test(rest[0] ?? '');
  const format = american ? monthBefore : dayFirst;
  const ask = `No date of the sample tells day and month apart: is "${values[0]}" ${american ? 'month, then day' : 'day, then month'} (timeFormat "${format}${clock}")? If not, set timeFormat to "${american ? dayFirst : monthBefore}${clock}".`;
  return form(format, 'guess', `"${values[0]}" can be read both ways, and no value is over 12`, ask);
}

function clockFormat(values: string[]): string {
  const parts = values.map((value) => CLOCK.exec(value) ?? []);
  const [, , sign = ':', , , , space = '', half] = parts[0] ?? [];
  const padded = parts.every((part) => part[1] === undefined || part[1].length === 2);
  const hour = half === undefined ? 'H' : 'h';
  const seconds = parts.some((part) => part[4] !== undefined);
  const digits = parts.find((part) => part[5] !== undefined)?.[5];
  const separator = sign === 'h' ? "'h'" : sign;
  return [
    padded ? hour + hour : hour,
    `${separator}mm`,
    seconds ? `${separator}ss` : '',
    digits === undefined ? '' : `.${'S'.repeat(digits.length)}`,
    half === undefined ? '' : `${space === '' ? '' : ' '}a`,
  ].join('');
}

function shareRead(values: string[], timeFormat: string, timeZone: string): number {
  const read = timeReader({ timeFormat, timeZone, businessDate: { dayStartsAt: '00:00' } });
  return values.filter((value) => !('problem' in read(value))).length / values.length;
}
