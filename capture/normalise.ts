// Where all feeds meet: what a till says in decimal text becomes one captured fact in exact integers.
import { createHmac } from 'node:crypto';
import { minorDigits } from '../core/currency.ts';
import type { MovementContent, MovementLine, TransactionContent, TransactionLine } from '../core/fact.ts';
import type { MovementInput, TransactionInput } from '../protocol/local/transaction.ts';
import { finish, type NormaliseContext, type Normalised } from './finish.ts';
import { amount, checkDates, figure, freeText, type Notes, noNotes, quantity, unitPrice, word } from './notes.ts';

export function normaliseTransaction(input: TransactionInput, context: NormaliseContext): Normalised {
  const notes = noNotes();
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
  const notes = noNotes();
  checkDates(input, notes);
  if (input.kind === 'reservation-collected' && input.reservation === undefined) {
    notes.issues.push({ field: 'reservation', problem: 'is missing', fix: 'name the reservation that was collected' });
  }
  if (input.kind !== 'reservation-collected' && input.reservation !== undefined) {
    notes.issues.push({ field: 'reservation', problem: `does not belong to ${input.kind}`, fix: 'leave it out' });
  }
  const content: MovementContent = {
    kind: input.kind,
    workstation: input.workstation,
    document: input.document,
    businessDate: input.businessDate,
    occurred: input.occurred,
    lines: input.lines.map((line, index) => movementLine(input, line, `lines.${index}`, notes)),
    reason: freeText(notes, 'reason', input.reason),
    counterparty: freeText(notes, 'counterparty', input.counterparty),
    transfer: input.transfer,
    order: input.order,
    reservation: input.reservation,
  };
  return finish(content, notes, input.sentAt, context);
}

function movementLine(
  { kind }: MovementInput,
  line: MovementInput['lines'][number],
  field: string,
  notes: Notes,
): MovementLine {
  const moved = quantity(notes, `${field}.quantity`, line.quantity);
  if (moved < 0 && kind !== 'adjustment') {
    notes.issues.push({
      field: `${field}.quantity`,
      problem: `is negative, and this is ${kind}`,
      fix: 'send a positive quantity; only an adjustment may be negative',
    });
  }
  const arrives = kind === 'goods-received' || kind === 'transfer-received';
  for (const name of ['disposition', 'expected'] as const) {
    if (arrives || line[name] === undefined) continue;
    const problem = `does not belong to ${kind}`;
    notes.issues.push({ field: `${field}.${name}`, problem, fix: 'send it only with goods that arrive' });
  }
  return {
    sku: line.sku,
    gtin: line.gtin,
    description: freeText(notes, `${field}.description`, line.description),
    quantity: moved,
    disposition: line.disposition,
    expected: line.expected === undefined ? undefined : figure(notes, `${field}.expected`, line.expected),
  };
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

/** 64 hex digits; the same customer of the same store is the same word, and nobody gets the reference back. */
function customer(notes: Notes, reference: string | undefined, context: NormaliseContext): string | undefined {
  if (reference === undefined) return undefined;
  word(notes, 'customer', reference);
  return createHmac('sha256', context.pseudonymKey).update(`customer|${context.store}|${reference}`).digest('hex');
}
