// What Square posts: events around an object, and the objects and lists of its API as they are.

import {
  type BodyContext,
  type BodyTold,
  bodyFeed,
  checkOneStore,
  emptyList,
  passed,
  safely,
  unknownItem,
} from '../bodies/feed.ts';
import { fieldsOf, wordOf } from '../bodies/fields.ts';
import { type BodyNode, elementsOf, type Fields, isFields, memberOf } from '../bodies/node.ts';
import type { Feed, FeedItem } from '../feed.ts';
import { squareAdjustment, squareChange, squareCount, squareTransfer } from './inventory.ts';
import { squareOrder } from './order.ts';

/** Ids of Square are letters and digits; a run of digits in one is no card. */
const IDENTIFIERS = ['id', 'order_id', 'uid', 'catalog_object_id', 'location_id', 'reference_id', 'transaction_id'];

export const squareFeed = (told: BodyTold = {}): Feed => bodyFeed('square', IDENTIFIERS, squareItems, told);
export const square: Feed = squareFeed();

type Reader = (fields: Fields, node: BodyNode, context: BodyContext) => FeedItem[];

/** Objects by the key that they stand under, alone and as a list. */
const OBJECTS: Record<string, Reader> = {
  order: squareOrder,
  order_created: squareOrder,
  order_updated: squareOrder,
  adjustment: squareAdjustment,
  inventory_adjustment: squareAdjustment,
  physical_count: squareCount,
  count: squareCount,
  transfer: squareTransfer,
};
const LISTS: Record<string, Reader> = {
  orders: squareOrder,
  order_entries: squareOrder,
  changes: squareChange,
  adjustments: squareAdjustment,
  physical_counts: squareCount,
  transfers: squareTransfer,
};
/** Money, people and master data: no goods move by them. */
const PASSED: Record<string, string> = {
  payment: 'moves money only: the goods come with the order',
  refund: 'moves money only: returned goods come with the order that has them among its returns',
  invoice: 'is a bill: the goods come with its order',
  dispute: 'moves money only',
  payout: 'moves money only',
  counts: 'holds figures that Square works out by itself: counts by people come as physical counts',
  inventory_counts: 'holds figures that Square works out by itself: counts by people come as physical counts',
  cash_drawer_shift: 'tells of the cash drawer',
  order_fulfillment_updated: 'tells of a delivery: the goods come with the completed order',
  errors: 'names errors of a request',
};
const MASTER_DATA =
  /^(catalog|location|item|object|customer|deleted|merchant|device|team_member|labor|card|gift_card|loyalty|booking|subscription|vendor|online_checkout|oauth|terminal|job|bank_account|checkout)/;
const REQUESTS = [
  'idempotency_key',
  'query',
  'order_ids',
  'object_ids',
  'catalog_object_ids',
  'location_ids',
  'batches',
];

function squareItems(node: BodyNode, context: BodyContext): FeedItem[] {
  const { fields } = node;
  const keys = Object.keys(fields);
  if (keys.length === 0) return [passed('body', 'The body is empty.')];
  if (REQUESTS.some((key) => key in fields)) {
    return [passed('request', 'This is a request to Square, not what came of it.')];
  }
  const event = fieldsOf(fields['data'])['object'];
  if (isFields(event)) return eventItems(event, node, context);
  const read = bareReader(fields);
  if (read !== null) return oneOf('object', node, read, context);
  const lists = Object.entries(LISTS).flatMap(([key, reader]) => {
    const elements = elementsOf(node, key);
    if (elements === null) return [];
    if (elements.length === 0) return [emptyList(key)];
    if (key !== 'order_entries') checkOneStore(elements.map(withChange), 'location_id', context);
    return elements.flatMap((one, nth) => oneOf(`${key} ${nth + 1}`, one, reader, context));
  });
  const objects = Object.entries(OBJECTS).flatMap(([key, reader]) => {
    const inner = memberOf(node, key);
    return inner === null ? [] : oneOf(key, inner, reader, context);
  });
  const items = [...lists, ...objects];
  return items.length > 0 ? items : [passedOrUnknown(keys, 'body', node)];
}

/** A change holds what it is under a name of its own. */
function withChange(node: BodyNode): BodyNode {
  return memberOf(node, 'physical_count') ?? memberOf(node, 'adjustment') ?? node;
}

/** The event around an object is kept with it: alone the same reader reads it again. */
function eventItems(event: Fields, node: BodyNode, context: BodyContext): FeedItem[] {
  const type = wordOf(node.fields, 'type') ?? 'without a type';
  const place = `event ${wordOf(node.fields, 'event_id') ?? type}`;
  const items = Object.entries(OBJECTS).flatMap(([key, read]) => {
    const inner = event[key];
    if (!isFields(inner)) return [];
    return safely(place, node, () => read(inner, node, context), wordOf(inner, 'id'));
  });
  return items.length > 0 ? items : [passedOrUnknown([...Object.keys(event), type], place, node)];
}

const oneOf = (place: string, node: BodyNode, read: Reader, context: BodyContext): FeedItem[] =>
  safely(place, node, () => read(node.fields, node, context), wordOf(node.fields, 'id'));

/** An object of the API without a name around it. */
function bareReader(fields: Fields): Reader | null {
  if ('line_items' in fields || 'returns' in fields) return squareOrder;
  if ('from_location_id' in fields) return squareTransfer;
  if ('from_state' in fields && 'to_state' in fields) return squareAdjustment;
  if ('physical_count' in fields) return squareChange;
  if ('occurred_at' in fields && 'quantity' in fields && 'catalog_object_id' in fields) return squareCount;
  return null;
}

function passedOrUnknown(keys: string[], place: string, node: BodyNode): FeedItem {
  for (const key of keys) {
    const why = PASSED[key] ?? PASSED[key.replace(/s$/, '')] ?? PASSED[key.split('.')[0] ?? ''];
    if (why !== undefined) return passed(place, `"${key}" ${why}.`);
    if (MASTER_DATA.test(key)) return passed(place, `"${key}" is master data or a setting: no goods move by it.`);
  }
  const shape = 'source_id' in node.fields || 'amount_money' in node.fields || 'payment_id' in node.fields;
  if (shape) return passed(place, 'This moves money only: the goods come with the order.');
  const shown = keys.slice(0, 3).join(', ').slice(0, 100);
  return unknownItem(
    place,
    node,
    `Nothing is known of "${shown}": post orders, inventory changes or events of Square.`,
  );
}
