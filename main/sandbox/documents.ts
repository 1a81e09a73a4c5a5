// What the sandbox till posts, in this order: the answers show an integrator every rule of the door once.
import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { formatDecimal } from '../../core/amounts.ts';
import type { StocktakeInput } from '../../protocol/local/documents.ts';
import type { TransactionInput } from '../../protocol/local/transaction.ts';
import { below, pick } from '../sample/chance.ts';
import { makeProducts, type Product } from '../sample/products.ts';

export type Step = { what: string; path: string; key: string; body: unknown; expects: string };

const CENTS = 2;

/** Numbers and keys begin with eight random digits, so that no run meets another one's. */
export function sandboxSteps(sales: number, workstation: string, seed: number): Step[] {
  const random = xoroshiro128plus(seed);
  const products = makeProducts(random);
  const run = randomUUID().slice(0, 8);
  const now = DateTime.now();
  const at = { businessDate: now.toISODate(), occurred: now.toISO(), sentAt: now.toISO() };
  const step = (what: string, way: string, key: string, body: unknown, expects: string): Step => ({
    ...{ what, path: `/v1/${way}`, key: `sandbox-${run}-${key}`, body, expects },
  });
  const ringUp = (receipt: string): TransactionInput => {
    const basket = Array.from({ length: 1 + below(random, 4) }, () =>
      lineOf(pick(random, products, ({ popularity }) => popularity)),
    );
    const total = basket.reduce((sum, { cents }) => sum + cents, 0);
    const lines = basket.map(({ cents: _cents, ...line }) => line);
    const money = formatDecimal(total, CENTS);
    const tenders = [{ type: 'cash', amount: money }];
    return { kind: 'sale', workstation, receipt, ...at, currency: 'EUR', lines, tenders, total: money };
  };
  const receipts = Array.from({ length: sales }, (_, index) => ringUp(`${run}-${index + 1}`));
  const posted = receipts.map((body) => step(`sale ${body.receipt}`, 'transactions', body.receipt, body, '201'));
  const [first] = receipts;
  const [last] = posted.slice(-1);
  if (first === undefined || last === undefined) return [];
  const sold = { workstation, businessDate: first.businessDate, receipt: first.receipt, line: 1 };
  const [line] = first.lines;
  const back = { kind: 'return', workstation, receipt: `${run}-R1`, ...at, lines: [{ ...line, original: sold }] };
  const sheet: StocktakeInput = {
    ...{ stocktake: `COUNT-${run}`, workstation, ...at, begun: now.minus({ minutes: 5 }).toISO() },
    lines: products.slice(0, 3).map(({ sku, description }, index) => ({ sku, description, counted: 10 + index })),
  };
  const wrong = { ...first, receipt: `${run}-W`, lines: [{ sku: '', quantity: 1.2345, price: 3 }] };
  const card = { ...first, receipt: `${run}-C`, lines: [{ ...line, description: 'paid with 4111 1111 1111 1111' }] };
  return [
    ...posted,
    step(`return of ${first.receipt}`, 'transactions', 'R1', { ...back, currency: 'EUR' }, '201'),
    step('a count sheet', 'stocktakes', 'count', sheet, '201'),
    { ...last, what: `${last.what} once more, as after a time-out`, expects: '201, the same answer' },
    step('a sale with wrong fields', 'transactions', 'wrong', wrong, '400: each field with its fix'),
    { ...last, what: 'the key of a sale for another one', body: { ...first, receipt: `${run}-K` }, expects: '409' },
    step('a card number in a description', 'transactions', 'card', card, '201, and told what was painted over'),
    step('equal fields in one object', 'transactions', 'twice', DOUBLE, '400: two programs could read it differently'),
  ];
}

/** Posted as it stands. */
export const DOUBLE = '{"kind":"sale","kind":"return"}';

function lineOf({ sku, gtin, description, price, weighed }: Product) {
  const quantity = weighed ? '0.5' : '1';
  const cents = weighed ? Math.round(price / 2) : price;
  const unitPrice = formatDecimal(price, CENTS);
  return { sku, gtin, description, quantity, unitPrice, amount: formatDecimal(cents, CENTS), cents };
}
