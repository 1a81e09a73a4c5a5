// What Shopify posts: bare objects whose topic is in a header, and the objects and lists of its API.

import {
  type BodyContext,
  type BodyReader,
  type BodyTold,
  bodyFeed,
  checkStore,
  documentItem,
  passed,
  timesOf,
  unknownItem,
  workstationOf,
} from '../bodies/feed.ts';
import { decimal, neededWord, skuOf, wordOf } from '../bodies/fields.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { oneOf, partsOf } from '../bodies/parts.ts';
import { isNegative } from '../bodies/sums.ts';
import type { Feed, FeedItem } from '../feed.ts';
import { shopifyOrder } from './order.ts';
import { shopifyRefundAlone } from './refund.ts';

const IDENTIFIERS = [
  ...['id', 'order_id', 'line_item_id', 'variant_id', 'product_id', 'inventory_item_id', 'location_id', 'user_id'],
  ...['order_number', 'number', 'sku', 'barcode', 'checkout_id', 'app_id', 'parent_id', 'admin_graphql_api_id'],
];

export const shopifyFeed = (told: BodyTold = {}): Feed => bodyFeed('shopify', IDENTIFIERS, shopifyItems, told);
export const shopify: Feed = shopifyFeed();

const OBJECTS: Record<string, BodyReader> = {
  order: shopifyOrder,
  refund: shopifyRefundAlone,
  inventory_level: levelItems,
};
const LISTS: Record<string, BodyReader> = {
  orders: shopifyOrder,
  refunds: shopifyRefundAlone,
  inventory_levels: levelItems,
};
/** What moves no goods by itself, by the first word of the topic or the key that it stands under. */
const PASSED: [pattern: RegExp, why: string][] = [
  [/^draft_orders?$/, 'is a draft: it counts once it has become an order and is paid'],
  [/^(checkouts?|carts?)$/, 'is a cart: nothing was sold yet'],
  [
    /^(\w*fulfillments?|fulfillment_\w+|\w+_fulfillment_order|fulfillment_holds)$/,
    'tells of a delivery: the goods come with their order',
  ],
  [
    /^(transactions?|tender_transactions?|order_transactions|disputes?|payouts?|payment_\w+)$/,
    'moves money only: the goods come with the order',
  ],
  [/^(returns?|order_edit|reverse_\w+)$/, 'announces goods: they count with the refund of the order'],
  [
    /^(products?|product_\w+|variants?|inventory_items?|collections?|collection_\w+|locations?|customers?|customer_\w+|shop|themes?|app|webhooks?|domains?|markets?|companies|company_\w+|locales|profiles|segments|discounts|price_rules?|gift_cards?|users?|selling_plan_\w+|subscription_\w+|metaobjects|metafields?|shipping_lines?|tax_\w+|bulk_operations|scheduled_product_\w+|inventory_shipments|inventory_transfers)$/,
    'is master data, a setting or a plan: no goods are told of by line',
  ],
];

function shopifyItems(node: BodyNode, context: BodyContext): FeedItem[] {
  const { fields } = node;
  const keys = Object.keys(fields);
  if (keys.length === 0) return [passed('body', 'The body is empty.')];
  const told = byTopic(fields, context.topic);
  if (told !== null) return [told];
  const read = bareReader(fields);
  if (read !== null) return oneOf('object', node, read, context);
  const items = partsOf(node, { objects: OBJECTS, lists: LISTS, location: 'location_id' }, context);
  return items.length > 0 ? items : [passedOrUnknown(keys, node)];
}

/** What the header says goes before what the body looks like: a checkout has line items too. */
function byTopic(fields: Fields, topic: string | undefined): FeedItem | null {
  const [what = '', action = ''] = (topic ?? '').split('/');
  const place = `${topic ?? 'body'} ${wordOf(fields, 'id') ?? ''}`.trim();
  if (what === 'orders') {
    if (action !== 'delete') return null;
    return passed(place, 'An order was deleted at Shopify: what was sold stays sold.');
  }
  if (what === 'inventory_levels') {
    return action === 'update'
      ? null
      : passed(place, 'An article was joined to or taken from a location: no goods moved.');
  }
  const why = whyPassed(what);
  return why === null ? null : passed(place, `"${topic}" ${why}.`);
}

const whyPassed = (key: string): string | null => PASSED.find(([pattern]) => pattern.test(key))?.[1] ?? null;

function bareReader(fields: Fields): BodyReader | null {
  if ('refund_line_items' in fields) return shopifyRefundAlone;
  if ('inventory_item_id' in fields && 'available' in fields) return levelItems;
  if (SHAPES.some(([key]) => key in fields)) return null;
  const isOrder = 'financial_status' in fields || ('line_items' in fields && 'total_price' in fields);
  return isOrder && 'id' in fields ? shopifyOrder : null;
}

/** The figure that an article was set to at a location is a count of it; whoever does not want that leaves the topic out. */
function levelItems(node: BodyNode, context: BodyContext): FeedItem[] {
  const level = node.fields;
  const item = neededWord(level, 'inventory_item_id');
  const place = `inventory level of ${item}`;
  if (level['available'] === null) return [passed(place, `Shopify does not track the stock of ${item}.`)];
  checkStore(wordOf(level, 'location_id'), 'location_id', context);
  const counted = decimal(level['available'], 'available');
  if (isNegative(counted))
    return [unknownItem(place, node, `available is ${counted}: nobody counts less than nothing.`)];
  const times = timesOf(level['updated_at'], 'updated_at', context);
  const body = {
    workstation: workstationOf(context),
    stocktake: `${item}@${Date.parse(times.occurred)}`,
    ...times,
    sentAt: times.occurred,
    begun: times.occurred,
    lines: [{ sku: skuOf(level, ['inventory_item_id'], undefined), counted }],
  };
  return [documentItem(place, node, { way: 'stocktakes', body })];
}

/** Bare objects that are known by a field that only they have. */
const SHAPES: [key: string, what: string][] = [
  ['abandoned_checkout_url', 'a cart: nothing was sold yet'],
  ['invoice_sent_at', 'a draft: it counts once it has become an order and is paid'],
  ['tracking_company', 'a delivery: the goods come with their order'],
  ['fulfillment_order_id', 'a delivery: the goods come with their order'],
  ['authorization', 'a payment: the goods come with the order'],
  ['payment_method', 'a payment: the goods come with the order'],
  ['body_html', 'master data: no goods move by it'],
  ['inventory_quantity', 'master data: no goods move by it'],
  ['orders_count', 'master data: no goods move by it'],
  ['carrier_identifier', 'a way of shipping without its order: no goods move by it'],
];

function passedOrUnknown(keys: string[], node: BodyNode): FeedItem {
  const shape = SHAPES.find(([key]) => key in node.fields);
  if (shape !== undefined) return passed('body', `This is ${shape[1]}.`);
  const holders = keys.filter((key) => typeof node.fields[key] === 'object' && node.fields[key] !== null);
  const reasons = holders.map((key) => ({ key, why: whyPassed(key) }));
  const [first] = reasons;
  if (first !== undefined && reasons.every(({ why }) => why !== null))
    return passed(first.key, `"${first.key}" ${first.why}.`);
  const shown = keys.slice(0, 3).join(', ').slice(0, 100);
  return unknownItem(
    'body',
    node,
    `Nothing is known of "${shown}": post orders, refunds or inventory levels of Shopify.`,
  );
}
