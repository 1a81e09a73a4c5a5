// Receipt numbers of one till on one day, kept as ranges: which ones lack, however they are written and arrive.
import { MISSING_RANGES_MAX, RECEIPT_GAP_MAX, RECEIPT_SERIES_MAX, RECEIPTS_OF_DAY_MAX } from './limits/records.ts';

type Range = readonly [from: number, to: number];

/** Numbers with the same text around them; `width` is the length that leading zeros fill up to. */
type Series = { before: string; after: string; width: number; ranges: readonly Range[] };

/** One run of digits, read as the one that counts. Null: that makes so many series that it surely is not. */
type Reading = { text: string; varies: boolean; series: readonly Series[] | null };

/** Receipts that are written alike. */
type Shape = { shape: string; readings: readonly Reading[] };

/** What is known of a till's numbers on one day. Plain data: may be kept as JSON. */
export type ReceiptNumbers = { shapes: readonly Shape[]; tooMany: boolean };

export const NO_RECEIPTS: ReceiptNumbers = { shapes: [], tooMany: false };
const TOO_MANY: ReceiptNumbers = { shapes: [], tooMany: true };

/** Runs of digits that are tried, from the right, and digits of one that stay an exact integer. */
const RUNS_MAX = 4;
const DIGITS_MAX = 15;
/** Receipts that must agree before a run with digits behind it is believed to count ("0042/T2"). */
const SUFFIX_EVIDENCE = 10;

type Run = { text: string; before: string; after: string };

function runsOf(receipt: string): { shape: string; runs: Run[] } {
  const found = [...receipt.matchAll(/\d+/g)].slice(-RUNS_MAX).map(({ index, 0: digits }) => {
    const end = index + digits.length;
    return { start: Math.max(index, end - DIGITS_MAX), end };
  });
  let shape = `${found.length}:`;
  let at = 0;
  for (const { start, end } of found) {
    shape += `${receipt.slice(at, start)}#`;
    at = end;
  }
  const run = ({ start, end }: { start: number; end: number }): Run => ({
    text: receipt.slice(start, end),
    before: receipt.slice(0, start),
    after: receipt.slice(end),
  });
  return { shape: shape + receipt.slice(at), runs: found.map(run) };
}

function withNumber(ranges: readonly Range[], number: number): readonly Range[] {
  let at = ranges.length;
  while (at > 0 && (ranges[at - 1]?.[0] ?? 0) > number) at -= 1;
  const [below, above] = [ranges[at - 1], ranges[at]];
  if (below !== undefined && below[1] >= number) return ranges;
  const joinsBelow = below !== undefined && below[1] === number - 1;
  const joinsAbove = above !== undefined && above[0] === number + 1;
  const joined: Range = [joinsBelow ? below[0] : number, joinsAbove ? above[1] : number];
  return [...ranges.slice(0, joinsBelow ? at - 1 : at), joined, ...ranges.slice(joinsAbove ? at + 1 : at)];
}

const isSeriesOf = ({ before, after }: Run, series: Series): boolean =>
  series.before === before && series.after === after;

const widthOf = ({ text }: Run): number => (text.startsWith('0') ? text.length : 0);

function withRun(all: readonly Series[], run: Run): readonly Series[] | null {
  const at = all.findIndex((series) => isSeriesOf(run, series));
  const { before, after } = run;
  const series = all[at] ?? { before, after, width: 0, ranges: [] };
  const ranges = withNumber(series.ranges, Number(run.text));
  const grown: Series = { before, after, width: Math.max(series.width, widthOf(run)), ranges };
  if (at >= 0) return all.with(at, grown);
  return all.length < RECEIPT_SERIES_MAX ? [...all, grown] : null;
}

const sizeOf = ([from, to]: Range): number => to - from + 1;
const countOf = (series: readonly Series[]): number =>
  series.reduce((sum, { ranges }) => sum + ranges.reduce((size, range) => size + sizeOf(range), 0), 0);

/** Distinct receipts of a shape, as long as one of its readings is believed. */
const receiptsOf = ({ readings }: Shape): number => {
  const believed = readings.find(({ series }) => series !== null)?.series;
  return believed === undefined || believed === null ? 0 : countOf(believed);
};

function shapeWith(shape: Shape, runs: readonly Run[]): Shape {
  const readings = shape.readings.map((reading, index): Reading => {
    const run = runs[index];
    if (run === undefined) return reading;
    const series = reading.series === null ? null : withRun(reading.series, run);
    return { text: reading.text, varies: reading.varies || reading.text !== run.text, series };
  });
  const grown = { shape: shape.shape, readings };
  if (receiptsOf(grown) <= RECEIPTS_OF_DAY_MAX) return grown;
  return { shape: shape.shape, readings: readings.map((reading) => ({ ...reading, series: null })) };
}

/**
 * One more receipt of the till and day: state and receipt to state. The same receipt again changes nothing, the order
 * of arrival does not matter. A number without digits belongs to no numbering.
 */
export function noteReceipt(numbers: ReceiptNumbers, receipt: string): ReceiptNumbers {
  const { shape, runs } = runsOf(receipt);
  if (numbers.tooMany || runs.length === 0) return numbers;
  const at = numbers.shapes.findIndex((one) => one.shape === shape);
  if (at < 0 && numbers.shapes.length >= RECEIPT_SERIES_MAX) return TOO_MANY;
  const empty = { shape, readings: runs.map(({ text }): Reading => ({ text, varies: false, series: [] })) };
  const grown = shapeWith(numbers.shapes[at] ?? empty, runs);
  return { shapes: at < 0 ? [...numbers.shapes, grown] : numbers.shapes.with(at, grown), tooMany: false };
}

export function noteReceipts(receipts: Iterable<string>, numbers: ReceiptNumbers = NO_RECEIPTS): ReceiptNumbers {
  let state = numbers;
  for (const receipt of receipts) state = noteReceipt(state, receipt);
  return state;
}

/** The run that counts is the rightmost that varies; one with digits behind it needs some evidence. */
function countingRun(shape: Shape | undefined, runs: number): number {
  const last = runs - 1;
  const varying = shape?.readings.findLastIndex(({ varies }) => varies) ?? -1;
  if (shape === undefined || varying < 0 || varying === last) return last;
  return receiptsOf(shape) >= SUFFIX_EVIDENCE ? varying : last;
}

/** Numbers that lack, first and last as they are printed; `count` is 1 where both are the same. */
export type MissingRange = { from: string; to: string; count: number };
export type MissingReceipts = {
  /** The first of them (MISSING_RANGES_MAX), by numbering and number. */
  ranges: MissingRange[];
  /** All of them, and how many numbers they are. */
  rangesInAll: number;
  count: number;
  /** False where the till's numbers, or some of them, do not follow each other in a way that shows gaps. */
  readable: boolean;
  /** The highest number that is here behind the last one that was declared. */
  beyond: string | null;
};

type Edges = { firstReceipt?: string | undefined; lastReceipt?: string | undefined };
type Bounded = Series & { first: number | null; last: number | null };

const printed = ({ before, after, width }: Series, number: number): string =>
  before + String(number).padStart(width, '0') + after;

/** Puts what the till declares as first or last to the series it belongs to; a new series where none is here. */
function setEdge(all: Bounded[], numbers: ReceiptNumbers, receipt: string | undefined, edge: 'first' | 'last'): void {
  if (receipt === undefined) return;
  const { shape, runs } = runsOf(receipt);
  const known = numbers.shapes.find((one) => one.shape === shape);
  const index = countingRun(known, runs.length);
  const run = runs[index];
  if (run === undefined || known?.readings[index]?.series === null) return;
  let series = all.find((one) => isSeriesOf(run, one));
  if (series === undefined) {
    const { before, after } = run;
    series = { before, after, width: widthOf(run), ranges: [], first: null, last: null };
    all.push(series);
  }
  series[edge] = Number(run.text);
}

/** Gaps between what is here and what was declared; a declared first or last that is not here lacks itself. */
function gapsOf({ ranges, first, last }: Bounded): Range[] {
  const isHere = (number: number): boolean => ranges.some(([from, to]) => from <= number && number <= to);
  const edges = [...new Set([first, last])].filter((number) => number !== null).filter((number) => !isHere(number));
  const lacking = edges.map((number): Range => [number, number]);
  const points = [...ranges, ...lacking].sort((a, b) => a[0] - b[0]);
  for (const [index, [from]] of points.entries()) {
    const gap: Range = [(points[index - 1]?.[1] ?? from) + 1, from - 1];
    const turned = first !== null && last !== null && first > last && gap[0] > last && gap[1] < first;
    if (index > 0 && sizeOf(gap) > 0 && sizeOf(gap) <= RECEIPT_GAP_MAX && !turned) lacking.push(gap);
  }
  lacking.sort((a, b) => a[0] - b[0]);
  const joined: Range[] = [];
  for (const [from, to] of lacking) {
    const previous = joined.at(-1);
    if (previous !== undefined && previous[1] === from - 1) joined[joined.length - 1] = [previous[0], to];
    else joined.push([from, to]);
  }
  return joined;
}

function beyondLast(series: Bounded): string | null {
  const highest = series.ranges.at(-1)?.[1];
  const { first, last } = series;
  if (highest === undefined || last === null || highest <= last || (first !== null && first > last)) return null;
  return highest - last <= RECEIPT_GAP_MAX ? printed(series, highest) : null;
}

const byText = (a: Series, b: Series): number =>
  a.before < b.before ? -1 : a.before > b.before ? 1 : a.after < b.after ? -1 : a.after > b.after ? 1 : 0;

/**
 * What lacks inside each numbering, between the lowest and the highest number that is here or was declared as first or
 * last; a first number is no gap, nor is a jump of more than RECEIPT_GAP_MAX. Where the declared first is above the
 * last the numbering began anew between them.
 */
export function missingReceipts(numbers: ReceiptNumbers, declared: Edges = {}): MissingReceipts {
  const chosen = numbers.shapes.map((shape) => shape.readings[countingRun(shape, shape.readings.length)]?.series);
  const all: Bounded[] = chosen
    .flatMap((series) => series ?? [])
    .map((series) => ({ ...series, first: null, last: null }));
  if (!numbers.tooMany) {
    setEdge(all, numbers, declared.firstReceipt, 'first');
    setEdge(all, numbers, declared.lastReceipt, 'last');
  }
  all.sort(byText);
  const found = all.flatMap((series) => gapsOf(series).map((range) => ({ series, range })));
  const ranges = found.slice(0, MISSING_RANGES_MAX).map(({ series, range }) => ({
    from: printed(series, range[0]),
    to: printed(series, range[1]),
    count: sizeOf(range),
  }));
  return {
    ranges,
    rangesInAll: found.length,
    count: found.reduce((sum, { range }) => sum + sizeOf(range), 0),
    readable: !numbers.tooMany && chosen.every((series) => series !== null),
    beyond: all.map(beyondLast).find((number) => number !== null) ?? null,
  };
}
