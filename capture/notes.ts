// Reads the fields of a posted document into exact integers and masked text, and notes what is wrong with them.
import { formatDecimal, parseDecimal, QUANTITY_SCALE, UNIT_PRICE_SCALE } from '../core/amounts.ts';
import type { Issue } from '../protocol/local/capture.ts';
import { holdsCardNumber, maskText } from './mask.ts';

/** A till that was switched off with a flat battery says 1970; before and far beyond it is no date but a mistake. */
const YEAR_MIN = 1970;
const YEAR_MAX = 2100;

/** What was found wrong and what was masked while one document is read. */
export type Notes = { issues: Issue[]; masked: string[]; cards: Issue[] };

export const noNotes = (): Notes => ({ issues: [], masked: [], cards: [] });

export function checkDates(
  input: { businessDate: string; occurred: string; sentAt?: string | undefined },
  notes: Notes,
): void {
  const dates = { businessDate: input.businessDate, occurred: input.occurred, sentAt: input.sentAt };
  for (const [field, text] of Object.entries(dates)) if (text !== undefined) checkMoment(field, text, notes);
}

export function checkMoment(field: string, text: string, notes: Notes): void {
  const ms = Date.parse(text);
  const year = Number.isNaN(ms) ? Number.NaN : new Date(ms).getUTCFullYear();
  if (year >= YEAR_MIN && year <= YEAR_MAX) return;
  const fix = `send a real date between ${YEAR_MIN} and ${YEAR_MAX}`;
  notes.issues.push({ field, problem: 'is not a plausible date', fix });
}

export function quantity(notes: Notes, field: string, value: number | string): number {
  const exact = parseDecimal(String(value), QUANTITY_SCALE);
  if (exact !== null && exact !== 0) return exact;
  const problem = exact === 0 ? 'is zero' : 'is no number with at most 3 decimals';
  notes.issues.push({ field, problem, fix: 'send a quantity in units such as "2" or "0.350"' });
  return 1;
}

/** A number of units that may be zero, never negative, in thousandths. */
export function figure(notes: Notes, field: string, value: number | string): number {
  const exact = parseDecimal(String(value), QUANTITY_SCALE);
  if (exact !== null && exact >= 0) return exact;
  const problem = exact === null ? 'is no number with at most 3 decimals' : 'is negative';
  notes.issues.push({ field, problem, fix: 'send a quantity in units such as "2" or "0.350"; 0 is a quantity too' });
  return 0;
}

export function unitPrice(notes: Notes, field: string, value: number | string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const exact = parseDecimal(String(value), UNIT_PRICE_SCALE);
  if (exact !== null) return exact;
  const fix = 'send the price of one unit such as "2.55"';
  notes.issues.push({ field, problem: 'is no number with at most 4 decimals', fix });
  return undefined;
}

export function amount(
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

export function freeText(notes: Notes, field: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const masked = maskText(text);
  if (masked.ranges.length > 0) notes.masked.push(field);
  return masked.text;
}

/** A word that is kept as it is: with a card number in it the document is refused and the till told. */
export function word(notes: Notes, field: string, text: string): string {
  if (!holdsCardNumber(text)) return text;
  notes.cards.push({ field, problem: 'holds a card number', fix: 'send it without the card number' });
  return '';
}
