// The rows of one receipt to its facts: a sale or a return, an adjustment, or one of each.
import { formatDecimal, QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../../core/amounts.ts';
import { minorDigits } from '../../core/currency.ts';
import type { MovementInput, TransactionInput } from '../../protocol/local/transaction.ts';
import type { Normalised } from '../finish.ts';
import { normaliseMovement, normaliseTransaction } from '../normalise.ts';
import {
  type Built,
  canonicalOrder,
  type DocumentContext,
  type Identity,
  identityOf,
  movedLine,
  normaliseContext,
  together,
} from './built.ts';
import type { CsvMapping } from './mapping.ts';
import type { ReadRow } from './rows.ts';

/** Rows of one receipt to a sale, a return, an adjustment, or one of each. */
export function placeReceipt(rows: ReadRow[], context: DocumentContext): Built {
  const { mapping } = context;
  const identity = identityOf(rows);
  const isReturn = matches(identity.receipt, mapping.returns);
  const isAdjustment = !isReturn && matches(identity.receipt, mapping.adjustments);
  const adjusts = (row: ReadRow): boolean =>
    !row.notGoods &&
    (isAdjustment || (!isReturn && mapping.adjustments?.negativeQuantity === true && row.quantity < 0));
  const moved = rows.filter(adjusts);
  const sold = rows.filter((row) => !adjusts(row));
  const returns = mapping.returns;
  const negative = (row: ReadRow): boolean => row.quantity < 0;
  const allBack = returns?.negativeQuantity === true && sold.length > 0 && sold.every(negative);
  const kind = isReturn || allBack ? 'return' : 'sale';
  const unknown = sold.find((row) => negative(row) && !row.notGoods);
  if (kind === 'sale' && unknown !== undefined && returns?.negativeQuantity !== true) {
    const reason = `Line ${unknown.line}: the quantity is negative, and the mapping does not say what that means here: set returns or adjustments in the mapping.`;
    return { ok: false, code: 'unknown-kind', reason };
  }
  const turned = kind === 'return' && (allBack || returns?.quantities === 'negative');
  const flipped = kind === 'return' && !turned;
  const normalised: Normalised[] = [];
  if (sold.length > 0) {
    const input = transactionInput(kind, sold, identity, turned, flipped, mapping);
    normalised.push(normaliseTransaction(input, normaliseContext(context, rows)));
  }
  if (moved.length > 0) {
    normalised.push(normaliseMovement(movementInput(moved, identity, mapping), normaliseContext(context, rows)));
  }
  return together(normalised, rows, `Receipt ${identity.receipt}`);
}

function matches(number: string, rule: CsvMapping['returns'] | CsvMapping['adjustments']): boolean {
  if (rule === undefined) return false;
  if (rule.receiptPrefix !== undefined && number.startsWith(rule.receiptPrefix)) return true;
  return rule.receiptPattern !== undefined && new RegExp(`^(?:${rule.receiptPattern})$`, 'u').test(number);
}

/** `turned`: returned quantities are negative in the file; `flipped`: positive, and so are their amounts. */
function transactionInput(
  kind: 'sale' | 'return',
  rows: ReadRow[],
  identity: Identity,
  turned: boolean,
  flipped: boolean,
  mapping: CsvMapping,
): TransactionInput {
  const digits = mapping.currency === undefined ? 2 : minorDigits(mapping.currency);
  const amounts = rows.map((row) => (row.amount === undefined ? undefined : flipped ? -row.amount : row.amount));
  const lines = rows.map((row, index) => {
    const amount = amounts[index];
    return {
      sku: row.sku,
      gtin: row.gtin,
      description: row.description,
      quantity: formatDecimal(turned ? -row.quantity : row.quantity, QUANTITY_SCALE),
      unitPrice: row.unitPriceE4 === undefined ? undefined : formatDecimal(row.unitPriceE4, UNIT_PRICE_SCALE),
      amount: amount === undefined ? undefined : formatDecimal(amount, digits),
      notGoods: row.notGoods ? true : undefined,
    };
  });
  const whole = amounts.every((amount) => amount !== undefined);
  const total = whole
    ? formatDecimal(
        amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0),
        digits,
      )
    : undefined;
  return { kind, ...identity, currency: mapping.currency, lines: canonicalOrder(lines), total };
}

function movementInput(rows: ReadRow[], identity: Identity, mapping: CsvMapping): MovementInput {
  const { workstation, receipt, businessDate, occurred } = identity;
  const reason = mapping.adjustments?.reason;
  return {
    kind: 'adjustment',
    workstation,
    document: receipt,
    businessDate,
    occurred,
    lines: canonicalOrder(rows.map(movedLine)),
    reason,
  };
}
