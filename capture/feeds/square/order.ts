// Orders of Square: only what is completed was sold; returned lines beside sold ones are an exchange.

import {
  type BodyContext,
  type BodyLine,
  checkStore,
  markNotGoods,
  passed,
  timesOf,
  transactionItem,
  unknownItem,
  workstationOf,
} from '../bodies/feed.ts';
import {
  decimal,
  description,
  fieldsOf,
  listOf,
  minor,
  neededWord,
  skuOf,
  unreadable,
  wordOf,
} from '../bodies/fields.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { isZero, negated, placesOf, sumOf } from '../bodies/sums.ts';
import type { FeedItem } from '../feed.ts';

const NOT_SOLD = ['OPEN', 'DRAFT', 'CANCELED'];
const UNIT_PRICE_PLACES = 4;

/** `node` holds the order itself or the event around it: it is what is kept where the order cannot be placed. */
export function squareOrder(order: Fields, node: BodyNode, context: BodyContext): FeedItem[] {
  const number = wordOf(order, 'id') ?? wordOf(order, 'order_id');
  if (number === undefined)
    return [passed('order', 'An order without an id is a request to Square: nothing was sold.')];
  const place = `order ${number}`;
  const state = wordOf(order, 'state');
  if (order['line_items'] === undefined && order['returns'] === undefined) {
    const why = `Order ${number} is only named here: let the relay fetch it from Square and post the whole order.`;
    return [passed(place, why)];
  }
  if (state !== undefined && NOT_SOLD.includes(state)) {
    return [passed(place, `Order ${number} is ${state}: only a completed order counts.`)];
  }
  if (state !== 'COMPLETED') {
    return [unknownItem(place, node, `state is ${state ?? 'missing'}: only COMPLETED orders count.`)];
  }
  checkStore(wordOf(order, 'location_id'), 'location_id', context);
  return [transactionItem(place, node, transactionOf(number, order, context))];
}

function transactionOf(receipt: string, order: Fields, context: BodyContext) {
  const currency = currencyOf(order, context);
  const sold = listOf(order, 'line_items').flatMap((line, index) => lineOf(line, `line_items.${index}`, currency));
  const back = listOf(order, 'returns').flatMap((part, index) => returnedLines(part, `returns.${index}`, currency));
  const fees = [...feesOf(order, '', currency), ...tipOf(order, currency)];
  const isReturn = sold.length === 0 && back.length > 0;
  const lines = isReturn ? [...back, ...fees] : [...sold, ...fees, ...back.map(asExchange)];
  return {
    kind: isReturn ? ('return' as const) : ('sale' as const),
    workstation: workstationOf(context),
    receipt,
    ...closedAt(order, context),
    currency,
    lines: markNotGoods(lines, context),
    tenders: tendersOf(order, currency),
    total: totalOf(order, back.length > 0, currency),
  };
}

/** The moment of completion: it stays when the order is changed later. */
const closedAt = (order: Fields, context: BodyContext) =>
  wordOf(order, 'closed_at') === undefined
    ? timesOf(order['created_at'], 'created_at', context)
    : timesOf(order['closed_at'], 'closed_at', context);

function lineOf(line: Fields, field: string, currency: string | undefined): BodyLine[] {
  const quantity = decimal(line['quantity'], `${field}.quantity`);
  const amount = moneyOf(line, 'total_money', field, currency);
  const type = wordOf(line, 'item_type');
  const name = wordOf(line, 'name');
  const price = moneyOf(line, 'base_price_money', field, currency);
  const isMoneyOnly = isZero(quantity);
  if (isMoneyOnly && (amount === undefined || isZero(amount))) return [];
  return [
    {
      sku: skuOf(line, ['catalog_object_id'], name),
      description: description(name, wordOf(line, 'variation_name')),
      quantity: isMoneyOnly ? '1' : quantity,
      unitPrice: price === undefined || placesOf(price) > UNIT_PRICE_PLACES ? undefined : price,
      amount,
      notGoods: isMoneyOnly || type === 'GIFT_CARD' || type === 'CUSTOM_AMOUNT' ? true : undefined,
    },
  ];
}

/** Goods that came back: positive quantities, negative amounts, with the order that they were sold in. */
function returnedLines(part: Fields, field: string, currency: string | undefined): BodyLine[] {
  const receipt = wordOf(part, 'source_order_id');
  const original = receipt === undefined ? undefined : { receipt };
  const lines = listOf(part, 'return_line_items').flatMap((line, index) =>
    lineOf(line, `${field}.return_line_items.${index}`, currency).map((read) => ({
      ...read,
      amount: read.amount === undefined ? undefined : negated(String(read.amount)),
      original,
    })),
  );
  const fees = feesOf(part, 'return_', currency).map((fee) => ({ ...fee, amount: negated(String(fee.amount)) }));
  return [...lines, ...fees];
}

const asExchange = (line: BodyLine): BodyLine => ({ ...line, quantity: negated(String(line.quantity)) });

function feesOf(order: Fields, prefix: '' | 'return_', currency: string | undefined): BodyLine[] {
  const key = `${prefix}service_charges`;
  return listOf(order, key).flatMap((fee, index) => {
    const amount = moneyOf(fee, 'total_money', `${key}.${index}`, currency);
    if (amount === undefined || isZero(amount)) return [];
    const text = description(wordOf(fee, 'name'));
    return [{ sku: 'service-charge', description: text, quantity: '1', amount, notGoods: true }];
  });
}

function tipOf(order: Fields, currency: string | undefined): BodyLine[] {
  const amount = moneyOf(order, 'total_tip_money', '', currency);
  if (amount === undefined || isZero(amount)) return [];
  return [{ sku: 'tip', description: undefined, quantity: '1', amount, notGoods: true }];
}

function tendersOf(order: Fields, currency: string | undefined) {
  const tenders = listOf(order, 'tenders').map((tender, index) => ({
    type: neededWord(tender, 'type'),
    amount: moneyOf(tender, 'amount_money', `tenders.${index}`, currency) ?? '0',
  }));
  return tenders.length === 0 ? undefined : tenders;
}

/** What the customer paid, less what was paid back. */
function totalOf(order: Fields, hasReturns: boolean, currency: string | undefined): string | undefined {
  if (!hasReturns) return moneyOf(order, 'total_money', '', currency);
  const net = moneyOf(fieldsOf(order['net_amounts']), 'total_money', 'net_amounts', currency);
  if (net !== undefined) return net;
  const back = moneyOf(fieldsOf(order['return_amounts']), 'total_money', 'return_amounts', currency);
  return back === undefined ? undefined : sumOf(moneyOf(order, 'total_money', '', currency) ?? '0', negated(back));
}

/** All money of an order is in one currency; the first that is named. */
function currencyOf(order: Fields, { settings }: BodyContext): string | undefined {
  const holders = [
    order,
    fieldsOf(order['net_amounts']),
    ...listOf(order, 'line_items'),
    ...listOf(order, 'returns').flatMap((part) => listOf(part, 'return_line_items')),
  ];
  const named = holders.map((holder) => wordOf(fieldsOf(holder['total_money']), 'currency'));
  return named.find((currency) => currency !== undefined) ?? settings.currency;
}

/** Square counts money in minor units; an amount that is absent beside a currency is zero. */
export function moneyOf(holder: Fields, key: string, field: string, currency: string | undefined): string | undefined {
  const value = holder[key];
  if (value === undefined || value === null) return undefined;
  const path = field === '' ? key : `${field}.${key}`;
  const money = fieldsOf(value);
  const own = wordOf(money, 'currency') ?? currency;
  if (own === undefined) return unreadable(`${path}.currency`, 'is missing', 'name the currency in the settings');
  if (own !== currency) return unreadable(`${path}.currency`, `is ${own} beside ${currency}`, 'send one currency');
  return money['amount'] === undefined ? '0' : minor(money['amount'], own, `${path}.amount`);
}
