// Double entry: which places a fact moves units between. Per SKU the sum over all places is always zero (L4).
import { assertNever } from './assert.ts';
import type { FactContent, MovementContent, TransactionContent, TransactionLine } from './fact.ts';

export const PLACES = [
  'shelf',
  'reserved',
  'in-transit',
  'damaged',
  'customer',
  'supplier',
  'shrink',
  'adjustment',
] as const;
export type Place = (typeof PLACES)[number];

/** Thousandths of one SKU that leave one place and enter another; always positive. `line` counts from 1. */
export type Posting = { line: number; sku: string; from: Place; to: Place; quantity: number };

export function postingsOf(content: FactContent): Posting[] {
  switch (content.kind) {
    case 'sale':
    case 'return':
    case 'void':
      return content.lines.flatMap((line, index) =>
        line.notGoods === true ? [] : [move(index + 1, line, ...transactionWay(content, line))],
      );
    default:
      return content.lines.map((line, index) => move(index + 1, line, ...movementWay(content)));
  }
}

function transactionWay(content: TransactionContent, line: TransactionLine): [Place, Place] {
  const handsOut = content.kind === 'sale';
  const back = line.disposition === undefined || line.disposition === 'resell' ? 'shelf' : 'damaged';
  const takenBack = handsOut === line.quantity < 0;
  const shelf = takenBack ? back : 'shelf';
  return handsOut ? [shelf, 'customer'] : ['customer', shelf];
}

function movementWay(content: MovementContent): [Place, Place] {
  switch (content.kind) {
    case 'goods-received':
      return ['supplier', 'shelf'];
    case 'adjustment':
      return ['adjustment', 'shelf'];
    case 'transfer-sent':
      return ['shelf', 'in-transit'];
    case 'transfer-received':
      return ['in-transit', 'shelf'];
    default:
      return assertNever(content.kind);
  }
}

function move(line: number, item: { sku: string; quantity: number }, from: Place, to: Place): Posting {
  return item.quantity > 0
    ? { line, sku: item.sku, from, to, quantity: item.quantity }
    : { line, sku: item.sku, from: to, to: from, quantity: -item.quantity };
}
