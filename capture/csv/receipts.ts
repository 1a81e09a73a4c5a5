// The rows of one receipt to its facts: a sale or a return, an adjustment, or one of each.
import { formatDecimal, QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../../core/amounts.ts';
import { canonicalJson } from '../../core/canonical.ts';
import type { Captured, SetAsideCode } from '../../core/captured.ts';
import { minorDigits } from '../../core/currency.ts';
import { PROBLEMS_TOLD_MAX } from '../../core/limits/files.ts';
import type { MovementInput, TransactionInput } from '../../protocol/local/transaction.ts';
import type { NormaliseContext, Normalised } from '../finish.ts';
import { normaliseMovement, normaliseTransaction } from '../normalise.ts';
import { type CsvMapping, feedOf } from './mapping.ts';
import type { ReadRow, RowReader } from './rows.ts';
import type { SpilledRow } from './spill.ts';

/** Why a receipt can't be placed, in a sentence. */
export type Aside = { code: SetAsideCode; reason: string };

export type Receipt = { ok: true; facts: Captured[]; rowsNotGoods: number } | ({ ok: false } & Aside);

export type ReceiptContext = { mapping: CsvMapping; store: string; pseudonymKey: Uint8Array; fileName: string };

/** All rows of one receipt; all of them or none (the receipt is atomic). */
export function buildReceipt(rows: SpilledRow[], reader: RowReader, context: ReceiptContext): Receipt {
  const read: ReadRow[] = [];
  const problems: string[] = [];
  let card = false;
  for (const row of rows) {
    const result = reader.read(row);
    if (result.ok) read.push(result.row);
    else {
      problems.push(`Line ${row.line}: ${result.problem.text}.`);
      card ||= result.problem.code === 'card-number';
    }
  }
  if (problems.length > 0) {
    const more = problems.length > PROBLEMS_TOLD_MAX ? ` And ${problems.length - PROBLEMS_TOLD_MAX} more rows.` : '';
    const reason = problems.slice(0, PROBLEMS_TOLD_MAX).join(' ') + more;
    return { ok: false, code: card ? 'card-number' : 'bad-row', reason };
  }
  return place(read, context);
}

function place(rows: ReadRow[], context: ReceiptContext): Receipt {
  const { mapping } = context;
  const first = rows.reduce((best, row) => (compareTimes(row, best) < 0 ? row : best));
  const identity = identityOf(rows, first);
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
  const facts: Captured[] = [];
  for (const result of normalised) {
    if (!result.ok) {
      const told = result.issues.map((issue) => `${issue.field} ${issue.problem}: ${issue.fix}.`).join(' ');
      const code = result.code === 'card-number' ? 'card-number' : 'bad-receipt';
      return { ok: false, code, reason: `Receipt ${identity.receipt}: ${told}` };
    }
    facts.push(result.captured);
  }
  return { ok: true, facts: whole(facts), rowsNotGoods: rows.filter((row) => row.notGoods).length };
}

/** Each fact knows those beside it: a receipt is kept whole or not at all. */
const whole = (facts: Captured[]): Captured[] =>
  facts.length < 2
    ? facts
    : facts.map((fact) => ({ ...fact, beside: facts.filter((each) => each !== fact).map(({ content }) => content) }));

type Identity = {
  workstation: string;
  receipt: string;
  businessDate: string;
  occurred: string;
  customer: string | undefined;
  operator: string | undefined;
};

/** The receipt has the earliest of its times; a customer or operator only where its rows agree. */
function identityOf(rows: ReadRow[], first: ReadRow): Identity {
  return {
    workstation: first.till,
    receipt: first.receipt,
    businessDate: first.businessDate,
    occurred: first.time.occurred,
    customer: agreed(rows.map((row) => row.customer)),
    operator: agreed(rows.map((row) => row.operator)),
  };
}

const compareTimes = (a: ReadRow, b: ReadRow): number =>
  a.time.instantMs - b.time.instantMs ||
  (a.businessDate < b.businessDate ? -1 : a.businessDate > b.businessDate ? 1 : 0) ||
  (a.time.occurred < b.time.occurred ? -1 : a.time.occurred > b.time.occurred ? 1 : 0);

function agreed(values: (string | undefined)[]): string | undefined {
  const given = new Set(values.filter((value) => value !== undefined));
  return given.size === 1 ? [...given][0] : undefined;
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
  const lines = rows.map((row) => ({
    sku: row.sku,
    gtin: row.gtin,
    description: row.description,
    quantity: formatDecimal(row.quantity, QUANTITY_SCALE),
  }));
  const { workstation, receipt, businessDate, occurred } = identity;
  const reason = mapping.adjustments?.reason;
  return {
    kind: 'adjustment',
    workstation,
    document: receipt,
    businessDate,
    occurred,
    lines: canonicalOrder(lines),
    reason,
  };
}

/** One order for one set of lines, so that a shuffled copy of the file is the same receipt. */
function canonicalOrder<T>(lines: T[]): T[] {
  const keyed = lines.map((line) => ({ key: canonicalJson(line), line }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ line }) => line);
}

function normaliseContext(context: ReceiptContext, rows: ReadRow[]): NormaliseContext {
  const last = rows.reduce((line, row) => Math.max(line, row.line), 0);
  return {
    store: context.store,
    feed: feedOf(context.mapping),
    pseudonymKey: context.pseudonymKey,
    cursor: { till: rows[0]?.till ?? '', position: `${context.fileName} line ${last}` },
  };
}
