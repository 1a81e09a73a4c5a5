// What Vend (Lightspeed X-Series) posts: a register sale as it is or wrapped, lists of its API, consignments.
import { type BodyContext, type BodyReader, type BodyTold, bodyFeed, passed, unknownItem } from '../bodies/feed.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { oneOf, partsOf } from '../bodies/parts.ts';
import type { Feed, FeedItem } from '../feed.ts';
import { vendSale } from './sale.ts';
import { vendConsignment } from './stock.ts';

const IDENTIFIERS = [
  ...['id', 'product_id', 'register_id', 'customer_id', 'user_id', 'outlet_id', 'return_for', 'invoice_number'],
  ...['receipt_number', 'short_code', 'sku', 'tax_id', 'payment_type_id', 'retailer_payment_type_id', 'supplier_id'],
];

export const vendFeed = (told: BodyTold = {}): Feed => bodyFeed('vend', IDENTIFIERS, vendItems, told);
export const vend: Feed = vendFeed();

const OBJECTS: Record<string, BodyReader> = {
  register_sale: vendSale,
  sale: vendSale,
  consignment: vendConsignment,
  data: (node, context) => vendItems(node, context),
  payload: (node, context) => vendItems(node, context),
};
const LISTS: Record<string, BodyReader> = {
  register_sales: vendSale,
  sales: vendSale,
  consignments: vendConsignment,
  data: (node, context) => vendItems(node, context),
};
const MASTER_DATA =
  /^(products?|customers?|outlets?|registers?|users?|suppliers?|taxes|tax|brands?|tags?|product_types?|price_books?|payment_types?|inventory|stock|webhooks?|customer_groups?|variants?|promotions?|audit_log)$/;
/** Bare objects that are known by a field that only they have. */
const SHAPES: [key: string, what: string][] = [
  ['reorder_point', 'a figure that Vend works out by itself, no count: counts come as consignments'],
  ['restock_level', 'a figure that Vend works out by itself, no count: counts come as consignments'],
  ['inventory', 'master data: no goods move by it'],
  ['supply_price', 'master data: no goods move by it'],
  ['customer_code', 'master data: no goods move by it'],
  ['time_zone', 'master data: no goods move by it'],
];

function vendItems(node: BodyNode, context: BodyContext): FeedItem[] {
  const { fields } = node;
  const keys = Object.keys(fields);
  if (keys.length === 0) return [passed('body', 'The body is empty.')];
  const read = bareReader(fields);
  if (read !== null) return oneOf('object', node, read, context);
  const items = partsOf(node, { objects: OBJECTS, lists: LISTS, location: 'outlet_id' }, context);
  return items.length > 0 ? items : [passedOrUnknown(keys, node)];
}

function bareReader(fields: Fields): BodyReader | null {
  if ('register_sale_products' in fields) return vendSale;
  const isSale = 'sale_date' in fields || ('line_items' in fields && 'register_id' in fields);
  if (isSale) return vendSale;
  const isConsignment = 'consignment_date' in fields || ('source_outlet_id' in fields && 'type' in fields);
  return isConsignment ? vendConsignment : null;
}

function passedOrUnknown(keys: string[], node: BodyNode): FeedItem {
  const holders = keys.filter((key) => typeof node.fields[key] === 'object' && node.fields[key] !== null);
  const [first] = holders;
  if (first !== undefined && holders.every((key) => MASTER_DATA.test(key))) {
    return passed(first, `"${first}" is master data or a running figure: no goods move by it.`);
  }
  const shape = SHAPES.find(([key]) => key in node.fields);
  if (shape !== undefined) return passed('body', `This is ${shape[1]}.`);
  const shown = keys.slice(0, 3).join(', ').slice(0, 100);
  return unknownItem('body', node, `Nothing is known of "${shown}": post register sales or consignments of Vend.`);
}
