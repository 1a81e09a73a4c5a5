// One row of the file: which receipt it belongs to, and what it says in exact numbers.
import type { z } from 'zod';
import { formatDecimal, lineAmount, QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../../core/amounts.ts';
import { minorDigits } from '../../core/currency.ts';
import { CELL_SHOWN_LENGTH_MAX } from '../../core/limits/files.ts';
import { AMOUNT_MAX, TEXT_LENGTH_MAX } from '../../core/limits.ts';
import { Gtin, Identifier } from '../../protocol/fact.ts';
import type { Column, Columns } from './columns.ts';
import type { CsvMapping } from './mapping.ts';
import type { MaskedRow } from './mask-row.ts';
import { parseLocalDecimal } from './numbers.ts';
import type { CsvRecord } from './records.ts';
import type { GroupKey, RowProblem, SpilledRow } from './spill.ts';
import { dateReader, type LocalTime, timeReader } from './times.ts';

/** Quantities in thousandths, unit price in ten-thousandths, amount in minor units; signs as in the file. */
export type ReadRow = {
  line: number;
  item: number;
  time: LocalTime;
  businessDate: string;
  till: string;
  receipt: string;
  sku: string;
  gtin: string | undefined;
  description: string | undefined;
  quantity: number;
  unitPriceE4: number | undefined;
  amount: number | undefined;
  notGoods: boolean;
  customer: string | undefined;
  operator: string | undefined;
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
  const codes = new Set(mapping.notGoods.codes);
  const patterns = mapping.notGoods.patterns.map((pattern) => new RegExp(`^(?:${pattern})$`, 'u'));
  const constantTill = 'constant' in mapping.till ? mapping.till.constant : null;
  const cell = (cells: string[], column: Column | null): string =>
    column === null ? '' : (cells[column.index] ?? '').trim();
  const dayOf = (cells: string[]): string | null => {
    if (columns.businessDate !== null && readDate !== null) return readDate(cell(cells, columns.businessDate));
    const time = readTime(cell(cells, columns.time));
    return 'problem' in time ? null : time.day;
  };
  const tillOf = (cells: string[]): string => constantTill ?? cell(cells, columns.till);
  return {
    key: (cells) => ({
      receipt: identifier(cell(cells, columns.receipt)),
      till: identifier(tillOf(cells)),
      day: mapping.receiptScope === 'ever' ? '-' : (dayOf(cells) ?? ''),
    }),
    shapeProblem: (record, masked) => shapeProblem(record, masked, columns),
    read(row) {
      if (row.problem !== null) return { ok: false, problem: row.problem };
      const { cells } = row;
      const problems: string[] = [];
      const wrong = (column: Column | null, problem: string, fix: string): void => {
        const shown = cell(cells, column).slice(0, CELL_SHOWN_LENGTH_MAX);
        problems.push(`${column?.name ?? 'till'} ${shown === '' ? 'is empty' : `"${shown}" ${problem}`}: ${fix}`);
      };
      const checked = <T>(schema: z.ZodType<T, string>, column: Column | null, text: string): T | undefined => {
        const parsed = schema.safeParse(text);
        if (parsed.success) return parsed.data;
        wrong(column, 'cannot be used', parsed.error.issues[0]?.message ?? 'correct it');
        return undefined;
      };
      const time = readTime(cell(cells, columns.time));
      if ('problem' in time) wrong(columns.time, time.problem, 'correct it, or timeFormat and timeZone in the mapping');
      const day = dayOf(cells);
      if (day === null && columns.businessDate !== null) {
        wrong(columns.businessDate, 'is no date', 'correct it, or businessDate.format in the mapping');
      }
      const code = cell(cells, columns.sku);
      const sku = mapping.foldSkuCase ? code.toUpperCase() : code;
      const gtin = cell(cells, columns.gtin);
      checked(Identifier, columns.till, tillOf(cells));
      checked(Identifier, columns.receipt, cell(cells, columns.receipt));
      checked(Identifier, columns.sku, sku);
      if (gtin !== '') checked(Gtin, columns.gtin, gtin);
      const money = readMoney(cells, mapping, columns, cell, wrong);
      if (problems.length > 0 || 'problem' in time || day === null) {
        return { ok: false, problem: { code: 'bad-row', text: problems.join('; ') } };
      }
      const notGoods = codes.has(code) || patterns.some((pattern) => pattern.test(code));
      const read: ReadRow = {
        line: row.line,
        item: row.item,
        time,
        businessDate: day,
        till: tillOf(cells),
        receipt: cell(cells, columns.receipt),
        sku,
        gtin: gtin === '' ? undefined : gtin,
        description: plainText(cell(cells, columns.description)),
        ...money,
        notGoods,
        customer: plainText(cell(cells, columns.customer)),
        operator: plainText(cell(cells, columns.operator)),
      };
      return { ok: true, row: read };
    },
  };
}

type Wrong = (column: Column | null, problem: string, fix: string) => void;

function readMoney(
  cells: string[],
  mapping: CsvMapping,
  columns: Columns,
  cell: (cells: string[], column: Column | null) => string,
  wrong: Wrong,
): Pick<ReadRow, 'quantity' | 'unitPriceE4' | 'amount'> {
  const style = `write it as ${mapping.decimalComma ? '"1,5"' : '"1.5"'}, or set decimalComma and thousandsSeparator`;
  const number = (column: Column | null, scale: number): number | undefined => {
    const text = cell(cells, column);
    if (column === null || (text === '' && column !== columns.quantity)) return undefined;
    const exact = parseLocalDecimal(text, scale, mapping);
    if (exact !== null && Math.abs(exact) <= AMOUNT_MAX) return exact;
    wrong(column, exact === null ? `is no number with at most ${scale} decimals` : 'is too large', style);
    return undefined;
  };
  const quantity = number(columns.quantity, QUANTITY_SCALE);
  if (quantity === 0) wrong(columns.quantity, 'is zero', 'leave the row out, or correct it');
  const unitPriceE4 = number(columns.unitPrice, UNIT_PRICE_SCALE);
  const digits = mapping.currency === undefined ? 2 : minorDigits(mapping.currency);
  const given = number(columns.amount, digits);
  const priced = given === undefined && unitPriceE4 !== undefined && quantity !== undefined;
  const amount = priced ? lineAmount(quantity, unitPriceE4, digits) : given;
  if (amount !== undefined && !(Math.abs(amount) <= AMOUNT_MAX)) {
    wrong(columns.unitPrice, `times ${formatDecimal(quantity ?? 0, QUANTITY_SCALE)} is too large`, 'correct it');
  }
  return { quantity: quantity ?? 0, unitPriceE4, amount };
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
