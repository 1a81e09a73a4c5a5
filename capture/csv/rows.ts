// One row of the file: which receipt it belongs to, and what it says in exact numbers.
import type { z } from 'zod';
import { CELL_SHOWN_LENGTH_MAX } from '../../core/limits/files.ts';
import { TEXT_LENGTH_MAX } from '../../core/limits.ts';
import { Gtin, Identifier } from '../../protocol/fact.ts';
import { type Column, type Columns, cellOf, type Wrong } from './columns.ts';
import type { CsvMapping } from './mapping.ts';
import type { FileMovementKind } from './mapping-stock.ts';
import type { MaskedRow } from './mask-row.ts';
import type { CsvRecord } from './records.ts';
import { type Figures, figureReader } from './row-figures.ts';
import type { GroupKey, RowProblem, SpilledRow } from './spill.ts';
import { dateReader, type LocalTime, type TimeReader, timeReader } from './times.ts';

/** `receipt` is the number of the document, whatever it is. Signs as in the file. */
export type ReadRow = Figures & {
  line: number;
  item: number;
  time: LocalTime;
  businessDate: string;
  till: string;
  receipt: string;
  sku: string;
  gtin: string | undefined;
  description: string | undefined;
  notGoods: boolean;
  customer: string | undefined;
  operator: string | undefined;
  /** Of movements. */
  kind: FileMovementKind | undefined;
  counterparty: string | undefined;
  order: string | undefined;
  transfer: string | undefined;
  /** Of movements and counts. */
  reason: string | undefined;
  /** Of counts. */
  stocktake: string | undefined;
  begun: LocalTime | undefined;
  counter: string | undefined;
};

export type RowReader = {
  /** The receipt's name as far as the row can be trusted; '' where it can't. */
  key(cells: string[]): GroupKey;
  /** What makes the row unusable whatever its cells say. */
  shapeProblem(record: CsvRecord, masked: MaskedRow): RowProblem | null;
  read(row: SpilledRow): { ok: true; row: ReadRow } | { ok: false; problem: RowProblem };
};

export function rowReader(mapping: CsvMapping, columns: Columns): RowReader {
  const readTime = timeReader(mapping);
  const readDate = 'format' in mapping.businessDate ? dateReader(mapping.businessDate.format) : null;
  const readFigures = figureReader(mapping, columns);
  const codes = new Set(mapping.notGoods.codes);
  const patterns = mapping.notGoods.patterns.map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'));
  const constantTill = 'constant' in mapping.till ? mapping.till.constant : null;
  const timeOf = (cells: string[]): ReturnType<TimeReader> => readTime(timeText(cells, columns));
  const dayOf = (cells: string[]): string | null => {
    if (columns.businessDate !== null && readDate !== null) return readDate(cellOf(cells, columns.businessDate));
    const time = timeOf(cells);
    return 'problem' in time ? null : time.day;
  };
  const tillOf = (cells: string[]): string => constantTill ?? cellOf(cells, columns.till);
  const numberOf = (cells: string[]): string =>
    columns.number === null ? (mapping.documentNumber ?? '') : cellOf(cells, columns.number);
  return {
    key: (cells) => ({
      receipt: identifier(numberOf(cells)),
      till: identifier(tillOf(cells)),
      day: mapping.receiptScope === 'ever' ? '-' : (dayOf(cells) ?? ''),
    }),
    shapeProblem: (record, masked) => shapeProblem(record, masked, columns),
    read(row) {
      if (row.problem !== null) return { ok: false, problem: row.problem };
      const { cells } = row;
      const problems: string[] = [];
      const wrong: Wrong = (column, problem, fix) => {
        const shown = cellOf(cells, column).slice(0, CELL_SHOWN_LENGTH_MAX);
        problems.push(`${column?.name ?? 'till'} ${shown === '' ? 'is empty' : `"${shown}" ${problem}`}: ${fix}`);
      };
      const time = timeOf(cells);
      const day = dayOf(cells);
      checkTimes(cells, time, day, columns, wrong);
      const code = cellOf(cells, columns.sku);
      const sku = mapping.foldSkuCase ? code.toUpperCase() : code;
      checked(Identifier, columns.till, tillOf(cells), wrong);
      if (columns.number !== null) checked(Identifier, columns.number, numberOf(cells), wrong);
      checked(Identifier, columns.sku, sku, wrong);
      const words = readWords(cells, mapping, columns, wrong);
      const begun = columns.begun === null ? undefined : readTime(cellOf(cells, columns.begun));
      if (begun !== undefined && 'problem' in begun) wrong(columns.begun, begun.problem, 'correct it, or timeFormat');
      const figures = readFigures(cells, wrong);
      if (problems.length > 0 || 'problem' in time || day === null || (begun !== undefined && 'problem' in begun)) {
        return { ok: false, problem: { code: 'bad-row', text: problems.join('; ') } };
      }
      const read: ReadRow = {
        line: row.line,
        item: row.item,
        time,
        businessDate: day,
        till: tillOf(cells),
        receipt: numberOf(cells),
        sku,
        ...words,
        ...figures,
        notGoods: codes.has(code) || patterns.some((pattern) => pattern.test(code)),
        begun,
      };
      return { ok: true, row: read };
    },
  };
}

function checkTimes(
  cells: string[],
  time: ReturnType<TimeReader>,
  day: string | null,
  columns: Columns,
  wrong: Wrong,
): void {
  if ('problem' in time) {
    const column = columns.date !== null && cellOf(cells, columns.date) === '' ? columns.date : columns.time;
    wrong(column, time.problem, 'correct it, or timeFormat and timeZone in the mapping');
  }
  if (day === null && columns.businessDate !== null) {
    wrong(columns.businessDate, 'is no date', 'correct it, or businessDate.format in the mapping');
  }
}

/** Date and time of day may be two columns. */
const timeText = (cells: string[], { date, time }: Columns): string =>
  date === null ? cellOf(cells, time) : `${cellOf(cells, date)} ${cellOf(cells, time)}`.trim();

function checked(schema: z.ZodType<string, string>, column: Column | null, text: string, wrong: Wrong): void {
  const parsed = schema.safeParse(text);
  if (!parsed.success) wrong(column, 'cannot be used', parsed.error.issues[0]?.message ?? 'correct it');
}

/** What a row says beside its figures and times. */
function readWords(cells: string[], mapping: CsvMapping, columns: Columns, wrong: Wrong) {
  const optional = (schema: z.ZodType<string, string>, column: Column | null): string | undefined => {
    const text = cellOf(cells, column);
    if (text === '') return undefined;
    checked(schema, column, text, wrong);
    return text;
  };
  return {
    gtin: optional(Gtin, columns.gtin),
    description: plainText(cellOf(cells, columns.description)),
    customer: plainText(cellOf(cells, columns.customer)),
    operator: plainText(cellOf(cells, columns.operator)),
    kind: kindOf(cells, mapping, columns, wrong),
    counterparty: plainText(cellOf(cells, columns.counterparty)),
    order: optional(Identifier, columns.order),
    transfer: optional(Identifier, columns.transfer),
    reason: plainText(cellOf(cells, columns.reason)),
    stocktake: optional(Identifier, columns.stocktake),
    counter: plainText(cellOf(cells, columns.counter)),
  };
}

function kindOf(
  cells: string[],
  { movements }: CsvMapping,
  { kind }: Columns,
  wrong: Wrong,
): FileMovementKind | undefined {
  if (movements === undefined) return undefined;
  if ('constant' in movements.kind) return movements.kind.constant;
  const text = cellOf(cells, kind);
  const { values } = movements.kind;
  if (Object.hasOwn(values, text)) return values[text];
  wrong(kind, 'is no kind that the mapping knows', 'add it to movements.kind.values');
  return undefined;
}

function shapeProblem(record: CsvRecord, masked: MaskedRow, columns: Columns): RowProblem | null {
  if (record.broken === 'quotes') {
    const text =
      'the quotation marks do not pair up: double them inside a quoted cell, or set looseQuotes in the mapping';
    return { code: 'bad-row', text };
  }
  if (record.broken === 'too-long') {
    return { code: 'bad-row', text: 'the row does not end: look for a quotation mark that is never closed' };
  }
  if (record.broken === 'json') return { code: 'bad-row', text: record.problem ?? 'it is no JSON object' };
  if (record.broken === 'encoding') {
    const text = 'the row is not UTF-8: set encoding in the mapping, for example "windows-1252"';
    return { code: 'bad-row', text };
  }
  if (record.cells.length !== columns.width) {
    const text = `the row has ${record.cells.length} cells, the header ${columns.width}: quote cells that hold the delimiter`;
    return { code: 'bad-row', text };
  }
  if (masked.card === null) return null;
  const text = `${masked.card} holds a card number, which was painted over: let the till send something else there`;
  return { code: 'card-number', text };
}

/** '' for what can't be an identifier: then the row stands alone. */
const identifier = (text: string): string => (Identifier.safeParse(text).success ? text : '');

/** Free text in one line: control characters and runs of spaces become one space, cut at the limit. */
function plainText(text: string): string | undefined {
  const plain = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (plain.length <= TEXT_LENGTH_MAX) return plain === '' ? undefined : plain;
  // The cut may not leave half a character behind.
  return plain.slice(0, TEXT_LENGTH_MAX).replace(/[\ud800-\udbff]$/, '');
}
