// Consignments of Vend: deliveries, transfers between outlets, goods sent back, and counts, where their lines are told.
import {
  type BodyContext,
  checkStore,
  documentItem,
  passed,
  timesOf,
  unknownItem,
  workstationOf,
} from '../bodies/feed.ts';
import { decimal, listOf, neededWord, optionalDecimal, skuOf, unreadable, wordOf } from '../bodies/fields.ts';
import type { BodyNode, Fields } from '../bodies/node.ts';
import { isZero, negated } from '../bodies/sums.ts';
import type { FeedItem } from '../feed.ts';

const LINES = ['consignment_products', 'products', 'line_items'];

type Consignment = { number: string; place: string; node: BodyNode; lines: Fields[]; field: string };

export function vendConsignment(node: BodyNode, context: BodyContext): FeedItem[] {
  const { fields } = node;
  const number = neededWord(fields, 'id');
  const place = `consignment ${number}`;
  const field = LINES.find((key) => Array.isArray(fields[key]));
  if (field === undefined) {
    const why = `Consignment ${number} carries no lines: let the relay add them as "products" and post the whole.`;
    return [passed(place, why)];
  }
  const consignment = { number, place, node, lines: listOf(fields, field), field };
  const type = wordOf(fields, 'type') ?? '';
  const status = wordOf(fields, 'status') ?? '';
  if (type === 'STOCKTAKE' && status === 'STOCKTAKE_COMPLETE') return countItems(consignment, context);
  if (type === 'SUPPLIER' && status === 'RECEIVED') return moveItems(consignment, 'goods-received', context);
  if (type === 'RETURN' && status === 'SENT') return moveItems(consignment, 'adjustment', context);
  if (type === 'OUTLET' && (status === 'SENT' || status === 'RECEIVED'))
    return transferItems(consignment, status, context);
  if (['STOCKTAKE', 'SUPPLIER', 'RETURN', 'OUTLET'].includes(type)) {
    return [passed(place, `Consignment ${number} is ${status}: nothing was moved or counted to its end.`)];
  }
  return [
    unknownItem(place, node, `type is ${type === '' ? 'missing' : type}: use SUPPLIER, OUTLET, RETURN or STOCKTAKE.`),
  ];
}

/** Both outlets are told of the same transfer: the settings say which of them this store is. */
function transferItems(consignment: Consignment, status: string, context: BodyContext): FeedItem[] {
  const { fields } = consignment.node;
  const [from, to] = [neededWord(fields, 'source_outlet_id'), neededWord(fields, 'outlet_id')];
  const { storeNumber } = context.settings;
  if (storeNumber === undefined) {
    return unreadable('storeNumber', 'is not in the settings', `say there whether this store is ${from} or ${to}`);
  }
  if (status === 'SENT' && storeNumber === to) {
    return [
      passed(consignment.place, `Transfer ${consignment.number} is on its way: it counts here once it is received.`),
    ];
  }
  if (status === 'SENT') return moveItems(consignment, 'transfer-sent', context, from, to);
  if (storeNumber === from) {
    return [
      passed(consignment.place, `Transfer ${consignment.number} was received: here it counted when it was sent.`),
    ];
  }
  return moveItems(consignment, 'transfer-received', context, to, from);
}

type MoveKind = 'goods-received' | 'adjustment' | 'transfer-sent' | 'transfer-received';

function moveItems(
  { number, place, node, lines, field }: Consignment,
  kind: MoveKind,
  context: BodyContext,
  own = wordOf(node.fields, 'outlet_id'),
  other?: string | undefined,
): FeedItem[] {
  const { fields } = node;
  checkStore(own, 'outlet_id', context);
  const arrives = kind === 'goods-received' || kind === 'transfer-received';
  const time = (arrives ? ['received_at', 'updated_at'] : ['sent_at', 'consignment_date', 'updated_at']).find(
    (key) => wordOf(fields, key) !== undefined,
  );
  const isTransfer = kind === 'transfer-sent' || kind === 'transfer-received';
  const moved = lines.flatMap((line, index) => {
    const sent = optionalDecimal(line['count'], `${field}.${index}.count`);
    const came = optionalDecimal(line['received'], `${field}.${index}.received`);
    const quantity = arrives ? (came ?? sent) : sent;
    if (quantity === undefined) return unreadable(`${field}.${index}.count`, 'is empty', 'send how many');
    if (isZero(quantity)) return [];
    const sku = skuOf(line, ['product_id'], wordOf(line, 'name'));
    return [{ sku, quantity: kind === 'adjustment' ? negated(quantity) : quantity }];
  });
  if (moved.length === 0) return [passed(place, `Consignment ${number} moved nothing.`)];
  const body = {
    kind,
    workstation: workstationOf(context),
    document: number,
    ...timesOf(fields[time ?? 'updated_at'], time ?? 'updated_at', context),
    lines: moved,
    reason: kind === 'adjustment' ? 'returned to the supplier' : undefined,
    counterparty: other ?? wordOf(fields, 'supplier_id'),
    transfer: isTransfer ? number : undefined,
  };
  return [documentItem(place, node, { way: 'movements', body })];
}

function countItems({ number, place, node, lines, field }: Consignment, context: BodyContext): FeedItem[] {
  const { fields } = node;
  checkStore(wordOf(fields, 'outlet_id'), 'outlet_id', context);
  const ended = wordOf(fields, 'received_at') === undefined ? 'updated_at' : 'received_at';
  const times = timesOf(fields[ended], ended, context);
  const began = wordOf(fields, 'consignment_date');
  const body = {
    workstation: workstationOf(context),
    stocktake: number,
    ...times,
    sentAt: times.occurred,
    begun: began === undefined ? times.occurred : timesOf(began, 'consignment_date', context).occurred,
    lines: lines.map((line, index) => ({
      sku: skuOf(line, ['product_id'], wordOf(line, 'name')),
      counted: decimal(line['received'] ?? line['counted'], `${field}.${index}.received`),
    })),
  };
  return [documentItem(place, node, { way: 'stocktakes', body })];
}
