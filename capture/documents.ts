// Documents of the back office: what takes a movement or a count back, and a till's Z report.

import { minorDigits } from '../core/currency.ts';
import {
  type DayClosedContent,
  type FactContent,
  isMovement,
  naturalKey,
  type ReversalContent,
  readNaturalKey,
} from '../core/fact.ts';
import type { Issue } from '../protocol/local/capture.ts';
import type { DayInput, ReversalInput } from '../protocol/local/documents.ts';
import { finish, type NormaliseContext } from './finish.ts';
import { amount, checkDates, freeText, noNotes } from './notes.ts';
import type { CaptureJournal, KeptDocument } from './ports.ts';
import { type Prepared, partKey, partNumber, together } from './prepared.ts';

type Documents = Pick<CaptureJournal, 'findDocument'>;

/** The document under a natural key and, of a count sheet that was cut, its other parts in order. */
export async function keptParts(journal: Documents, key: string): Promise<KeptDocument[]> {
  const first = await journal.findDocument(key);
  if (first === null) return [];
  const parts = [first];
  const { content, store } = first.fact;
  if (content.kind !== 'stocktake') return parts;
  for (;;) {
    const named = { ...content, document: partNumber(content.document, parts.length) };
    const next = await journal.findDocument(naturalKey(store, named));
    const other = next?.fact.content;
    if (next === null || other?.kind !== 'stocktake') return parts;
    // Another sheet may bear such a number by chance.
    if (other.stocktake !== content.stocktake || other.begun !== content.begun) return parts;
    parts.push(next);
  }
}

/** Copies what is taken back word for word, with its frozen interval; a cut sheet is taken back whole. */
export async function prepareReversal(
  input: ReversalInput,
  context: NormaliseContext,
  journal: Documents,
): Promise<Prepared> {
  const notes = noNotes();
  checkDates(input, notes);
  const key = keyOf(input.reverses, context.store);
  const parts = await keptParts(journal, key);
  if (parts.length === 0) return { ok: false, code: 'no-such-document' };
  const reason = freeText(notes, 'reason', input.reason);
  const captures = [];
  for (const [index, { fact, takenBackBy }] of parts.entries()) {
    const original = reversible(fact.content);
    if (original === null) return { ok: false, code: 'bad-body', issues: [notReversible(fact.content)] };
    const content: ReversalContent = {
      kind: 'reversal',
      workstation: input.workstation,
      document: partNumber(input.document, index),
      businessDate: input.businessDate,
      occurred: input.occurred,
      reverses: fact.key,
      original: { content: original, lo: fact.lo, hi: fact.hi, frame: fact.frame, frameStart: fact.frameStart },
      reason,
    };
    if (takenBackBy !== null && takenBackBy !== naturalKey(context.store, content)) return takenBack(takenBackBy);
    const clientKey = partKey(context.clientKey, index);
    captures.push(finish(content, index === 0 ? notes : noNotes(), input.sentAt, { ...context, clientKey }));
  }
  const [first, ...others] = captures;
  return first === undefined ? { ok: false, code: 'no-such-document' } : together(first, others);
}

const keyOf = (named: ReversalInput['reverses'], store: string): string =>
  typeof named === 'string'
    ? named
    : [store, named.workstation, named.businessDate, named.document, named.kind].join('|');

const reversible = (content: FactContent): ReversalContent['original']['content'] | null =>
  isMovement(content) || content.kind === 'stocktake' ? content : null;

const notReversible = ({ kind }: FactContent): Issue => ({
  field: 'reverses',
  problem: `names a document of the kind ${kind}`,
  fix:
    kind === 'sale' || kind === 'return'
      ? 'take a receipt back with a void'
      : 'only a movement or a count sheet can be taken back',
});

const takenBack = (by: string): Prepared => {
  const message = `This document was taken back before, by document ${readNaturalKey(by).number}. Nothing was changed.`;
  return { ok: false, code: 'taken-back', message };
};

export function prepareDay(input: DayInput, context: NormaliseContext): Prepared {
  const notes = noNotes();
  checkDates(input, notes);
  const { currency } = input;
  const digits = currency === undefined ? null : minorDigits(currency);
  const money = (field: 'sales' | 'returns' | 'voids'): number | undefined => {
    const value = input[field];
    if (value === undefined) return undefined;
    if (digits !== null) return amount(notes, field, value, digits, currency);
    const fix = 'send the ISO 4217 code, for example EUR';
    notes.issues.push({ field: 'currency', problem: `is missing, and ${field} carries an amount`, fix });
    return undefined;
  };
  const content: DayClosedContent = {
    kind: 'day-closed',
    workstation: input.workstation,
    document: input.document,
    businessDate: input.businessDate,
    occurred: input.occurred,
    receipts: input.receipts,
    sales: money('sales'),
    returns: money('returns'),
    voids: money('voids'),
    currency,
    firstReceipt: input.firstReceipt,
    lastReceipt: input.lastReceipt,
  };
  return together(finish(content, notes, input.sentAt, context));
}
