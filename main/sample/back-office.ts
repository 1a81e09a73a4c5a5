// What the sample shop does beside selling: deliveries that sometimes differ, breakage, and shelves that are counted.
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { formatQuantity, parseDecimal, QUANTITY_SCALE } from '../../core/amounts.ts';
import type { StocktakeInput } from '../../protocol/local/documents.ts';
import type { MovementInput } from '../../protocol/local/transaction.ts';
import { below, inThousand } from './chance.ts';
import type { Product } from './products.ts';

export type MovementWhat = Omit<MovementInput, 'occurred' | 'businessDate'>;
export type CountWhat = Omit<StocktakeInput, 'occurred' | 'businessDate' | 'begun' | 'sentAt'>;

/** What is on each shelf of the shop, thousandths: a count finds what is there, not what the books say. */
export type Shelves = Map<string, number>;

const BACK = 'BACK';
const HANDHELD = 'HAND-1';
/** Products that stand on one shelf. */
const SHELF_PRODUCTS = 4;

export function changeShelf(shelves: Shelves, sku: string, by: number): void {
  shelves.set(sku, (shelves.get(sku) ?? 0) + by);
}

const thousandths = (quantity: number | string): number => parseDecimal(String(quantity), QUANTITY_SCALE) ?? 0;

/** What a document changes on the shelves; damaged goods never reach them. */
export function putAway(
  shelves: Shelves,
  lines: { sku: string; quantity: number | string; disposition?: unknown }[],
  sign = 1,
): void {
  for (const { sku, quantity, disposition } of lines) {
    if (disposition === undefined || disposition === 'resell') changeShelf(shelves, sku, sign * thousandths(quantity));
  }
}

/** Everything on the first day, half of the range on each later one. */
export function deliveryParts(products: Product[], day: number): Product[][] {
  const due = products.filter((_, index) => day === 0 || index % 2 === day % 2);
  return Array.from({ length: Math.ceil(due.length / 20) }, (_, part) => due.slice(part * 20, part * 20 + 20));
}

/** One in eight has a line that came short. */
export function delivery(random: RandomGenerator, products: Product[], number: number): MovementWhat {
  const short = inThousand(random, 125) ? below(random, products.length) : -1;
  const lines = products.map(({ sku, gtin, description, weighed, popularity }, index) => {
    const expected = weighed ? 20 + below(random, 10) + 14 * popularity : 24 * (2 + popularity);
    return { sku, gtin, description, quantity: index === short ? expected - 12 : expected, expected };
  });
  const of = {
    workstation: BACK,
    document: `DN-${number}`,
    counterparty: 'Central depot',
    order: `PO-${2_000 + number}`,
  };
  return { kind: 'goods-received', ...of, lines };
}

export function breakage(random: RandomGenerator, product: Product, number: number): MovementWhat {
  const quantity = product.weighed ? `-0.${100 + below(random, 800)}` : -(1 + below(random, 2));
  const { sku, gtin, description } = product;
  const lines = [{ sku, gtin, description, quantity }];
  return { kind: 'adjustment', workstation: BACK, document: `ADJ-${number}`, lines, reason: 'broken or spoiled' };
}

/** One shelf is counted by one or two people; now and then a piece is gone that nobody sold. */
export function count(random: RandomGenerator, products: Product[], shelves: Shelves, number: number): CountWhat {
  const from = below(random, products.length - SHELF_PRODUCTS);
  const lines = products.slice(from, from + SHELF_PRODUCTS).map(({ sku, gtin, description, weighed }) => {
    const there = Math.max(0, shelves.get(sku) ?? 0);
    const found = !weighed && there > 0 && inThousand(random, 250) ? there - 1_000 : there;
    shelves.set(sku, found);
    const front = weighed ? found : 1_000 * below(random, found / 1_000 + 1);
    const parts = [
      { counter: 'front', quantity: formatQuantity(front) },
      { counter: 'back room', quantity: formatQuantity(found - front) },
    ];
    const words = { sku, gtin, description };
    return front === found ? { ...words, counted: formatQuantity(found) } : { ...words, parts };
  });
  return { stocktake: `COUNT-${number}`, workstation: HANDHELD, lines };
}
