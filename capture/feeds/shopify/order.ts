// Orders of Shopify: sold once they are paid or wholly fulfilled; each refund in them is a return of its own.

import {
  type BodyContext,
  type BodyLine,
  checkStore,
  markNotGoods,
  passed,
  safely,
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
  neededWord,
  optionalDecimal,
  skuOf,
  unreadable,
  wordOf,
} from '../bodies/fields.ts';
import { type BodyNode, elementsOf, type Fields } from '../bodies/node.ts';
import { isNegative, isZero, negated, placesOf, timesOf as product, sumOf } from '../bodies/sums.ts';
import type { FeedItem } from '../feed.ts';
import { onlyCancels, shopifyRefund } from './refund.ts';

const PAID = ['paid', 'partially_refunded', 'refunded'];
const NOT_PAID = ['pending', 'authorized', 'partially_paid', 'voided', 'expired', 'unpaid'];
const IDS = ['variant_id', 'product_id'];
const UNIT_PRICE_PLACES = 4;

/** The sale and, each by itself, the refunds that the order holds. */
export function shopifyOrder(node: BodyNode, context: BodyContext): FeedItem[] {
  const order = node.fields;
  const number = neededWord(order, 'id');
  const name = wordOf(order, 'name');
  const place = `order ${number}${name === undefined ? '' : ` (${name})`}`;
  const why = notSold(order, number);
  if (why !== null) return [why(place, node)];
  const location = locationOf(order);
  const returns = (elementsOf(node, 'refunds') ?? []).flatMap((refund) => {
    // What only its order makes a return is kept with it.
    const raw = onlyCancels(refund.fields) ? node.raw : refund.raw;
    const where = `refund ${wordOf(refund.fields, 'id') ?? ''} of ${place}`;
    return safely(where, { ...refund, raw }, () => shopifyRefund({ ...refund, raw }, context, location));
  });
  return [...saleOf(number, place, node, context), ...returns];
}

/** Null where it was sold: what was refunded had been paid; goods that left unpaid have left all the same. */
function notSold(order: Fields, number: string): ((place: string, node: BodyNode) => FeedItem) | null {
  const because = (why: string) => (place: string) => passed(place, `Order ${number} ${why}`);
  if (order['test'] === true) return because('is a test order: nothing was sold.');
  const status = wordOf(order, 'financial_status');
  if (status !== undefined && PAID.includes(status)) return null;
  if (wordOf(order, 'fulfillment_status') === 'fulfilled' && status !== 'voided') return null;
  if (status !== undefined && NOT_PAID.includes(status)) {
    return because(`is ${status}: it counts once it is paid or wholly fulfilled.`);
  }
  return (place, node) =>
    unknownItem(place, node, `financial_status is ${status ?? 'missing'}: send the whole order with its status.`);
}

function saleOf(receipt: string, place: string, node: BodyNode, context: BodyContext): FeedItem[] {
  const order = node.fields;
  checkStore(locationOf(order), 'location_id', context);
  if (!Array.isArray(order['line_items'])) {
    return unreadable('line_items', 'is missing', 'let the relay send the whole order');
  }
  const currency = wordOf(order, 'currency') ?? context.settings.currency;
  const back = refundedQuantities(order);
  const lines = [
    ...listOf(order, 'line_items').flatMap((line, index) => soldLine(line, `line_items.${index}`, back)),
    ...listOf(order, 'shipping_lines').flatMap((line, index) => shippingLine(line, `shipping_lines.${index}`)),
    ...tipLine(order),
  ];
  const time = wordOf(order, 'processed_at') === undefined ? 'created_at' : 'processed_at';
  const body = {
    kind: 'sale' as const,
    workstation: workstationOf(context),
    receipt,
    ...timesOf(order[time], time, context),
    currency,
    lines: markNotGoods(lines, context),
    total: optionalDecimal(order['total_price'], 'total_price'),
    operator: wordOf(order, 'user_id'),
  };
  return [transactionItem(place, node, body)];
}

/** Where it was sold over the counter, else where all of it was sent from; unknown for other orders. */
function locationOf(order: Fields): string | undefined {
  const own = wordOf(order, 'location_id');
  if (own !== undefined) return own;
  const from = new Set(listOf(order, 'fulfillments').map((one) => wordOf(one, 'location_id')));
  return from.size === 1 ? [...from][0] : undefined;
}

/** Units of each line that the order's refunds name, in decimal text. */
function refundedQuantities(order: Fields): Map<string, string> {
  const back = new Map<string, string>();
  for (const line of listOf(order, 'refunds').flatMap((refund) => listOf(refund, 'refund_line_items'))) {
    const id = wordOf(line, 'line_item_id') ?? wordOf(fieldsOf(line['line_item']), 'id');
    const quantity = optionalDecimal(line['quantity'], 'refunds.quantity');
    if (id !== undefined && quantity !== undefined) back.set(id, sumOf(back.get(id) ?? '0', quantity));
  }
  return back;
}

function soldLine(line: Fields, field: string, back: Map<string, string>): BodyLine[] {
  const ordered = decimal(line['quantity'], `${field}.quantity`);
  const quantity = soldQuantity(line, field, ordered, back.get(wordOf(line, 'id') ?? '') ?? '0');
  if (isZero(quantity)) return [];
  const price = optionalDecimal(line['price'], `${field}.price`);
  const discount = discountOf(line, field);
  // Units that were edited away before the sale took their part of the discount with them: the line's sum is not told.
  const isWhole = quantity === ordered;
  return [
    {
      ...itemOf(line),
      quantity,
      unitPrice: price === undefined || placesOf(price) > UNIT_PRICE_PLACES ? undefined : price,
      amount: price === undefined || !isWhole ? undefined : sumOf(product(price, quantity), negated(discount)),
    },
  ];
}

/** What stays now and what came back were sold; what was edited away never was. */
function soldQuantity(line: Fields, field: string, ordered: string, back: string): string {
  const current = optionalDecimal(line['current_quantity'], `${field}.current_quantity`);
  if (current === undefined) return ordered;
  const sold = sumOf(current, back);
  return isNegative(sumOf(ordered, negated(sold))) ? ordered : sold;
}

export function itemOf(line: Fields): Pick<BodyLine, 'sku' | 'description' | 'notGoods'> {
  const name = wordOf(line, 'name') ?? wordOf(line, 'title');
  return {
    sku: skuOf(line, IDS, name),
    description: description(name),
    notGoods: line['gift_card'] === true ? true : undefined,
  };
}

/** Allocations name every discount of the line, its own and its part of the order's. */
function discountOf(line: Fields, field: string): string {
  const allocations = listOf(line, 'discount_allocations');
  if (allocations.length === 0) return optionalDecimal(line['total_discount'], `${field}.total_discount`) ?? '0';
  return sumOf(
    ...allocations.map((one, index) => decimal(one['amount'], `${field}.discount_allocations.${index}.amount`)),
  );
}

function shippingLine(line: Fields, field: string): BodyLine[] {
  const price = optionalDecimal(line['discounted_price'] ?? line['price'], `${field}.price`);
  if (price === undefined || isZero(price)) return [];
  const text = description(wordOf(line, 'title'));
  return [{ sku: 'shipping', description: text, quantity: '1', amount: price, notGoods: true }];
}

function tipLine(order: Fields): BodyLine[] {
  const tip = optionalDecimal(order['total_tip_received'], 'total_tip_received');
  if (tip === undefined || isZero(tip)) return [];
  return [{ sku: 'tip', quantity: '1', amount: tip, notGoods: true }];
}
