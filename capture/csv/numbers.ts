// Numbers as people's spreadsheets write them, to plain decimal text.
import { parseDecimal } from '../../core/amounts.ts';
import type { CsvMapping } from './mapping.ts';

export type NumberStyle = Pick<CsvMapping, 'decimalComma' | 'thousandsSeparator'>;

/** "1.234,50" to 1234500 at scale 3; null where it is no number, is grouped wrongly, or would be rounded. */
export function parseLocalDecimal(text: string, scale: number, style: NumberStyle): number | null {
  const plain = plainDecimal(text, style);
  return plain === null ? null : parseDecimal(plain, scale);
}

function plainDecimal(text: string, style: NumberStyle): string | null {
  let digits = text.trim().replace(/^\u2212/, '-');
  const point = style.decimalComma ? ',' : '.';
  if (style.thousandsSeparator !== undefined) {
    const separator = style.thousandsSeparator;
    // A space in a number is often one that does not break.
    if (separator === ' ') digits = digits.replace(/[\u00a0\u202f]/g, ' ');
    const [whole = '', ...fraction] = digits.split(point);
    const groups = whole.split(separator);
    if (groups.length > 1 && !rightlyGrouped(groups)) return null;
    digits = [groups.join(''), ...fraction].join(point);
  }
  const match = /^([+-]?)(\d*)(?:[.,](\d+))?$/.exec(digits);
  if (match === null) return null;
  const [, sign = '', whole = '', fraction] = match;
  if (fraction !== undefined && !digits.includes(point)) return null;
  if (whole === '' && fraction === undefined) return null;
  return `${sign}${whole === '' ? '0' : whole}${fraction === undefined ? '' : `.${fraction}`}`;
}

const rightlyGrouped = ([first = '', ...rest]: string[]): boolean =>
  /^[+-]?\d{1,3}$/.test(first) && rest.every((group) => /^\d{3}$/.test(group));
