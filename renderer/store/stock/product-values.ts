// Attributes of head office's catalogue in words: what they are called, how they read, and how they are typed.
import { formatDecimal, parseDecimal } from '../../../core/amounts.ts';
import type { AttributeValue, Party } from '../../../core/catalogue.ts';
import { minorDigits } from '../../../core/currency.ts';
import type { ProductValue } from '../../../protocol/local/rooms/stock.ts';
import { money } from '../../kit/format.ts';
import { words } from '../../kit/words.ts';

const say = words.product;
const NAME = 'name';
const CODE = 'gtin';
const PRICE = /^price\/([A-Z]{3})$/;

const currencyOf = (attribute: string): string | null => PRICE.exec(attribute)?.[1] ?? null;

export function nameOfValue(attribute: string): string {
  const currency = currencyOf(attribute);
  if (currency !== null) return say.price(currency);
  return attribute === CODE ? say.code : attribute === NAME ? say.name : attribute;
}

/** What people in a store may have otherwise: a code is on the goods. */
export const isProposable = (attribute: string): boolean => attribute === NAME || currencyOf(attribute) !== null;

/** The name first, then the code and the prices. */
export function shownValues(values: ProductValue[]): ProductValue[] {
  const of = (wanted: (attribute: string) => boolean): ProductValue[] =>
    values.filter(({ attribute }) => wanted(attribute));
  return [
    ...of((attribute) => attribute === NAME),
    ...of((attribute) => attribute === CODE),
    ...of((attribute) => currencyOf(attribute) !== null),
  ];
}

/** `typed`: as somebody would type it. */
export function shownValue(attribute: string, value: AttributeValue, how: 'shown' | 'typed' = 'shown'): string {
  if (value === null) return how === 'typed' ? '' : say.none;
  const currency = currencyOf(attribute);
  if (currency === null || typeof value !== 'number') return String(value);
  return how === 'typed' ? formatDecimal(value, minorDigits(currency)) : money(value, currency);
}

/** Money with point or comma, in minor units. */
export function readValue(attribute: string, typed: string): string | number | { problem: string } {
  const text = typed.trim();
  if (text === '') return { problem: say.empty };
  const currency = currencyOf(attribute);
  if (currency === null) return text;
  const minor = parseDecimal(text.replace(',', '.'), minorDigits(currency));
  return minor === null || minor < 0 ? { problem: say.notAnAmount } : minor;
}

export function decidesOn({ kind, id }: Party, store: string): string {
  if (kind === 'head-office') return say.decides;
  if (kind === 'region') return say.decidesRegion(id);
  return id === store ? say.decidesHere : say.decidesStore(id);
}
