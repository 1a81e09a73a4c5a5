// What the values of a column look like, counted over the sample.
import { SAMPLE_VALUES_MAX } from '../../core/limits/feeds.ts';
import { type NumberStyle, parseLocalDecimal } from './numbers.ts';

export type Profile = {
  index: number;
  name: string;
  /** The header calls several columns so, or nothing: a mapping cannot name it. */
  nameless: boolean;
  rows: number;
  filled: number;
  /** Different values, the first ones seen; `more` where there are further ones. */
  values: Map<string, number>;
  more: boolean;
  /** Shares of the filled cells, 0 to 1. */
  number: number;
  whole: number;
  gtin: number;
  identifier: number;
  /** Of several words. */
  text: number;
  negative: number;
  /** Neighbouring rows with other values, as a share of all rows. */
  changes: number;
  /** Of those changes, how many go up. */
  rising: number;
  largest: number;
};

const SCALE = 4;

export function profileOf(
  column: { index: number; name: string; nameless: boolean },
  rows: string[][],
  style: NumberStyle,
): Profile {
  const values = new Map<string, number>();
  const counts = {
    filled: 0,
    number: 0,
    whole: 0,
    gtin: 0,
    identifier: 0,
    text: 0,
    negative: 0,
    changes: 0,
    rising: 0,
  };
  let largest = 0;
  let more = false;
  let before: string | null = null;
  for (const row of rows) {
    const cell = (row[column.index] ?? '').trim();
    if (cell === '') continue;
    counts.filled++;
    if (values.has(cell) || values.size < SAMPLE_VALUES_MAX) values.set(cell, (values.get(cell) ?? 0) + 1);
    else more = true;
    const number = parseLocalDecimal(cell, SCALE, style);
    if (number !== null) {
      counts.number++;
      if (number % 10 ** SCALE === 0) counts.whole++;
      if (number < 0) counts.negative++;
      largest = Math.max(largest, Math.abs(number) / 10 ** SCALE);
    }
    if (isGtin(cell)) counts.gtin++;
    if (/^[\p{L}\d][\p{L}\d._/#-]*$/u.test(cell)) counts.identifier++;
    if (/\p{L}.*\s.*\p{L}/u.test(cell)) counts.text++;
    if (before !== null && before !== cell) {
      counts.changes++;
      if (compareNaturally(before, cell) < 0) counts.rising++;
    }
    before = cell;
  }
  const share = (count: number): number => (counts.filled === 0 ? 0 : count / counts.filled);
  return {
    ...column,
    rows: rows.length,
    filled: counts.filled,
    values,
    more,
    number: share(counts.number),
    whole: share(counts.whole),
    gtin: share(counts.gtin),
    identifier: share(counts.identifier),
    text: share(counts.text),
    negative: share(counts.negative),
    changes: share(counts.changes),
    rising: counts.changes === 0 ? 0 : counts.rising / counts.changes,
    largest,
  };
}

/** 8, 12, 13 or 14 digits with the right check digit, GS1 General Specifications 7.9. */
export function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const sum = [...text.slice(0, -1)]
    .reverse()
    .reduce((all, digit, nth) => all + Number(digit) * (nth % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10 === Number(text.at(-1));
}

/** Numbers by their size, so that 999 is before 1000. */
function compareNaturally(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return a.length - b.length || (a < b ? -1 : 1);
  return a < b ? -1 : 1;
}

export type FoundStyle = { style: NumberStyle; sure: 'sure' | 'likely' | 'guess'; why: string; ask: string | null };

const POINT_GROUPED = /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/;
const COMMA_GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;

type Seen = ReturnType<typeof seenIn>;

/** The first cell of each way to write a number, '' where there is none. */
function seenIn(rows: string[][]) {
  const seen = {
    comma: '',
    point: '',
    commaThree: '',
    pointThree: '',
    mixedComma: '',
    mixedPoint: '',
    space: '',
    tick: '',
  };
  const note = (what: keyof typeof seen, cell: string): void => {
    if (seen[what] === '') seen[what] = cell;
  };
  for (const row of rows) {
    for (const given of row) {
      const cell = given.trim();
      if (cell.length > 20 || !/^[+-]?\d[\d.,' \u00a0\u202f]*$/.test(cell)) continue;
      if (/^[+-]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?$/.test(cell)) note('space', cell);
      if (/^[+-]?\d{1,3}('\d{3})+([.,]\d+)?$/.test(cell)) note('tick', cell);
      if (/,\d+$/.test(cell) && POINT_GROUPED.test(cell)) note('mixedComma', cell);
      else if (/\.\d+$/.test(cell) && COMMA_GROUPED.test(cell) && cell.includes(',')) note('mixedPoint', cell);
      else if (/^[+-]?(\d+,\d{1,2}|0,\d+|\d+,\d{4,}|\d{4,},\d{3})$/.test(cell)) note('comma', cell);
      else if (/^[+-]?(\d+\.\d{1,2}|0\.\d+|\d+\.\d{4,}|\d{4,}\.\d{3})$/.test(cell)) note('point', cell);
      else if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(cell)) note('commaThree', cell);
      else if (/^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(cell)) note('pointThree', cell);
    }
  }
  return seen;
}

/** How numbers are written, out of all cells that could be one. */
export function styleOf(rows: string[][]): FoundStyle {
  const seen = seenIn(rows);
  const comma = seen.mixedComma || seen.comma;
  const point = seen.mixedPoint || seen.point;
  if (comma !== '' && point !== '') {
    const decimalComma = seen.mixedComma !== '';
    const ask = `Numbers are written in two ways ("${comma}" and "${point}"): which of them is right? Rows with the other are set aside.`;
    return {
      style: { decimalComma, thousandsSeparator: undefined },
      sure: 'guess',
      why: `"${decimalComma ? comma : point}" stands in the file`,
      ask,
    };
  }
  const decimalComma =
    comma !== '' || (point === '' && seen.commaThree !== '' && seen.pointThree === '' && seen.mixedPoint === '');
  const grouped = decimalComma ? seen.mixedComma || seen.pointThree : seen.mixedPoint || seen.commaThree;
  const isGrouped = grouped !== '' && (comma !== '' || point !== '');
  const style: NumberStyle = { decimalComma, thousandsSeparator: separatorOf(seen, isGrouped, decimalComma) };
  const example = decimalComma ? comma || seen.commaThree : point || seen.pointThree;
  if (comma === '' && point === '' && example !== '') {
    const ask = `Is "${example}" ${example.replace(/[.,]/, '')}, or ${example.replace(',', '.')}? Taken as the second: if it is the first, set ${decimalComma ? 'decimalComma to false and thousandsSeparator to ","' : 'decimalComma to true and thousandsSeparator to "."'}.`;
    return {
      style,
      sure: 'guess',
      why: `numbers such as "${example}" have three digits behind the sign everywhere`,
      ask,
    };
  }
  const why =
    example === ''
      ? 'no number in the file has decimals'
      : `numbers are written as "${seen.mixedComma || seen.mixedPoint || seen.space || seen.tick || example}"`;
  return { style, sure: example === '' ? 'likely' : 'sure', why, ask: null };
}

function separatorOf(
  { space, tick }: Seen,
  isGrouped: boolean,
  decimalComma: boolean,
): NumberStyle['thousandsSeparator'] {
  if (space !== '') return ' ';
  if (tick !== '') return "'";
  if (!isGrouped) return undefined;
  return decimalComma ? '.' : ',';
}
