// Refunds of Shopify, in their order or alone: both must say the same, for it is one return.

import {
  type BodyContext,
  type BodyLine,
  checkStore,
  markNotGoods,
  passed,
  timesOf,
  transactionItem,
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
  wordOf,
} from '../bodies/fields.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { isZero, negated, sumOf } from '../bodies/sums.ts';
import type { FeedItem } from '../feed.ts';

/** Money that came back, or is on its way. */
const PAID_BACK = ['success', 'pending'];

/** Units that were cancelled before they left, with no money: had the order been paid, they were sold before. */
export function onlyCancels(refund: Fields): boolean {
  const lines = listOf(refund, 'refund_line_items');
  const isCancelling = lines.length > 0 && lines.every((line) => wordOf(line, 'restock_type') === 'cancel');
  return isCancelling && listOf(refund, 'transactions').length === 0;
}

export function shopifyRefundAlone(node: BodyNode, context: BodyContext): FeedItem[] {
  if (!onlyCancels(node.fields)) return shopifyRefund(node, context);
  const number = wordOf(node.fields, 'id') ?? '';
  const why =
    'only cancels units and pays nothing back: whether they had been sold is told by its order. Post the order.';
  return [passed(`refund ${number}`, `Refund ${number} ${why}`)];
}

/**
 * Reads nothing but the refund itself: alone and inside of its order it becomes the same document. `orderLocation` is
 * only where a refund names no place for its goods, and is only compared.
 */
export function shopifyRefund(node: BodyNode, context: BodyContext, orderLocation?: string | undefined): FeedItem[] {
  const refund = node.fields;
  const receipt = neededWord(refund, 'id');
  const order = wordOf(refund, 'order_id');
  const place = `refund ${receipt}${order === undefined ? '' : ` of order ${order}`}`;
  checkStore(locationOf(refund) ?? orderLocation, 'location_id', context);
  const currency = currencyOf(refund) ?? context.settings.currency;
  const original = order === undefined ? undefined : { receipt: order };
  const isMoney = currency !== undefined;
  const lines = [
    ...listOf(refund, 'refund_line_items').flatMap((line, index) => {
      return returnedLine(line, `refund_line_items.${index}`, refund, isMoney).map((read) => ({ ...read, original }));
    }),
    ...(isMoney ? listOf(refund, 'order_adjustments').flatMap(adjustmentLine) : []),
  ];
  const back = listOf(refund, 'transactions').filter(
    (one) => wordOf(one, 'kind') === 'refund' && PAID_BACK.includes(wordOf(one, 'status') ?? 'success'),
  );
  if (back.length > 0 && back.every((one) => one['test'] === true)) {
    return [passed(place, `Refund ${receipt} is a test: nothing came back.`)];
  }
  if (lines.length === 0 && back.length === 0) {
    return [passed(place, `Refund ${receipt} names neither goods nor money that came back.`)];
  }
  const paid = back.map((one, index) => ({
    type: wordOf(one, 'gateway') ?? 'refund',
    amount: negated(decimal(one['amount'], `transactions.${index}.amount`)),
  }));
  const body = {
    kind: 'return' as const,
    workstation: workstationOf(context),
    receipt,
    ...timesOf(refund['created_at'], 'created_at', context),
    currency,
    lines: markNotGoods(lines, context),
    tenders: isMoney && paid.length > 0 ? paid : undefined,
    total: isMoney && paid.length > 0 ? sumOf(...paid.map(({ amount }) => amount)) : undefined,
    operator: wordOf(refund, 'user_id'),
  };
  return [transactionItem(place, node, body)];
}

function returnedLine(line: Fields, field: string, refund: Fields, isMoney: boolean): BodyLine[] {
  const quantity = decimal(line['quantity'], `${field}.quantity`);
  // Beside the sum as a float stands the same as text, which is exact.
  const exact = fieldsOf(fieldsOf(line['subtotal_set'])['shop_money'])['amount'];
  const subtotal = isMoney ? optionalDecimal(exact ?? line['subtotal'], `${field}.subtotal`) : undefined;
  const isMoneyOnly = isZero(quantity);
  if (isMoneyOnly && (subtotal === undefined || isZero(subtotal))) return [];
  const sold = fieldsOf(line['line_item']);
  const name = wordOf(sold, 'name') ?? wordOf(sold, 'title');
  // A line of which nothing but its id is told keeps that id as its code.
  const named = Object.keys(sold).length > 0 ? sold : line;
  return [
    {
      sku: skuOf(named, ['variant_id', 'product_id', 'line_item_id'], name),
      description: description(name),
      quantity: isMoneyOnly ? '1' : quantity,
      amount: subtotal === undefined ? undefined : negated(subtotal),
      notGoods: isMoneyOnly || sold['gift_card'] === true ? true : undefined,
      disposition: dispositionOf(line, refund),
    },
  ];
}

/** Goods that are not restocked came back and do not go to the shelf. */
function dispositionOf(line: Fields, refund: Fields): 'resell' | 'damaged' {
  const type = wordOf(line, 'restock_type');
  if (type !== undefined) return type === 'no_restock' ? 'damaged' : 'resell';
  return refund['restock'] === false ? 'damaged' : 'resell';
}

/** Shipping that is paid back, and what was paid back more or less than the lines say: both negative. */
function adjustmentLine(adjustment: Fields, index: number): BodyLine[] {
  const field = `order_adjustments.${index}`;
  const amount = sumOf(
    decimal(adjustment['amount'], `${field}.amount`),
    optionalDecimal(adjustment['tax_amount'], `${field}.tax_amount`) ?? '0',
  );
  if (isZero(amount)) return [];
  const isShipping = wordOf(adjustment, 'kind') === 'shipping_refund';
  const text = description(wordOf(adjustment, 'reason'));
  return [
    { sku: isShipping ? 'shipping' : 'refund-difference', description: text, quantity: '1', amount, notGoods: true },
  ];
}

/** The one place that all goods went back to. */
function locationOf(refund: Fields): string | undefined {
  const places = listOf(refund, 'refund_line_items').map((line) => wordOf(line, 'location_id'));
  const named = new Set(places.filter((place) => place !== undefined));
  return named.size === 1 ? [...named][0] : undefined;
}

function currencyOf(refund: Fields): string | undefined {
  const lines = listOf(refund, 'refund_line_items');
  const named = [
    ...listOf(refund, 'transactions').map((one) => wordOf(one, 'currency')),
    ...lines.map((line) => wordOf(fieldsOf(fieldsOf(line['subtotal_set'])['shop_money']), 'currency_code')),
  ];
  return named.find((currency) => currency !== undefined);
}
