// Where all feeds meet: what a till says in decimal text becomes one captured fact in exact integers.
import { createHmac } from 'node:crypto';
import { formatDecimal, parseDecimal, QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../core/amounts.ts';
import type { Captured } from '../core/captured.ts';
import type { FactContent, MovementContent, TransactionContent, TransactionLine } from '../core/fact.ts';
import { SKEW_BOUND_MS } from '../core/limits.ts';
import { FactContentSchema } from '../protocol/fact.ts';
import type { Issue } from '../protocol/local/capture.ts';
import type { MovementInput, TransactionInput } from '../protocol/local/transaction.ts';
import { minorDigits } from './currency.ts';
import { issuesOf } from './issues.ts';
import { holdsCardNumber, maskText } from './mask.ts';

export type NormaliseContext = {
  store: string;
  feed: string;
  /** Of this device: the customer reference is kept only as HMAC-SHA256 under it. */
  pseudonymKey: Uint8Array;
  /** The agent's clock when the document came in; absent where the feed tells no till clock. */
  nowMs?: number | undefined;
  clientKey?: string | undefined;
  trace?: string | undefined;
  cursor?: Captured['cursor'];
  resolves?: number | undefined;
};

export type Normalised =
  /** `masked` names the fields in which a card number was painted over. */
  { ok: true; captured: Captured; masked: string[] } | { ok: false; code: 'bad-body' | 'card-number'; issues: Issue[] };

/** A till that was switched off with a flat battery says 1970; before and far beyond it is no date but a mistake. */
const YEAR_MIN = 1970;
const YEAR_MAX = 2100;

/** What was found wrong and what was masked while one document is read. */
type Notes = { issues: Issue[]; masked: string[]; cards: Issue[] };

export function normaliseTransaction(input: TransactionInput, context: NormaliseContext): Normalised {
  const notes: Notes = { issues: [], masked: [], cards: [] };
  checkDates(input, notes);
  const digits = input.currency === undefined ? null : minorDigits(input.currency);
  const money = (field: string, value: number | string | undefined): number | undefined =>
    value === undefined ? undefined : amount(notes, field, value, digits, input.currency);
  if (input.kind === 'void' && input.voids === undefined) {
    notes.issues.push({ field: 'voids', problem: 'is missing', fix: 'name the receipt that this void takes back' });
  }
  if (input.kind !== 'void' && input.voids !== undefined) {
    notes.issues.push({ field: 'voids', problem: `does not belong to a ${input.kind}`, fix: 'leave it out' });
  }
  const content: TransactionContent = {
    kind: input.kind,
    workstation: input.workstation,
    receipt: input.receipt,
    businessDate: input.businessDate,
    occurred: input.occurred,
    currency: input.currency,
    lines: input.lines.map((line, index) => transactionLine(line, `lines.${index}`, money, notes)),
    tenders: input.tenders?.map((tender, index) => ({
      type: word(notes, `tenders.${index}.type`, tender.type),
      amount: money(`tenders.${index}.amount`, tender.amount) ?? 0,
    })),
    total: money('total', input.total),
    customer: customer(notes, input.customer, context),
    operator: input.operator === undefined ? undefined : word(notes, 'operator', input.operator),
    voids: input.voids,
  };
  return finish(content, notes, input.sentAt, context);
}

export function normaliseMovement(input: MovementInput, context: NormaliseContext): Normalised {
  const notes: Notes = { issues: [], masked: [], cards: [] };
  checkDates(input, notes);
  const content: MovementContent = {
    kind: input.kind,
    workstation: input.workstation,
    document: input.document,
    businessDate: input.businessDate,
    occurred: input.occurred,
    lines: input.lines.map((line, index) => {
      const field = `lines.${index}.quantity`;
      const moved = quantity(notes, field, line.quantity);
      if (moved < 0 && input.kind !== 'adjustment') {
        notes.issues.push({
          field,
          problem: `is negative, and this is ${input.kind}`,
          fix: 'send a positive quantity; only an adjustment may be negative',
        });
      }
      return {
        sku: line.sku,
        gtin: line.gtin,
        description: freeText(notes, `lines.${index}.description`, line.description),
        quantity: moved,
      };
    }),
    reason: freeText(notes, 'reason', input.reason),
    counterparty: freeText(notes, 'counterparty', input.counterparty),
    transfer: input.transfer,
    order: input.order,
    reservation: input.reservation,
  };
  return finish(content, notes, input.sentAt, context);
}

function transactionLine(
  line: TransactionInput['lines'][number],
  field: string,
  money: (field: string, value: number | string | undefined) => number | undefined,
  notes: Notes,
): TransactionLine {
  return {
    sku: line.sku,
    gtin: line.gtin,
    description: freeText(notes, `${field}.description`, line.description),
    quantity: quantity(notes, `${field}.quantity`, line.quantity),
    amount: money(`${field}.amount`, line.amount),
    unitPriceE4: unitPrice(notes, `${field}.unitPrice`, line.unitPrice),
    notGoods: line.notGoods,
    disposition: line.disposition,
    original: line.original,
  };
}

/** The last gate for every feed: whatever is still not a fact is told by field. */
function finish(content: FactContent, notes: Notes, sentAt: string | undefined, context: NormaliseContext): Normalised {
  if (notes.cards.length > 0) return { ok: false, code: 'card-number', issues: notes.cards };
  if (notes.issues.length > 0) return { ok: false, code: 'bad-body', issues: notes.issues };
  const money = needsCurrency(content);
  if (money !== null) {
    const fix = 'send the ISO 4217 code, for example EUR';
    return { ok: false, code: 'bad-body', issues: [{ field: 'currency', problem: `is missing, and ${money}`, fix }] };
  }
  const checked = FactContentSchema.safeParse(content);
  if (!checked.success) {
    const issues = issuesOf(checked.error, content).map((issue) => ({
      ...issue,
      field: issue.field.replace(/\.unitPriceE4$/, '.unitPrice'),
    }));
    return { ok: false, code: 'bad-body', issues };
  }
  const { store: _store, pseudonymKey: _key, nowMs, ...rest } = context;
  const skew =
    sentAt === undefined || nowMs === undefined
      ? undefined
      : { ms: nowMs - Date.parse(sentAt), boundMs: SKEW_BOUND_MS };
  return { ok: true, captured: { content, ...rest, skew }, masked: notes.masked };
}

function checkDates(
  input: { businessDate: string; occurred: string; sentAt?: string | undefined },
  notes: Notes,
): void {
  const dates = { businessDate: input.businessDate, occurred: input.occurred, sentAt: input.sentAt };
  for (const [field, text] of Object.entries(dates)) {
    if (text === undefined) continue;
    const ms = Date.parse(text);
    const year = Number.isNaN(ms) ? Number.NaN : new Date(ms).getUTCFullYear();
    if (year >= YEAR_MIN && year <= YEAR_MAX) continue;
    const fix = `send a real date between ${YEAR_MIN} and ${YEAR_MAX}`;
    notes.issues.push({ field, problem: 'is not a plausible date', fix });
  }
}

function needsCurrency(content: FactContent): string | null {
  if (!('receipt' in content) || content.currency !== undefined) return null;
  const line = content.lines.findIndex((each) => each.amount !== undefined || each.unitPriceE4 !== undefined);
  if (line >= 0) return `lines.${line} carries an amount`;
  if (content.total !== undefined) return 'total carries an amount';
  return (content.tenders ?? []).length > 0 ? 'tenders.0 carries an amount' : null;
}

function quantity(notes: Notes, field: string, value: number | string): number {
  const exact = parseDecimal(String(value), QUANTITY_SCALE);
  if (exact !== null && exact !== 0) return exact;
  const problem = exact === 0 ? 'is zero' : 'is no number with at most 3 decimals';
  notes.issues.push({ field, problem, fix: 'send a quantity in units such as "2" or "0.350"' });
  return 1;
}

function unitPrice(notes: Notes, field: string, value: number | string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const exact = parseDecimal(String(value), UNIT_PRICE_SCALE);
  if (exact !== null) return exact;
  const fix = 'send the price of one unit such as "2.55"';
  notes.issues.push({ field, problem: 'is no number with at most 4 decimals', fix });
  return undefined;
}

function amount(
  notes: Notes,
  field: string,
  value: number | string,
  digits: number | null,
  currency: string | undefined,
): number | undefined {
  const exact = parseDecimal(String(value), digits ?? UNIT_PRICE_SCALE);
  if (exact !== null) return exact;
  const places = digits === null ? 'no number' : `no amount that ${currency} has: it counts ${digits} decimals`;
  notes.issues.push({
    field,
    problem: `is ${places}`,
    fix: `send an amount such as "${formatDecimal(1250, Math.min(digits ?? 2, 2))}"`,
  });
  return undefined;
}

function freeText(notes: Notes, field: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const masked = maskText(text);
  if (masked.ranges.length > 0) notes.masked.push(field);
  return masked.text;
}

/** A word that is kept as it is: with a card number in it the document is refused and the till told. */
function word(notes: Notes, field: string, text: string): string {
  if (!holdsCardNumber(text)) return text;
  notes.cards.push({ field, problem: 'holds a card number', fix: 'send it without the card number' });
  return '';
}

/** 64 hex digits; the same customer of the same store is the same word, and nobody gets the reference back. */
function customer(notes: Notes, reference: string | undefined, context: NormaliseContext): string | undefined {
  if (reference === undefined) return undefined;
  word(notes, 'customer', reference);
  return createHmac('sha256', context.pseudonymKey).update(`customer|${context.store}|${reference}`).digest('hex');
}
