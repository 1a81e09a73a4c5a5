// The assortment of the sample shop: a small grocery and household range with prices, weights and GTINs.
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { below } from './chance.ts';

export type Product = {
  sku: string;
  gtin: string;
  description: string;
  /** Cents per piece, or per kilogram where weighed. */
  price: number;
  weighed: boolean;
  /** How often it lands in a basket, relative to the others. */
  popularity: number;
};

const RANGE: [name: string, cents: number, kinds: string[]][] = [
  ['Bread', 289, ['rye', 'wheat', 'spelt', 'rolls']],
  ['Milk', 129, ['whole', 'low fat', 'oat', 'lactose free']],
  ['Coffee', 649, ['beans', 'ground', 'decaf', 'espresso']],
  ['Tea', 319, ['green', 'black', 'mint', 'fruit']],
  ['Chocolate', 179, ['dark', 'milk', 'hazelnut', 'white']],
  ['Pasta', 149, ['spaghetti', 'penne', 'fusilli', 'lasagne']],
  ['Jam', 259, ['cherry', 'apricot', 'strawberry', 'fig']],
  ['Soap', 199, ['lavender', 'olive', 'plain', 'citrus']],
  ['Candle', 499, ['beeswax', 'tall', 'tea lights', 'scented']],
  ['Notebook', 379, ['lined', 'plain', 'squared', 'pocket']],
  ['Battery', 549, ['AA', 'AAA', '9V', 'coin']],
  ['Mug', 899, ['blue', 'white', 'striped', 'large']],
];
const WEIGHED: [name: string, centsPerKilo: number][] = [
  ['Apples', 299],
  ['Bananas', 189],
  ['Tomatoes', 349],
  ['Cheese, from the counter', 1890],
  ['Olives', 1590],
  ['Potatoes', 159],
];

/** The same seed gives the same range. */
export function makeProducts(random: RandomGenerator): Product[] {
  const pieces = RANGE.flatMap(([name, cents, kinds]) =>
    kinds.map((kind) => ({ description: `${name}, ${kind}`, price: cents + 10 * below(random, 12), weighed: false })),
  );
  const loose = WEIGHED.map(([description, price]) => ({ description, price, weighed: true }));
  return [...pieces, ...loose].map((product, index) => ({
    ...product,
    sku: String(10_010 + index * 10),
    gtin: withCheckDigit(`40123450${String(index).padStart(4, '0')}`),
    popularity: 1 + below(random, 20),
  }));
}

/** GS1 check digit behind twelve digits. */
function withCheckDigit(twelve: string): string {
  const sum = [...twelve].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${twelve}${(10 - (sum % 10)) % 10}`;
}
