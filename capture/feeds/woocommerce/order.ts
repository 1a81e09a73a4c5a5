// Orders and refunds of WooCommerce: sold once they are paid for; an order only names its refunds, so each is posted too.
import {
  type BodyContext,
  type BodyLine,
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
  listOf,
  neededWord,
  optionalDecimal,
  skuOf,
  unreadable,
  wordOf,
} from '../bodies/fields.ts';
import { type BodyNode, elementsOf, type Fields } from '../bodies/node.ts';
import { isNegative, isZero, negated, placesOf, sumOf } from '../bodies/sums.ts';
import type { FeedItem } from '../feed.ts';

const SOLD = ['processing', 'completed', 'refunded'];
const NOT_SOLD = [
  'pending',
  'on-hand',
  'on-hold',
  'cancelled',
  'failed',
  'draft',
  'checkout-draft',
  'auto-draft',
  'trash',
];
const IDS = ['variation_id', 'product_id'];
const UNIT_PRICE_PLACES = 4;

export function wooOrder(node: BodyNode, context: BodyContext): FeedItem[] {
  const order = node.fields;
  const number = neededWord(order, 'id');
  const place = `order ${number}`;
  const status = wordOf(order, 'status')?.replace(/^wc-/, '') ?? '';
  if (NOT_SOLD.includes(status)) return [passed(place, `Order ${number} is ${status}: it counts once it is paid.`)];
  if (!SOLD.includes(status)) {
    return [
      unknownItem(
        place,
        node,
        `status is ${status === '' ? 'missing' : status}: use ${SOLD.join(', ')} for sold orders.`,
      ),
    ];
  }
  if (!Array.isArray(order['line_items'])) {
    return unreadable('line_items', 'is missing', 'let the relay send the whole order');
  }
  const total = optionalDecimal(order['total'], 'total');
  const tender = wordOf(order, 'payment_method');
  const body = {
    kind: 'sale' as const,
    workstation: workstationOf(context),
    receipt: number,
    // The moment of the order never changes; when it was paid is told later, or never.
    ...madeAt(order, context),
    currency: wordOf(order, 'currency') ?? context.settings.currency,
    lines: markNotGoods(linesOf(order), context),
    tenders: total === undefined || tender === undefined ? undefined : [{ type: tender, amount: total }],
    total,
  };
  const named = (elementsOf(node, 'refunds') ?? []).map((refund) => refundOf(refund, number, context));
  return [transactionItem(place, node, body), ...named.flat()];
}

/** In an order a refund is mostly only named. */
function refundOf(refund: BodyNode, order: string, context: BodyContext): FeedItem[] {
  if ('line_items' in refund.fields) return wooRefund(refund, context, order);
  const number = wordOf(refund.fields, 'id') ?? '';
  const why = `Refund ${number} of order ${order} is only named here: let the relay fetch and post the whole refund.`;
  return [passed(`refund ${number} of order ${order}`, why)];
}

/** Its quantities and amounts are negative; what is told of its order is where it was sold. */
export function wooRefund(node: BodyNode, context: BodyContext, order?: string | undefined): FeedItem[] {
  const refund = node.fields;
  const number = neededWord(refund, 'id');
  const receipt = order ?? wordOf(refund, 'parent_id') ?? wordOf(refund, 'order_id');
  const place = `refund ${number}${receipt === undefined ? '' : ` of order ${receipt}`}`;
  const original = receipt === undefined || receipt === '0' ? undefined : { receipt };
  const back = optionalDecimal(refund['amount'], 'amount');
  const lines = linesOf(refund).map((line) => {
    const quantity = isNegative(String(line.quantity)) ? negated(String(line.quantity)) : line.quantity;
    return { ...line, quantity, original: line.notGoods === true ? undefined : original };
  });
  if (lines.length === 0 && (back === undefined || isZero(back))) {
    return [passed(place, `Refund ${number} names neither goods nor money that came back.`)];
  }
  const body = {
    kind: 'return' as const,
    workstation: workstationOf(context),
    receipt: number,
    ...madeAt(refund, context),
    currency: wordOf(refund, 'currency') ?? context.settings.currency,
    lines: markNotGoods(lines, context),
    total: back === undefined ? undefined : negated(back.replace('-', '')),
    operator: wordOf(refund, 'refunded_by') === '0' ? undefined : wordOf(refund, 'refunded_by'),
  };
  return [transactionItem(place, node, body)];
}

/** The time in GMT carries no zone; the other one is the shop's. */
function madeAt(fields: Fields, context: BodyContext) {
  const gmt = wordOf(fields, 'date_created_gmt');
  if (gmt === undefined) return timesOf(fields['date_created'], 'date_created', context);
  return timesOf(/(Z|[+-]\d\d:?\d\d)$/i.test(gmt) ? gmt : `${gmt}Z`, 'date_created_gmt', context);
}

function linesOf(fields: Fields): BodyLine[] {
  return [
    ...listOf(fields, 'line_items').flatMap((line, index) => goodsLine(line, `line_items.${index}`)),
    ...listOf(fields, 'shipping_lines').flatMap((line, index) => {
      return feeLine('shipping', line, `shipping_lines.${index}`, wordOf(line, 'method_title'));
    }),
    ...listOf(fields, 'fee_lines').flatMap((line, index) => {
      return feeLine('fee', line, `fee_lines.${index}`, wordOf(line, 'name'));
    }),
  ];
}

function goodsLine(line: Fields, field: string): BodyLine[] {
  const quantity = decimal(line['quantity'], `${field}.quantity`);
  const amount = amountOf(line, field);
  const name = wordOf(line, 'name');
  const price = optionalDecimal(line['price'], `${field}.price`);
  const isMoneyOnly = isZero(quantity);
  if (isMoneyOnly && (amount === undefined || isZero(amount))) return [];
  return [
    {
      sku: skuOf(line, IDS, name),
      description: description(name),
      quantity: isMoneyOnly ? '1' : quantity,
      unitPrice: price === undefined || placesOf(price) > UNIT_PRICE_PLACES ? undefined : price,
      amount,
      notGoods: isMoneyOnly ? true : undefined,
    },
  ];
}

function feeLine(sku: string, line: Fields, field: string, name: string | undefined): BodyLine[] {
  const amount = amountOf(line, field);
  if (amount === undefined || isZero(amount)) return [];
  return [{ sku, description: description(name), quantity: '1', amount, notGoods: true }];
}

/** After discounts, with its tax: what was paid for the line. */
function amountOf(line: Fields, field: string): string | undefined {
  const net = optionalDecimal(line['total'], `${field}.total`);
  if (net === undefined) return undefined;
  return sumOf(net, optionalDecimal(line['total_tax'], `${field}.total_tax`) ?? '0');
}
