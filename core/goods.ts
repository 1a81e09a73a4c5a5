// Documents of goods that a person writes: what kinds there are, what lacks in one, and how it differs from its order.
import { parseDecimal, QUANTITY_SCALE } from './amounts.ts';
import { LINES_MAX } from './limits.ts';

export const GOODS_KINDS = ['transfer-received', 'transfer-sent', 'goods-received', 'adjustment'] as const;
export type GoodsKind = (typeof GOODS_KINDS)[number];

/** Goods that come in can come in damaged, and differ from what was announced. */
export const arrives = (kind: GoodsKind): boolean => kind === 'transfer-received' || kind === 'goods-received';

/** Why stock is written off or found, by name: the fact keeps this word. */
export const ADJUSTMENT_REASONS = ['damaged', 'expired', 'stolen', 'used', 'found', 'other'] as const;

type TypedLine = { sku: string; expected: number | null; quantity: string; damaged: string };
export type TypedGoods = {
  kind: GoodsKind;
  counterparty: string;
  transfer: string;
  note: string;
  order: string;
  reason: string;
  lines: TypedLine[];
};

/** Thousandths of units as people type them, "2,5" too; nothing typed is 0, null where it is no such number. */
export function typedUnits(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return 0;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(trimmed)) return null;
  return parseDecimal(trimmed, QUANTITY_SCALE);
}

export type Lack =
  | 'no-lines'
  | 'no-counterparty'
  | 'no-transfer'
  | 'no-reason'
  | 'bad-quantity'
  | 'bad-damaged'
  | 'bad-text'
  | 'own-store'
  | 'too-many-lines';
export type LackAt = { problem: Lack; line: number; sku: string };

/** What a fact takes as an identifier, and as text. */
const IDENTIFIER = /^[^\p{C}|]{1,64}$/u;
const TEXT = /^[^\p{Cc}\p{Cs}]*$/u;

/** What has to be mended before the document can be kept; `line` counts from 1, 0 is the whole. */
export function lacksOf(content: TypedGoods, store: string): LackAt[] {
  const lacks: LackAt[] = [];
  const whole = (problem: Lack): void => void lacks.push({ problem, line: 0, sku: '' });
  const { kind, counterparty, transfer, note, order, reason } = content;
  const isTransfer = kind === 'transfer-received' || kind === 'transfer-sent';
  if (counterparty.trim() === '' && kind !== 'adjustment') whole('no-counterparty');
  if (isTransfer && counterparty.trim() === store) whole('own-store');
  if (isTransfer && transfer.trim() === '') whole('no-transfer');
  if (kind === 'adjustment' && reason.trim() === '') whole('no-reason');
  const names = [transfer, note, order].map((text) => text.trim()).filter((text) => text !== '');
  if (names.some((name) => !IDENTIFIER.test(name)) || [counterparty, reason].some((text) => !TEXT.test(text))) {
    whole('bad-text');
  }
  for (const [index, { sku, quantity, damaged }] of content.lines.entries()) {
    if (typedUnits(quantity) === null) lacks.push({ problem: 'bad-quantity', line: index + 1, sku });
    if (typedUnits(damaged) === null) lacks.push({ problem: 'bad-damaged', line: index + 1, sku });
  }
  if (movedLines(content).length > LINES_MAX) whole('too-many-lines');
  if (lacks.length === 0 && movedLines(content).length === 0) whole('no-lines');
  return lacks;
}

/** Thousandths; `expected` is absent where nothing was announced. */
export type MovedLine = { sku: string; quantity: number; damaged: boolean; expected: number | undefined };

/** The lines of the fact: one for the good ones and one for the damaged ones; what did not move has none. */
export function movedLines({ kind, reason, lines }: TypedGoods): MovedLine[] {
  const takes = kind === 'adjustment' && reason.split(':')[0] !== 'found';
  return lines.flatMap(({ sku, expected, quantity, damaged }) => {
    const good = typedUnits(quantity) ?? 0;
    const bad = arrives(kind) ? (typedUnits(damaged) ?? 0) : 0;
    const announced = arrives(kind) && expected !== null ? expected : undefined;
    const both: MovedLine[] = [];
    if (good > 0) {
      const left = announced === undefined ? undefined : Math.max(0, announced - bad);
      both.push({ sku, quantity: takes ? -good : good, damaged: false, expected: left });
    }
    if (bad > 0) {
      const left = announced === undefined ? undefined : Math.min(bad, announced);
      both.push({ sku, quantity: bad, damaged: true, expected: left });
    }
    return both;
  });
}

/** Articles of which less or more moved than was ordered, thousandths: what is said before it is kept. */
export function differencesOf({ kind, lines }: TypedGoods): { sku: string; ordered: number; moved: number }[] {
  return lines.flatMap(({ sku, expected, quantity, damaged }) => {
    const moved = (typedUnits(quantity) ?? 0) + (arrives(kind) ? (typedUnits(damaged) ?? 0) : 0);
    return expected === null || expected === moved ? [] : [{ sku, ordered: expected, moved }];
  });
}
