// The rows of one document of stock movements to its facts: one for each kind that its rows have.
import { formatDecimal, QUANTITY_SCALE } from '../../core/amounts.ts';
import { TEXT_LENGTH_MAX } from '../../core/limits.ts';
import { normaliseMovement } from '../normalise.ts';
import {
  agreed,
  type Built,
  canonicalOrder,
  type DocumentContext,
  identityOf,
  movedLine,
  normaliseContext,
  together,
} from './built.ts';
import type { FileMovementKind } from './mapping-stock.ts';
import type { ReadRow } from './rows.ts';

/** What a document may name only once, for goods are looked for under it. */
const NAMES = ['order', 'transfer'] as const;

export function placeMovements(all: ReadRow[], context: DocumentContext): Built {
  const { receipt } = identityOf(all);
  const name = `Document ${receipt}`;
  const rows = all.filter((row) => !row.notGoods);
  if (rows.length === 0) {
    return { ok: false, code: 'bad-receipt', reason: `${name}: none of its rows is goods: look at notGoods.` };
  }
  for (const what of NAMES) {
    const named = [...new Set(rows.flatMap((row) => row[what] ?? []))].sort();
    if (named.length < 2) continue;
    const reason = `${name}: its rows name the ${what}s ${named.slice(0, 5).join(', ')}: give each ${what} a document of its own.`;
    return { ok: false, code: 'bad-receipt', reason };
  }
  const kinds = [...new Set(rows.flatMap((row) => row.kind ?? []))].sort();
  const facts = kinds.map((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind);
    return normaliseMovement(inputOf(kind, ofKind, all, context), normaliseContext(context, all));
  });
  return together(facts, all, name);
}

function inputOf(kind: FileMovementKind, rows: ReadRow[], all: ReadRow[], { mapping }: DocumentContext) {
  const { workstation, receipt, businessDate, occurred } = identityOf(all);
  const turned = kind === 'transfer-sent' && mapping.movements?.sentQuantities === 'negative';
  const lines = rows.map((row) => ({
    ...movedLine(turned ? { ...row, quantity: -row.quantity } : row),
    expected: row.expected === undefined ? undefined : formatDecimal(row.expected, QUANTITY_SCALE),
  }));
  return {
    kind,
    workstation,
    document: receipt,
    businessDate,
    occurred,
    lines: canonicalOrder(lines),
    reason: mapping.movements?.reason ?? reasonOf(rows),
    counterparty: mapping.movements?.counterparty ?? agreed(all.map((row) => row.counterparty)),
    transfer: agreed(rows.map((row) => row.transfer)),
    order: agreed(rows.map((row) => row.order)),
  };
}

/** Rows may each have their own reason: a document has one text. */
export function reasonOf(rows: ReadRow[]): string | undefined {
  const reasons = [...new Set(rows.flatMap((row) => row.reason ?? []))].sort().join('; ');
  return reasons === '' ? undefined : reasons.slice(0, TEXT_LENGTH_MAX).replace(/[\ud800-\udbff]$/, '');
}
