// The sample as rows and columns: delimiter, quotation marks and header of a CSV file.
import { SAMPLE_COLUMNS_MAX, SAMPLE_ROWS_MAX } from '../../core/limits/feeds.ts';
import { jsonTable } from './propose-json.ts';
import { nameScores } from './propose-names.ts';
import { type Sample, textBytes } from './propose-sample.ts';
import { isGtin } from './propose-values.ts';
import { type CsvDialect, csvRecords } from './records.ts';
import { ImportStopped } from './source.ts';

export type Note = { setting: string; value: string; sure: 'sure' | 'likely' | 'guess'; why: string };

export type Table = {
  /** Settings of the mapping that say how the file is read. */
  settings: Record<string, unknown>;
  names: string[];
  /** Names that cannot be used in a mapping: empty, or there twice. */
  nameless: Set<number>;
  /** The header stands in the file; false: the names are made up here. */
  header: boolean;
  rows: string[][];
  /** Rows of the sample that do not fit the others. */
  odd: number;
  notes: Note[];
};

const LOOKED_AT = 64 * 1024;
/** Rows that cannot be read take the longest. */
const BROKEN_MAX = 200;
const DELIMITERS = [',', ';', '\t', '|', '^'];
const NAMED: Record<string, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
  '^': 'carets',
};

/** Throws ImportStopped where no columns can be told apart. */
export async function tableOf(sample: Sample): Promise<Table> {
  const start = sample.head.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) {
    const table = await jsonTable(sample);
    if (table !== null) return table;
  }
  return csvTable(sample);
}

async function csvTable(sample: Sample): Promise<Table> {
  const dialect = await dialectOf(sample.head.slice(0, LOOKED_AT));
  const { records, broken } = await recordsOf(sample, dialect);
  const [first = [], ...others] = records;
  const width = modeOf(records.map(({ length }) => length)).value;
  if (width < 2) {
    throw new ImportStopped(
      'bad-file',
      'No columns can be told apart: no comma, semicolon, tab or bar divides the lines alike. Is it a CSV file?',
    );
  }
  const why = headerWhy(first, others);
  const rows = (why === null ? records : others).filter(({ length }) => length === width);
  const names = why === null ? first.map((_, at) => `column${at + 1}`) : first.map((name) => name.trim());
  const nameless = new Set(
    names.flatMap((name, at) => (name === '' || names.indexOf(name) !== names.lastIndexOf(name) ? [at] : [])),
  );
  const notes: Note[] = [
    {
      setting: 'delimiter',
      value: JSON.stringify(dialect.delimiter),
      sure: 'sure',
      why: `${NAMED[dialect.delimiter]} divide the lines into ${width} columns`,
    },
    {
      setting: 'header',
      value: why === null ? 'none' : 'first line',
      sure: why === null ? 'likely' : why.sure,
      why: why?.why ?? 'the first line looks like the others, so the columns get names here',
    },
  ];
  if (dialect.quote !== '"')
    notes.push({
      setting: 'quote',
      value: JSON.stringify(dialect.quote),
      sure: 'likely',
      why: `cells stand in ${dialect.quote}`,
    });
  if (dialect.looseQuotes) {
    notes.push({
      setting: 'looseQuotes',
      value: 'true',
      sure: 'likely',
      why: 'quotation marks stand inside cells that are not quoted',
    });
  }
  const settings = {
    encoding: sample.encoding,
    delimiter: dialect.delimiter,
    ...(dialect.quote === '"' ? {} : { quote: dialect.quote }),
    ...(dialect.looseQuotes ? { looseQuotes: true } : {}),
  };
  return {
    settings,
    names,
    nameless,
    header: why !== null,
    rows,
    odd: records.length - rows.length - (why === null ? 0 : 1) + broken,
    notes,
  };
}

async function recordsOf(
  { head, pieces }: Sample,
  dialect: CsvDialect,
): Promise<{ records: string[][]; broken: number }> {
  const records: string[][] = [];
  let broken = 0;
  for (const [nth, text] of [head, ...pieces].entries()) {
    // The beginning leaves room for each of the pieces.
    const most = pieces.length === 0 ? SAMPLE_ROWS_MAX : (SAMPLE_ROWS_MAX * (1 + nth / pieces.length)) / 2;
    for await (const { cells, broken: why } of csvRecords(textBytes(text), dialect)) {
      if (records.length >= most || broken >= BROKEN_MAX) break;
      if (why === undefined) records.push(cells.slice(0, SAMPLE_COLUMNS_MAX));
      else if (nth === 0) broken++;
    }
  }
  return { records, broken };
}

/** The one that cuts most lines into equally many cells, and into more than others do. */
async function dialectOf(text: string): Promise<CsvDialect> {
  let best: { score: number; dialect: CsvDialect } | null = null;
  for (const delimiter of DELIMITERS) {
    for (const quote of text.includes(`${delimiter}'`) && text.includes(`'${delimiter}`) ? ['"', "'"] : ['"']) {
      for (const looseQuotes of text.includes(quote) ? [false, true] : [false]) {
        const dialect = { delimiter, quote, looseQuotes };
        const score = await scoreOf(text, dialect);
        if (best === null || score > best.score) best = { score, dialect };
      }
    }
  }
  return best?.dialect ?? { delimiter: ',', quote: '"', looseQuotes: false };
}

async function scoreOf(text: string, dialect: CsvDialect): Promise<number> {
  const widths: number[] = [];
  let quoted = 0;
  let broken = 0;
  for await (const record of csvRecords(textBytes(text), dialect)) {
    if (record.broken === undefined) widths.push(record.cells.length);
    else if (++broken >= BROKEN_MAX) break;
    if (dialect.quote === "'" && record.cells.some((cell) => cell.includes("'"))) quoted++;
  }
  const { value, count } = modeOf(widths);
  const even = count / (widths.length + broken || 1);
  const likeFirst = widths[0] === value ? 1 : 0.6;
  // A quotation mark that cells rarely stand in is an apostrophe.
  return value < 2
    ? 0
    : even * even * likeFirst * Math.log2(value + 1) -
        quoted / (widths.length || 1) +
        (dialect.looseQuotes ? -0.01 : 0);
}

function modeOf(values: number[]): { value: number; count: number } {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, [value, count]) => (count > best.count ? { value, count } : best), {
    value: 0,
    count: 0,
  });
}

const isFigure = (cell: string): boolean =>
  /^[+-]?[\d.,'\s:/-]*\d[\d.,'\s:/-]*$/.test(cell.trim()) || isGtin(cell.trim());

function headerWhy(first: string[], others: string[][]): { sure: Note['sure']; why: string } | null {
  const figures = first.filter(isFigure).length;
  const known = first.filter((cell) => [...nameScores(cell).values()].some((score) => score >= 9));
  if (known.length >= 2 && figures === 0) {
    return { sure: 'sure', why: `the first line holds names: ${known.slice(0, 3).join(', ')}` };
  }
  if (figures > 0) return null;
  const below = others.slice(0, 200);
  const numeric = first.filter((_, at) => below.length > 0 && below.every((row) => isFigure(row[at] ?? '0')));
  const repeated = below.some(
    (row) => row.filter((cell, at) => cell === first[at] && cell !== '').length > first.length / 2,
  );
  if (repeated || (numeric.length === 0 && known.length === 0)) return null;
  return { sure: 'likely', why: 'the first line holds words where the others hold numbers' };
}
