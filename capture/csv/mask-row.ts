// A row before it is written anywhere: card numbers painted over, cell by cell, identifiers left alone (L12).
import { findCardNumbers, maskText, paintOver, type Ranges } from '../mask.ts';
import type { Columns } from './columns.ts';
import type { CsvMapping } from './mapping.ts';
import { cardsInJson, HIDDEN_DIGITS } from './mask-json.ts';
import type { CsvDialect, CsvRecord } from './records.ts';

export type MaskedRow = {
  cells: string[];
  raw: string;
  /** Ranges of raw that were painted over. */
  ranges: Ranges;
  /** A column that is kept word for word, such as the customer, held a card number: tell, do not capture. */
  card: string | null;
};

export function maskRow(record: CsvRecord, columns: Columns, mapping: CsvMapping): MaskedRow {
  const { raw, cells } = record;
  if (
    findCardNumbers(raw).length === 0 &&
    !(mapping.format !== 'csv' && HIDDEN_DIGITS.test(raw)) &&
    !cells.some((cell) => cell.length > 12 && findCardNumbers(cell).length > 0)
  ) {
    return { cells, raw, ranges: [], card: null };
  }
  let card: string | null = null;
  const trusted = isTrusted(record, columns);
  const masked = cells.map((cell, index) => {
    if (trusted && columns.identifiers.has(index)) return cell;
    const { text, ranges } = maskText(cell);
    if (ranges.length > 0 && columns.kept.has(index)) card = columns.names[index] ?? String(index + 1);
    return text;
  });
  const ranges =
    mapping.format === 'csv' ? rawRanges(record, columns, mapping) : cardsInJson(raw, identifiersOf(columns));
  return { cells: masked, raw: paintOver(raw, ranges), ranges, card };
}

/** Places in a list are no part of a path. */
const identifiersOf = ({ names, identifiers }: Columns): Set<string> =>
  new Set([...identifiers].map((index) => (names[index] ?? '').replace(/\.\d+(?=\.|$)/g, '')));

/** Where cells are missing or too many, the one in the column of an identifier may be anything. */
const isTrusted = ({ cells, broken }: CsvRecord, { width }: Columns): boolean =>
  broken === undefined && cells.length === width;

/** Where the text does not fall into the cells that were read, all of it is treated as free text. */
function rawRanges(record: CsvRecord, columns: Columns, dialect: CsvDialect): Ranges {
  const { raw, cells } = record;
  const places = cellPlaces(raw, dialect);
  if (!isTrusted(record, columns) || places.length !== cells.length) return findCardNumbers(raw);
  return places.flatMap(([from, to], index) =>
    columns.identifiers.has(index)
      ? []
      : findCardNumbers(raw.slice(from, to)).map(([a, b]): [number, number] => [from + a, from + b]),
  );
}

/** Ranges of the cells of one record, quotation marks included. */
function cellPlaces(raw: string, { delimiter, quote }: CsvDialect): Ranges {
  const places: Ranges = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < raw.length; at++) {
    if (quote !== '' && raw[at] === quote) quoted = !quoted;
    if (raw[at] !== delimiter || quoted) continue;
    places.push([from, at]);
    from = at + 1;
  }
  places.push([from, raw.length]);
  return places;
}
