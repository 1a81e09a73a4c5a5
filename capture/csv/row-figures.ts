// The numbers of one row, exact: quantities, prices and amounts, by what the file's documents may say.
import { formatDecimal, lineAmount, QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../../core/amounts.ts';
import { minorDigits } from '../../core/currency.ts';
import { AMOUNT_MAX } from '../../core/limits.ts';
import { type Column, type Columns, cellOf, type Wrong } from './columns.ts';
import type { CsvMapping } from './mapping.ts';
import { parseLocalDecimal } from './numbers.ts';

/** Quantities in thousandths, unit price in ten-thousandths, amount in minor units; signs as in the file. */
export type Figures = {
  quantity: number;
  unitPriceE4: number | undefined;
  amount: number | undefined;
  /** Of movements: what was announced. */
  expected: number | undefined;
};

export function figureReader(mapping: CsvMapping, columns: Columns): (cells: string[], wrong: Wrong) => Figures {
  const style = `write it as ${mapping.decimalComma ? '"1,5"' : '"1.5"'}, or set decimalComma and thousandsSeparator`;
  const digits = mapping.currency === undefined ? 2 : minorDigits(mapping.currency);
  const number = (cells: string[], column: Column | null, scale: number, wrong: Wrong, fix = style) => {
    const text = cellOf(cells, column);
    if (column === null || (text === '' && column !== columns.quantity)) return undefined;
    const exact = parseLocalDecimal(text, scale, mapping);
    if (exact !== null && Math.abs(exact) <= AMOUNT_MAX) return exact;
    const shape = scale === 0 ? 'is no whole number' : `is no number with at most ${scale} decimals`;
    wrong(column, exact === null ? shape : 'is too large', fix);
    return undefined;
  };
  /** In units of 10^-scale of the currency. */
  const money = (cells: string[], column: Column | null, scale: number, wrong: Wrong): number | undefined => {
    if (!mapping.minorUnits) return number(cells, column, scale, wrong);
    const minor = number(cells, column, 0, wrong, 'write whole minor units, or leave out minorUnits');
    if (minor === undefined) return undefined;
    const scaled = minor * 10 ** (scale - digits);
    if (Math.abs(scaled) <= AMOUNT_MAX) return scaled;
    wrong(column, 'is too large', 'correct it');
    return undefined;
  };
  return (cells, wrong) => {
    const quantity = number(cells, columns.quantity, QUANTITY_SCALE, wrong);
    if (mapping.documents === 'counts') {
      if (quantity !== undefined && quantity < 0) wrong(columns.quantity, 'is negative', 'send what was found');
    } else if (quantity === 0) wrong(columns.quantity, 'is zero', 'leave the row out, or correct it');
    const expected = number(cells, columns.expected, QUANTITY_SCALE, wrong);
    if (expected !== undefined && expected < 0) wrong(columns.expected, 'is negative', 'send what was announced');
    const unitPriceE4 = money(cells, columns.unitPrice, UNIT_PRICE_SCALE, wrong);
    const given = money(cells, columns.amount, digits, wrong);
    const priced = given === undefined && unitPriceE4 !== undefined && quantity !== undefined;
    const amount = priced ? lineAmount(quantity, unitPriceE4, digits) : given;
    if (amount !== undefined && !(Math.abs(amount) <= AMOUNT_MAX)) {
      const times = formatDecimal(quantity ?? 0, QUANTITY_SCALE);
      wrong(columns.unitPrice, `times ${times} is too large`, 'correct it');
    }
    return { quantity: quantity ?? 0, unitPriceE4, amount, expected };
  };
}
