// What the attributes of a product may hold: read from the text of a file or a person, and checked wherever they come in.
import { parseDecimal } from './amounts.ts';
import type { AttributeValue } from './catalogue.ts';
import { minorDigits } from './currency.ts';
import { AMOUNT_MAX } from './limits.ts';

const PRICE = /^price\/([A-Z]{3})$/;

/** GS1: from the right, every other digit counts three times; the last one makes the sum a multiple of ten. */
function hasCheckDigit(gtin: string): boolean {
  const sum = [...gtin].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

const currencyOf = (attribute: string): string | null => PRICE.exec(attribute)?.[1] ?? null;

/** What is wrong with it and how to mend it, without the attribute's name; null where it is right. */
export function valueProblem(attribute: string, value: AttributeValue): string | null {
  if (value === null) return null;
  if (currencyOf(attribute) !== null) {
    const isPrice = typeof value === 'number' && value >= 0 && value <= AMOUNT_MAX;
    return isPrice ? null : 'a price is a whole number of minor units, 199 for 1.99, and not below zero';
  }
  if (attribute === 'gtin') {
    if (typeof value !== 'string' || !/^(\d{8}|\d{12,14})$/.test(value)) return 'write 8, 12, 13 or 14 digits';
    return hasCheckDigit(value) ? null : 'its last digit does not fit the others, so one of them is mistyped';
  }
  if (attribute === 'name' || attribute === 'description') {
    return typeof value === 'string' && value.trim() !== '' ? null : 'write a text';
  }
  return null;
}

/** A price in units with its currency ("2.50 EUR"); null where the attribute is no price. */
export function priceInWords(attribute: string, value: AttributeValue): string | null {
  const currency = currencyOf(attribute);
  if (currency === null || typeof value !== 'number') return null;
  const digits = minorDigits(currency);
  const text = String(Math.abs(value)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const cents = digits === 0 ? '' : `.${text.slice(-digits)}`;
  return `${value < 0 ? '-' : ''}${whole}${cents} ${currency}`;
}

export const valueInWords = (attribute: string, value: AttributeValue): string =>
  value === null ? 'nothing' : (priceInWords(attribute, value) ?? `"${value}"`);

export type ReadValue = { value: AttributeValue } | { problem: string };

/** As people and files write it: a price in units ("1.99", "1,99"), everything else as text. */
export function readValue(attribute: string, text: string): ReadValue {
  const trimmed = text.trim();
  const currency = currencyOf(attribute);
  if (currency === null) return checked(attribute, trimmed);
  // "1,999" could be a thousand: only what can't be is read as a comma before cents.
  const decimal = /^\d+,\d{1,2}$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed;
  const digits = minorDigits(currency);
  const value = parseDecimal(decimal, digits);
  const example = digits === 0 ? '199' : `1.${'9'.repeat(digits)}`;
  if (value === null)
    return { problem: `write ${currency} as a number with at most ${digits} decimals, as ${example}` };
  return value < 0 ? { problem: 'a price is not below zero' } : checked(attribute, value);
}

function checked(attribute: string, value: AttributeValue): ReadValue {
  const problem = valueProblem(attribute, value);
  return problem === null ? { value } : { problem };
}
