// A believable shop: opening hours, busy hours, baskets, weighed goods, returns, voids, deliveries and counts, from one seed.
import { DateTime } from 'luxon';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { formatDecimal, formatQuantity, lineAmount } from '../../core/amounts.ts';
import type { TransactionInput } from '../../protocol/local/transaction.ts';
import {
  breakage,
  type CountWhat,
  count,
  delivery,
  deliveryParts,
  type MovementWhat,
  putAway,
  type Shelves,
} from './back-office.ts';
import { below, inThousand, pick } from './chance.ts';
import { makeProducts, type Product } from './products.ts';

/** What happened at a moment of the shop's own time; `what` carries no times, whoever tells it stamps it. */
export type ShopEvent = {
  atMs: number;
  /** Of the trading day before. */
  yesterday?: boolean | undefined;
  /** The till printed it and never sent it. */
  lost?: boolean | undefined;
} & (
  | { path: 'transactions'; what: TransactionWhat }
  | { path: 'movements'; what: MovementWhat }
  | { path: 'stocktakes'; what: CountWhat }
);

type TransactionWhat = Omit<TransactionInput, 'occurred' | 'businessDate'>;

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
const EVENING_SALES = 40;
/** Customers an hour at each till, from opening to closing. */
const CUSTOMERS = [12, 16, 20, 26, 34, 30, 24, 22, 28, 38, 40, 24];

type Shop = {
  random: RandomGenerator;
  products: Product[];
  shelves: Shelves;
  /** Next number of each till's roll. */
  rolls: number[];
  recent: Sold[];
  documents: number;
};

/** Endless; the same options give the same events. */
export function* sampleShop(options: ShopOptions): Generator<ShopEvent, never> {
  const random = xoroshiro128plus(options.seed);
  const products = makeProducts(random);
  const first = options.firstReceipt ?? 1;
  const rolls = Array.from({ length: options.tills }, () => first);
  const shop: Shop = { random, products, shelves: new Map(), rolls, recent: [], documents: first };
  yield* evening(shop, options.midnightMs - DAY_MS);
  for (let day = 0; ; day++) {
    const midnightMs = options.midnightMs + day * DAY_MS;
    yield* deliveries(shop, day, midnightMs);
    yield* trading(shop, midnightMs);
  }
}

/** The last hour of the day before, so that the tills have a day to report; one receipt of it never arrived. */
function* evening(shop: Shop, midnightMs: number): Generator<ShopEvent> {
  const closesMs = midnightMs + CLOSES * HOUR_MS;
  for (let left = EVENING_SALES; left > 0; left--) {
    const atMs = closesMs - (left * HOUR_MS) / EVENING_SALES;
    const lost = left === EVENING_SALES / 2;
    const what = lost ? lostSale(shop) : sale(shop.random, shop.products, shop.recent, nextNumber(shop));
    if (!lost) putAway(shop.shelves, what.lines, -1);
    yield { atMs, yesterday: true, path: 'transactions', what, lost };
  }
}

function* deliveries(shop: Shop, day: number, midnightMs: number): Generator<ShopEvent> {
  for (const [index, part] of deliveryParts(shop.products, day).entries()) {
    const what = delivery(shop.random, part, shop.documents++);
    putAway(shop.shelves, what.lines);
    yield { atMs: midnightMs + (OPENS - 1) * HOUR_MS + index * 60_000, path: 'movements', what };
  }
}

function* trading(shop: Shop, midnightMs: number): Generator<ShopEvent> {
  const { random, products, shelves, rolls } = shop;
  const next = (atMs: number): number => atMs + gapMs(random, (atMs - midnightMs) / HOUR_MS, rolls.length);
  let hasLost = false;
  for (let atMs = next(midnightMs + OPENS * HOUR_MS); atMs < midnightMs + CLOSES * HOUR_MS; atMs = next(atMs)) {
    if (inThousand(random, 4)) {
      const what = breakage(random, pick(random, products), shop.documents++);
      putAway(shelves, what.lines);
      yield { atMs, path: 'movements', what };
    } else if (inThousand(random, 5)) {
      yield { atMs, path: 'stocktakes', what: count(random, products, shelves, shop.documents++) };
    } else if (!hasLost && inThousand(random, 1)) {
      hasLost = true;
      yield { atMs, path: 'transactions', what: lostSale(shop), lost: true };
    } else {
      const what = ring(random, products, shop.recent, nextNumber(shop));
      putAway(shelves, what.lines, what.kind === 'sale' ? -1 : 1);
      yield { atMs, path: 'transactions', what };
    }
  }
}

function nextNumber({ random, rolls }: Shop): TillNumber {
  const till = below(random, rolls.length);
  const receipt = rolls[till] ?? 1;
  rolls[till] = receipt + 1;
  return { workstation: `T${till + 1}`, receipt: String(receipt) };
}

/** Nobody brings it back, and for the shelves it never was: only its number lacks. */
const lostSale = (shop: Shop): TransactionWhat => sale(shop.random, shop.products, [], nextNumber(shop));

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
  // What was brought back once stays here.
  if (sold !== null) recent.splice(recent.indexOf(sold), 1);
  const source = sold === null ? basketLine(random, products) : pick(random, sold.lines);
  const { sku, gtin, description, quantity, unitPrice, amount } = source;
  const line: Line = paidBack({ sku, gtin, description, quantity, unitPrice, amount });
  if (inThousand(random, 200)) line.disposition = 'damaged';
  if (sold !== null) {
    line.original = { workstation: sold.workstation, receipt: sold.receipt, line: sold.lines.indexOf(source) + 1 };
  }
  const total = sumOf([line]);
  const back = { currency: CURRENCY, tenders: [{ type: 'cash', amount: money(total) }], total: money(total) };
  return { kind: 'return', ...number, ...back, lines: [line] };
}

function voiding(sold: Sold, number: TillNumber): TransactionWhat {
  const voids = { workstation: sold.workstation, receipt: sold.receipt };
  return {
    kind: 'void',
    ...number,
    currency: CURRENCY,
    lines: sold.lines.map(paidBack),
    total: money(-sold.total),
    voids,
  };
}

function basketLine(random: RandomGenerator, products: Product[]): TransactionInput['lines'][number] {
  const product = pick(random, products, (item) => item.popularity);
  const quantity = product.weighed ? 80 + below(random, 1_900) : 1_000 * pick(random, [1, 1, 1, 1, 2, 2, 3, 6]);
  const { sku, gtin, description, price } = product;
  const amount = lineAmount(quantity, price * 100, MINOR_DIGITS);
  const words = { quantity: formatQuantity(quantity), unitPrice: money(price), amount: money(amount) };
  return { sku, gtin, description, ...words };
}

type Line = TransactionInput['lines'][number];

/** What a customer gets back is negative. */
const paidBack = (line: Line): Line => ({ ...line, amount: money(-centsOf(line)) });
const money = (cents: number): string => formatDecimal(cents, MINOR_DIGITS);
const centsOf = ({ amount }: Line): number => Math.round(Number(amount) * 10 ** MINOR_DIGITS);
const sumOf = (lines: Line[]): number => lines.reduce((sum, line) => sum + centsOf(line), 0);

/** A counter walks along the shelf for so long. */
const COUNTING_MS = 20_000;

/** What is posted, with its times written in: the moment it happened and the trading day. */
export type Stamped = { occurred: string; businessDate: string } & (
  | TransactionWhat
  | MovementWhat
  | (CountWhat & { begun: string })
);

export function stampEvent({ path, what, yesterday = false }: ShopEvent, nowMs: number): Stamped {
  const time = DateTime.fromMillis(nowMs).minus({ days: yesterday ? 1 : 0 });
  const stamps = { occurred: time.toISO() ?? '', businessDate: time.toISODate() ?? '' };
  if (path !== 'stocktakes') return { ...what, ...stamps };
  return { ...what, ...stamps, begun: time.minus(COUNTING_MS).toISO() ?? '' };
}
