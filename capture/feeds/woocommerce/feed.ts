// What WooCommerce posts: bare orders and refunds whose topic is in a header, and the lists of its API.
import { type BodyContext, type BodyReader, type BodyTold, bodyFeed, passed, unknownItem } from '../bodies/feed.ts';
import { wordOf } from '../bodies/fields.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { oneOf, partsOf } from '../bodies/parts.ts';
import type { Feed, FeedItem } from '../feed.ts';
import { wooOrder, wooRefund } from './order.ts';

const IDENTIFIERS = [
  ...['id', 'number', 'order_id', 'parent_id', 'product_id', 'variation_id', 'sku', 'transaction_id', 'customer_id'],
  ...['global_unique_id', 'order_key', 'cart_hash'],
];

export const woocommerceFeed = (told: BodyTold = {}): Feed => bodyFeed('woocommerce', IDENTIFIERS, wooItems, told);
export const woocommerce: Feed = woocommerceFeed();

const OBJECTS: Record<string, BodyReader> = {
  order: wooOrder,
  refund: wooRefund,
};
const LISTS: Record<string, BodyReader> = {
  orders: wooOrder,
  refunds: wooRefund,
};
const MASTER_DATA = /^(products?|customers?|coupons?|action|categories|webhooks?)$/;
/** Bare objects that are known by a field that only they have. */
const SHAPES: [key: string, what: string][] = [
  ['stock_quantity', 'master data with a running figure, no count: no goods move by it'],
  ['discount_type', 'master data: no goods move by it'],
  ['is_paying_customer', 'master data: no goods move by it'],
  ['delivery_url', 'a setting: no goods move by it'],
  ['webhook_id', 'a greeting of WooCommerce: nothing is in it'],
];

function wooItems(node: BodyNode, context: BodyContext): FeedItem[] {
  const { fields } = node;
  const keys = Object.keys(fields);
  if (keys.length === 0) return [passed('body', 'The body is empty.')];
  const told = byTopic(fields, context.topic);
  if (told !== null) return [told];
  const read = bareReader(fields);
  if (read !== null) return oneOf('object', node, read, context);
  const items = partsOf(node, { objects: OBJECTS, lists: LISTS }, context);
  if (items.length > 0) return items;
  const shape = SHAPES.find(([key]) => key in fields);
  if (shape !== undefined) return [passed('body', `This is ${shape[1]}.`)];
  const shown = keys.slice(0, 3).join(', ').slice(0, 100);
  return [unknownItem('body', node, `Nothing is known of "${shown}": post orders or refunds of WooCommerce.`)];
}

function byTopic(fields: Fields, topic: string | undefined): FeedItem | null {
  const [what = '', action = ''] = (topic ?? '').split('.');
  const place = `${topic ?? 'body'} ${wordOf(fields, 'id') ?? ''}`.trim();
  if (what === 'order' && action === 'deleted') {
    return passed(place, 'An order was deleted at WooCommerce: what was sold stays sold.');
  }
  if (!MASTER_DATA.test(what)) return null;
  return passed(place, `"${topic}" is master data or an action: no goods move by it.`);
}

/** A refund says what was paid back as its amount; an order has a status. */
function bareReader(fields: Fields): BodyReader | null {
  if (!('line_items' in fields)) return null;
  return 'amount' in fields && !('status' in fields) ? wooRefund : wooOrder;
}
