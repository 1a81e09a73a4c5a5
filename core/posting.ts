// Double entry: which places a fact moves units between. Per SKU the sum over all places is always zero (L4).
import { assertNever } from './assert.ts';
import type { FactContent, MovementContent, MovementLine, TransactionContent, TransactionLine } from './fact.ts';

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

/** Why units moved: by the fact itself, or by what the law makes of it. */
export const MOVE_REASONS = [
  'movement',
  'restated',
  'variance',
  'absorbed',
  'correction',
  'reservation',
  'undone',
] as const;
export type MoveReason = (typeof MOVE_REASONS)[number];

/** Thousandths of one SKU that leave one place and enter another; always positive. `line` counts from 1. */
export type Posting = { line: number; sku: string; from: Place; to: Place; quantity: number; why: MoveReason };

/** What the lines of a document move by themselves, before any count is looked at; nothing for what is no movement. */
export function postingsOf(content: FactContent): Posting[] {
  switch (content.kind) {
    case 'sale':
    case 'return':
    case 'void':
      return content.lines.flatMap((line, index) =>
        line.notGoods === true ? [] : [posting(index + 1, line, ...transactionWay(content, line))],
      );
    case 'stocktake':
    case 'reversal':
    case 'exception-decided':
    case 'day-closed':
      return [];
    default:
      return content.lines.map((line, index) => posting(index + 1, line, ...movementWay(content, line)));
  }
}

function transactionWay(content: TransactionContent, line: TransactionLine): [Place, Place] {
  const handsOut = content.kind === 'sale';
  const back = line.disposition === undefined || line.disposition === 'resell' ? 'shelf' : 'damaged';
  const takenBack = handsOut === line.quantity < 0;
  const shelf = takenBack ? back : 'shelf';
  return handsOut ? [shelf, 'customer'] : ['customer', shelf];
}

function movementWay(content: MovementContent, line: MovementLine): [Place, Place] {
  const arrives = line.disposition === 'damaged' ? 'damaged' : 'shelf';
  switch (content.kind) {
    case 'goods-received':
      return ['supplier', arrives];
    case 'adjustment':
      return ['adjustment', 'shelf'];
    case 'transfer-sent':
      return ['shelf', 'in-transit'];
    case 'transfer-received':
      return ['in-transit', arrives];
    case 'reservation-collected':
      return ['shelf', 'customer'];
    default:
      return assertNever(content.kind);
  }
}

function posting(line: number, item: { sku: string; quantity: number }, from: Place, to: Place): Posting {
  return item.quantity > 0
    ? { line, sku: item.sku, from, to, quantity: item.quantity, why: 'movement' }
    : { line, sku: item.sku, from: to, to: from, quantity: -item.quantity, why: 'movement' };
}
