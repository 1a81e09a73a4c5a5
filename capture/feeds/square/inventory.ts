// What Square tells of its stock: counts by people, adjustments and transfers. Its running figures are no counts.

import { type BodyContext, checkStore, documentItem, passed, timesOf, workstationOf } from '../bodies/feed.ts';
import { decimal, neededWord, skuOf, unreadable, wordOf } from '../bodies/fields.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { isZero, negated } from '../bodies/sums.ts';
import type { FeedItem } from '../feed.ts';

const SHELF = 'IN_STOCK';
/** States that goods come from when they are delivered. */
const DELIVERED_FROM = ['NONE', 'ORDERED_FROM_VENDOR', 'RECEIVED_FROM_VENDOR', 'IN_TRANSIT_TO'];
/** States of goods in a sale or a return: their order tells it with its lines. */
const TRADE = ['SOLD', 'SOLD_ONLINE', 'UNLINKED_RETURN', 'RETURNED_BY_CUSTOMER', 'RESERVED_FOR_SALE'];

/** One of BatchRetrieveInventoryChanges: {type, physical_count | adjustment | transfer}. */
export function squareChange(change: Fields, node: BodyNode, context: BodyContext): FeedItem[] {
  for (const [key, read] of KINDS) {
    const inner = change[key];
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) return read({ ...inner }, node, context);
  }
  return unreadable(
    'type',
    `is ${wordOf(change, 'type') ?? 'missing'}, and no change is told`,
    'post the whole change',
  );
}

export function squareCount(count: Fields, node: BodyNode, context: BodyContext): FeedItem[] {
  const number = numberOf(count);
  const place = `count ${number}`;
  const state = wordOf(count, 'state') ?? SHELF;
  if (state !== SHELF) return [passed(place, `Count ${number} is of goods in the state ${state}, not of the shelf.`)];
  checkStore(wordOf(count, 'location_id'), 'location_id', context);
  const times = timesOf(count['occurred_at'], 'occurred_at', context);
  const counted = decimal(count['quantity'], 'quantity');
  const body = {
    workstation: workstationOf(context),
    stocktake: number,
    ...times,
    sentAt: times.occurred,
    begun: times.occurred,
    lines: [{ sku: skuOf(count, ['catalog_object_id'], undefined), counted }],
  };
  return [documentItem(place, node, { way: 'stocktakes', body })];
}

export function squareAdjustment(change: Fields, node: BodyNode, context: BodyContext): FeedItem[] {
  const number = numberOf(change);
  const place = `adjustment ${number}`;
  const from = neededWord(change, 'from_state');
  const to = neededWord(change, 'to_state');
  const trade = [from, to].some((state) => TRADE.includes(state));
  const order = wordOf(change, 'transaction_id') ?? wordOf(change, 'refund_id');
  if (trade && order !== undefined) {
    return [passed(place, `Adjustment ${number} comes from ${order}: the order tells the same goods with its lines.`)];
  }
  if ((from === SHELF) === (to === SHELF)) {
    return [passed(place, `Adjustment ${number} goes from ${from} to ${to}: nothing on the shelf changes.`)];
  }
  checkStore(wordOf(change, 'location_id'), 'location_id', context);
  const quantity = decimal(change['quantity'], 'quantity');
  if (isZero(quantity)) return [passed(place, `Adjustment ${number} moves nothing: its quantity is 0.`)];
  const sku = skuOf(change, ['catalog_object_id'], undefined);
  const isDelivery = to === SHELF && DELIVERED_FROM.includes(from);
  const signed = from === SHELF ? negated(quantity) : quantity;
  const body = {
    kind: isDelivery ? ('goods-received' as const) : ('adjustment' as const),
    workstation: workstationOf(context),
    document: number,
    ...timesOf(change['occurred_at'], 'occurred_at', context),
    lines: [{ sku, quantity: isDelivery ? quantity : signed }],
    reason: isDelivery ? undefined : `${from} to ${to}`,
    order: isDelivery ? wordOf(change, 'purchase_order_id') : undefined,
  };
  return [documentItem(place, node, { way: 'movements', body })];
}

export function squareTransfer(transfer: Fields, node: BodyNode, context: BodyContext): FeedItem[] {
  const number = numberOf(transfer);
  const place = `transfer ${number}`;
  const [from, to] = [neededWord(transfer, 'from_location_id'), neededWord(transfer, 'to_location_id')];
  const { storeNumber } = context.settings;
  if (storeNumber === undefined) {
    return unreadable('storeNumber', 'is not in the settings', `say there whether this store is ${from} or ${to}`);
  }
  if (storeNumber !== from) checkStore(to, 'to_location_id', context);
  const body = {
    kind: storeNumber === from ? ('transfer-sent' as const) : ('transfer-received' as const),
    workstation: workstationOf(context),
    document: number,
    ...timesOf(transfer['occurred_at'], 'occurred_at', context),
    lines: [
      { sku: skuOf(transfer, ['catalog_object_id'], undefined), quantity: decimal(transfer['quantity'], 'quantity') },
    ],
    counterparty: storeNumber === from ? to : from,
    transfer: number,
  };
  return [documentItem(place, node, { way: 'movements', body })];
}

const KINDS = [
  ['physical_count', squareCount],
  ['adjustment', squareAdjustment],
  ['transfer', squareTransfer],
] as const;

const numberOf = (change: Fields): string => wordOf(change, 'id') ?? neededWord(change, 'reference_id');
