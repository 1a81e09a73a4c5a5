// The receipts room: what was taken in, newest first, what is looked for, and the life of each.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { FACT_KINDS } from '../../../core/fact.ts';
import { SEARCH_TERMS_MAX } from '../../../core/limits/search.ts';
import { IDENTIFIER_LENGTH_MAX, PAGE_ROWS_MAX } from '../../../core/limits.ts';
import { ReceiptOutcome } from '../exceptions.ts';
import { ReceiptLife } from '../receipt-life.ts';

const Millis = z.int().nonnegative();

/** A place in the journal. */
export const Place = z.strictObject({ epoch: z.int(), seq: z.int() });
export type Place = z.infer<typeof Place>;

export const RecentRow = z.strictObject({
  epoch: z.int(),
  seq: z.int(),
  kind: z.enum(FACT_KINDS),
  workstation: z.string(),
  number: z.string(),
  businessDate: z.string(),
  recordedMs: Millis,
  /** Null where still waiting. */
  settledMs: Millis.nullable(),
  lines: z.int(),
  total: z.int().nullable(),
  currency: z.string().nullable(),
});
export type RecentRow = z.infer<typeof RecentRow>;

const Limit = z.int().positive().max(PAGE_ROWS_MAX);
const BusinessDate = z.iso.date();
const Term = z.string().min(1).max(IDENTIFIER_LENGTH_MAX);

export const SEARCH_STATES = ['waiting', 'confirmed'] as const;

/**
 * What is looked for; whatever is absent is not asked. All of it must hold. `terms`: together they begin words of one
 * article, or one of them begins the document's number and the others words of an article in it, or all of them without
 * the gaps begin its number; one that is the whole name of a till means that till.
 */
export const ReceiptQuery = z.strictObject({
  terms: z.array(Term).max(SEARCH_TERMS_MAX),
  /** "2" is "Till 2" and "T02". */
  till: Term.optional(),
  /** In thousandths of the currency's unit, without sign; ends inclusive. */
  amount: z.strictObject({ from: z.int().nonnegative(), to: z.int().nonnegative() }).optional(),
  /** Trading days, ends inclusive. */
  days: z.strictObject({ from: BusinessDate, to: BusinessDate }).optional(),
  /** When it was rung up, by the till's time; `toMs` is exclusive. */
  times: z.strictObject({ fromMs: Millis, toMs: Millis }).optional(),
  kinds: z.array(z.enum(FACT_KINDS)).max(FACT_KINDS.length).optional(),
  state: z.enum(SEARCH_STATES).optional(),
});
export type ReceiptQuery = z.infer<typeof ReceiptQuery>;

/** Rows behind `before` and in front of `after`, newest first. */
export const ReceiptSearch = z.strictObject({
  query: ReceiptQuery,
  before: Place.optional(),
  after: Place.optional(),
  limit: Limit,
});
export type ReceiptSearch = z.infer<typeof ReceiptSearch>;

export const FoundReceipts = z.strictObject({
  rows: z.array(RecentRow),
  /** Where to go on; null where there are no more. */
  next: Place.nullable(),
  /** The newest document when it was looked. */
  tip: Place,
  /** The terms fit so many articles that these were not looked through. */
  isBroad: z.boolean(),
  /** Names of the tills that were asked for; null where none was. */
  tills: z.array(z.string()).nullable(),
});
export type FoundReceipts = z.infer<typeof FoundReceipts>;

export const receiptsContract = {
  /** Newest first; `before` is the last row of the page before. */
  recent: oc.input(z.strictObject({ before: Place.optional(), limit: Limit })).output(z.array(RecentRow)),
  /** Newest first. Fewer rows than asked for with `next` not null: so far it was looked, and there may be more. */
  search: oc.input(ReceiptSearch).output(FoundReceipts),
  /** What became of one row of the list; null where it is not here. */
  outcome: oc.input(Place).output(ReceiptOutcome.nullable()),
  /** All that is known of one document; null where it is not here. */
  life: oc.input(Place).output(ReceiptLife.nullable()),
  /** Documents with exactly this number, newest first. */
  numbered: oc.input(z.strictObject({ number: Term })).output(z.array(RecentRow)),
};
