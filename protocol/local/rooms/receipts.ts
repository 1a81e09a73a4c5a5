// The receipts room: what was taken in, newest first, and what became of each.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { FACT_KINDS } from '../../../core/fact.ts';
import { PAGE_ROWS_MAX } from '../../../core/limits.ts';
import { ReceiptOutcome } from '../exceptions.ts';

const Millis = z.int().nonnegative();

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

export const receiptsContract = {
  /** Newest first; `before` is the last row of the page before. */
  recent: oc
    .input(
      z.strictObject({
        before: z.strictObject({ epoch: z.int(), seq: z.int() }).optional(),
        limit: z.int().positive().max(PAGE_ROWS_MAX),
      }),
    )
    .output(z.array(RecentRow)),
  /** What became of one row of the list; null where it is not here. */
  outcome: oc.input(z.strictObject({ epoch: z.int(), seq: z.int() })).output(ReceiptOutcome.nullable()),
};
