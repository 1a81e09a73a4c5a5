// The count room: sheets that several people write on at once, looked at beside the books, then kept as one count.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  ABSENT_MAX,
  AREA_LENGTH_MAX,
  AREA_LIST_MAX,
  COUNT_PAGE_MAX,
  COUNTER_LENGTH_MAX,
} from '../../../core/limits/count.ts';
import { AMOUNT_MAX, STOCKTAKE_PARTS_MAX } from '../../../core/limits.ts';
import { Identifier } from '../../fact.ts';

const Millis = z.int();
const Whole = z.int().nonnegative();
/** Thousandths of a unit. */
const Quantity = z.int().nonnegative().max(AMOUNT_MAX);
const PRINTABLE = /^(?! )(?!.* $)[^\p{C}]+$/u;
const Counter = z.string().min(1).max(COUNTER_LENGTH_MAX).regex(PRINTABLE);

/** Minted by the window that begins it: asked for twice, it is begun once. */
export const SheetId = z.string().regex(/^[0-9A-Z]{8}$/);
/** Minted by the window for each change: asked for twice, it is made once. */
const Op = z.string().regex(/^[0-9A-Za-z]{12}$/);

/** What the area should have: nothing is known, what its last count found, articles that begin so, or a list. */
export const Expect = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('nothing') }),
  z.strictObject({ from: z.literal('last-count') }),
  z.strictObject({ from: z.literal('books'), prefix: z.string().max(AREA_LENGTH_MAX) }),
  z.strictObject({ from: z.literal('list'), skus: z.array(Identifier).max(AREA_LIST_MAX) }),
]);
export type Expect = z.infer<typeof Expect>;

/** keeping: for the moment in which it is handed over. */
export const SHEET_STATES = ['open', 'keeping', 'kept'] as const;

export const SheetHead = z.strictObject({
  sheet: SheetId,
  /** As it is printed, and the number of the document that it becomes. */
  number: z.string(),
  area: z.string(),
  state: z.enum(SHEET_STATES),
  begunMs: Millis,
  /** When it was finished, of one that is kept. */
  finishedMs: Millis.nullable(),
  /** Grows with each change. */
  revision: Whole,
  /** Lines and articles that stand on it, and the people who wrote them. */
  lines: Whole,
  articles: Whole,
  /** Thousandths. */
  units: Whole,
  counters: z.array(z.strictObject({ counter: z.string(), lines: Whole })),
  /** Articles that the area should have, and those of them that nobody wrote down yet. */
  expected: Whole,
  uncounted: Whole,
  /** When the oldest line that stands was counted. */
  oldestMs: Millis.nullable(),
});
export type SheetHead = z.infer<typeof SheetHead>;

export const CountLine = z.strictObject({
  line: Whole,
  counter: z.string(),
  sku: z.string(),
  quantity: Quantity,
  atMs: Millis,
  removed: z.boolean(),
  /** Revision of the sheet that changed it last. */
  revision: Whole,
});
export type CountLine = z.infer<typeof CountLine>;

/** What the books have of an article so far; `onHand` null where they know nothing. `name` as a till told it last. */
export const CountFigure = z.strictObject({ sku: z.string(), name: z.string().nullable(), onHand: z.int().nullable() });
export type CountFigure = z.infer<typeof CountFigure>;

/**
 * question: nothing was written; the books have `books` and the sum would be `sum`; ask a person, then send it again
 * with `sure`. stopped: nothing was written, for the reason in the sentence.
 */
export const Written = z.discriminatedUnion('result', [
  z.strictObject({ result: z.literal('written'), head: SheetHead, line: CountLine }),
  z.strictObject({ result: z.literal('question'), sum: Quantity, books: z.int().nullable() }),
  z.strictObject({
    result: z.literal('stopped'),
    why: z.enum(['closed', 'full', 'too-much', 'no-line', 'nothing', 'disk']),
  }),
]);
export type Written = z.infer<typeof Written>;

/** One article of a sheet beside the books as they stand; thousandths. */
export const ReviewRow = z.strictObject({
  sku: z.string(),
  name: z.string().nullable(),
  counted: Quantity,
  /** What the books have now; null where they know nothing. */
  books: z.int().nullable(),
  /** More or less than the books had when it was counted; null where the count cannot be used. */
  difference: z.int().nullable(),
  /** What the books would have behind it. */
  after: z.int(),
  /** Sold, received and so on since it was counted: on-hand changed by so much. */
  since: z.int(),
  /** A correction of head office that the people who counted did not know is taken back by it. */
  correctionsTakenBack: Whole,
  /** What is to be said beside the figures, in a sentence. */
  sentence: z.string().nullable(),
});
export type ReviewRow = z.infer<typeof ReviewRow>;

export const Review = z.strictObject({
  head: SheetHead,
  part: Whole,
  parts: Whole.max(STOCKTAKE_PARTS_MAX),
  rows: z.array(ReviewRow).max(COUNT_PAGE_MAX),
});
export type Review = z.infer<typeof Review>;

/** changed: somebody wrote on it since the look at `through`. empty: nothing is on it. */
export const KEEP_RESULTS = ['kept', 'changed', 'empty', 'gone', 'not-kept'] as const;
export const SheetKept = z.strictObject({
  result: z.enum(KEEP_RESULTS),
  /** Why it was not kept. */
  sentence: z.string().nullable(),
  head: SheetHead.nullable(),
});
export type SheetKept = z.infer<typeof SheetKept>;

/** What became of one part of a sheet that is kept: what the whole says, and each article. */
export const PartOutcome = z.strictObject({
  part: Whole,
  parts: Whole,
  /** Head office has not confirmed it yet. */
  soFar: z.boolean(),
  rows: z.array(
    z.strictObject({ sku: z.string(), name: z.string().nullable(), counted: Quantity, sentence: z.string() }),
  ),
});
export type PartOutcome = z.infer<typeof PartOutcome>;

export const Sheets = z.strictObject({
  open: z.array(SheetHead),
  /** Newest first. */
  kept: z.array(SheetHead),
  /** Where counts could not be read from this PC's disk, in a sentence. */
  trouble: z.string().nullable(),
});
export type Sheets = z.infer<typeof Sheets>;

const Page = { limit: z.int().positive().max(COUNT_PAGE_MAX) };
const Change = { sheet: SheetId, op: Op, counter: Counter };

export const countContract = {
  sheets: oc.output(Sheets),
  /** Null where there are too many open ones. Begun twice under one id it is begun once. */
  begin: oc
    .input(
      z.strictObject({ sheet: SheetId, area: z.string().min(1).max(AREA_LENGTH_MAX).regex(PRINTABLE), expect: Expect }),
    )
    .output(SheetHead.nullable()),
  /** Lines that changed behind `after`, in the order of their changes; null where there is no such sheet. */
  lines: oc
    .input(z.strictObject({ sheet: SheetId, after: Whole, ...Page }))
    .output(z.strictObject({ head: SheetHead, lines: z.array(CountLine) }).nullable()),
  /** `more` adds to the line of the same article that this person wrote before, where there is one. */
  add: oc
    .input(z.strictObject({ ...Change, sku: Identifier, quantity: Quantity, more: z.boolean(), sure: z.boolean() }))
    .output(Written),
  /** `again`: it was counted once more just now; else only what was written is put right, and its time stays. */
  correct: oc
    .input(z.strictObject({ ...Change, line: Whole, quantity: Quantity, again: z.boolean(), sure: z.boolean() }))
    .output(Written),
  remove: oc.input(z.strictObject({ ...Change, line: Whole })).output(Written),
  /** Takes back this person's last change that nobody else has changed since. */
  undo: oc.input(z.strictObject(Change)).output(Written),
  /** Articles that the area should have and nobody wrote down, behind `after`. */
  uncounted: oc
    .input(z.strictObject({ sheet: SheetId, after: z.string().nullable(), ...Page }))
    .output(z.array(CountFigure)),
  /** These were looked for and not found: each gets a line with zero, where it has none. */
  absent: oc
    .input(z.strictObject({ sheet: SheetId, counter: Counter, skus: z.array(Identifier).min(1).max(ABSENT_MAX) }))
    .output(SheetHead.nullable()),
  figures: oc.input(z.strictObject({ skus: z.array(Identifier).max(COUNT_PAGE_MAX) })).output(z.array(CountFigure)),
  /** Part of a sheet, from 0: as if it were kept now. */
  review: oc.input(z.strictObject({ sheet: SheetId, part: Whole })).output(Review.nullable()),
  /** `through`: the revision that was looked at. Asked for twice it is kept once. */
  keep: oc.input(z.strictObject({ sheet: SheetId, through: Whole })).output(SheetKept),
  outcomes: oc.input(z.strictObject({ sheet: SheetId, part: Whole })).output(PartOutcome.nullable()),
  /** Nothing of it stays. False where it is kept already, or gone. */
  giveUp: oc.input(z.strictObject({ sheet: SheetId })).output(z.boolean()),
};
