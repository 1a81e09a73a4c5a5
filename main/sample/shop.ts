// A believable shop: opening hours, busy hours, baskets, weighed goods, returns, voids and deliveries, from one seed.
import { DateTime } from 'luxon';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { formatDecimal, formatQuantity, lineAmount } from '../../core/amounts.ts';
import type { MovementInput, TransactionInput } from '../../protocol/local/transaction.ts';
import { below, inThousand, pick } from './chance.ts';
import { makeProducts, type Product } from './products.ts';

/** What happened at a moment of the shop's own time; `what` carries no times, whoever tells it stamps it. */
export type ShopEvent = { atMs: number } & (
  | { path: 'transactions'; what: Omit<TransactionInput, 'occurred' | 'businessDate'> }
  | { path: 'movements'; what: Omit<MovementInput, 'occurred' | 'businessDate'> }
);

export type ShopOptions = {
  seed: number;
  tills: number;
  /** Midnight of the first day in milliseconds; the day is taken as 24 hours of shop time. */
  midnightMs: number;
  /** First number on each till's roll. */
  firstReceipt?: number;
};

type Sold = { workstation: string; receipt: string; lines: TransactionInput['lines']; total: number };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPENS = 8;
const CLOSES = 20;
const CURRENCY = 'EUR';
const MINOR_DIGITS = 2;
const RECENT_SALES = 200;
/** Customers an hour at each till, from opening to closing. */
const CUSTOMERS = [12, 16, 20, 26, 34, 30, 24, 22, 28, 38, 40, 24];

/** Endless; the same options give the same events. */
export function* sampleShop(options: ShopOptions): Generator<ShopEvent, never> {
  const random = xoroshiro128plus(options.seed);
  const products = makeProducts(random);
  const rolls = Array.from({ length: options.tills }, () => options.firstReceipt ?? 1);
  const recent: Sold[] = [];
  let documents = options.firstReceipt ?? 1;

  for (let day = 0; ; day++) {
    const midnightMs = options.midnightMs + day * DAY_MS;
    const deliveryMs = midnightMs + (OPENS - 1) * HOUR_MS;
    for (const [index, part] of deliveryParts(products, day).entries()) {
      yield { atMs: deliveryMs + index * 60_000, path: 'movements', what: delivery(random, part, documents++) };
    }
    const next = (atMs: number): number => atMs + gapMs(random, (atMs - midnightMs) / HOUR_MS, options.tills);
    const opensMs = midnightMs + OPENS * HOUR_MS;
    for (let atMs = next(opensMs); atMs < midnightMs + CLOSES * HOUR_MS; atMs = next(atMs)) {
      if (inThousand(random, 4)) {
        yield { atMs, path: 'movements', what: breakage(random, pick(random, products), documents++) };
        continue;
      }
      const till = below(random, options.tills);
      const number = { workstation: `T${till + 1}`, receipt: String(rolls[till]) };
      rolls[till] = (rolls[till] ?? 1) + 1;
      yield { atMs, path: 'transactions', what: ring(random, products, recent, number) };
    }
  }
}

/** Exponential gaps around the hour's number of customers. */
function gapMs(random: RandomGenerator, hour: number, tills: number): number {
  const perHour = (CUSTOMERS[Math.floor(hour - OPENS)] ?? 20) * tills;
  const chance = (below(random, 1_000_000) + 1) / 1_000_001;
  return Math.max(1_000, Math.round((-Math.log(chance) * HOUR_MS) / perHour));
}

type TillNumber = { workstation: string; receipt: string };

function ring(random: RandomGenerator, products: Product[], recent: Sold[], number: TillNumber): TransactionWhat {
  const last = recent.at(-1);
  if (last !== undefined && last.workstation === number.workstation && inThousand(random, 12)) {
    recent.pop();
    return voiding(last, number);
  }
  if (inThousand(random, 45)) return returned(random, products, recent, number);
  return sale(random, products, recent, number);
}

type TransactionWhat = Extract<ShopEvent, { path: 'transactions' }>['what'];
type MovementWhat = Extract<ShopEvent, { path: 'movements' }>['what'];

function sale(random: RandomGenerator, products: Product[], recent: Sold[], number: TillNumber): TransactionWhat {
  const lines = [basketLine(random, products)];
  while (lines.length < 12 && inThousand(random, 680)) lines.push(basketLine(random, products));
  const total = sumOf(lines);
  recent.push({ ...number, lines, total });
  if (recent.length > RECENT_SALES) recent.shift();
  const type = pick(random, ['card', 'card', 'card', 'cash', 'cash']);
  return {
    kind: 'sale',
    ...number,
    currency: CURRENCY,
    lines,
    tenders: [{ type, amount: money(total) }],
    total: money(total),
    operator: `${1 + below(random, 4)}`,
  };
}

/** Two thirds bring the receipt; some goods are no longer fit for the shelf. */
function returned(random: RandomGenerator, products: Product[], recent: Sold[], number: TillNumber): TransactionWhat {
  const sold = recent.length > 0 && inThousand(random, 660) ? pick(random, recent) : null;
  const source = sold === null ? basketLine(random, products) : pick(random, sold.lines);
  const { sku, gtin, description, quantity, unitPrice, amount } = source;
  const line: TransactionInput['lines'][number] = { sku, gtin, description, quantity, unitPrice, amount };
  if (inThousand(random, 200)) line.disposition = 'damaged';
  if (sold !== null) {
    line.original = { workstation: sold.workstation, receipt: sold.receipt, line: sold.lines.indexOf(source) + 1 };
  }
  const total = -sumOf([line]);
  const back = { currency: CURRENCY, tenders: [{ type: 'cash', amount: money(total) }], total: money(total) };
  return { kind: 'return', ...number, ...back, lines: [line] };
}

function voiding(sold: Sold, number: TillNumber): TransactionWhat {
  const voids = { workstation: sold.workstation, receipt: sold.receipt };
  return { kind: 'void', ...number, currency: CURRENCY, lines: sold.lines, total: money(-sold.total), voids };
}

function basketLine(random: RandomGenerator, products: Product[]): TransactionInput['lines'][number] {
  const product = pick(random, products, (item) => item.popularity);
  const quantity = product.weighed ? 80 + below(random, 1_900) : 1_000 * pick(random, [1, 1, 1, 1, 2, 2, 3, 6]);
  const { sku, gtin, description, price } = product;
  const amount = lineAmount(quantity, price * 100, MINOR_DIGITS);
  const words = { quantity: formatQuantity(quantity), unitPrice: money(price), amount: money(amount) };
  return { sku, gtin, description, ...words };
}

/** Everything on the first day, half of the range on each later one. */
function deliveryParts(products: Product[], day: number): Product[][] {
  const due = products.filter((_, index) => day === 0 || index % 2 === day % 2);
  return Array.from({ length: Math.ceil(due.length / 20) }, (_, part) => due.slice(part * 20, part * 20 + 20));
}

function delivery(random: RandomGenerator, products: Product[], number: number): MovementWhat {
  const lines = products.map(({ sku, gtin, description, weighed, popularity }) => {
    const units = weighed ? 60 + below(random, 90) : 24 * (2 + popularity);
    return { sku, gtin, description, quantity: units };
  });
  const order = `PO-${2_000 + number}`;
  return {
    kind: 'goods-received',
    workstation: 'BACK',
    document: `DN-${number}`,
    lines,
    counterparty: 'Central depot',
    order,
  };
}

function breakage(random: RandomGenerator, product: Product, number: number): MovementWhat {
  const quantity = product.weighed ? `-0.${100 + below(random, 800)}` : -(1 + below(random, 2));
  const { sku, gtin, description } = product;
  const lines = [{ sku, gtin, description, quantity }];
  return { kind: 'adjustment', workstation: 'BACK', document: `ADJ-${number}`, lines, reason: 'broken or spoiled' };
}

const money = (cents: number): string => formatDecimal(cents, MINOR_DIGITS);
const sumOf = (lines: TransactionInput['lines']): number =>
  lines.reduce((sum, line) => sum + Math.round(Number(line.amount) * 10 ** MINOR_DIGITS), 0);

/** An event with its times written in: the moment it is rung up, and the trading day. */
export function stampEvent(event: ShopEvent, occurredMs: number): TransactionInput | MovementInput {
  const time = DateTime.fromMillis(occurredMs);
  return { ...event.what, occurred: time.toISO(), businessDate: time.toISODate() } as TransactionInput | MovementInput;
}
