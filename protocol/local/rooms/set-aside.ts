// The room of what tills and files sent and could not be placed.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { PAGE_ROWS_MAX } from '../../../core/limits.ts';

const Millis = z.int().nonnegative();

export const SetAsideRow = z.strictObject({
  id: z.int(),
  feed: z.string(),
  source: z.string(),
  place: z.string(),
  code: z.string(),
  reason: z.string(),
  receipt: z.string().nullable(),
  raw: z.string(),
  atMs: Millis,
});
export type SetAsideRow = z.infer<typeof SetAsideRow>;

export const setAsideContract = {
  /** What could not be placed and is not resolved, oldest first. */
  list: oc
    .input(z.strictObject({ after: z.int().optional(), limit: z.int().positive().max(PAGE_ROWS_MAX) }))
    .output(z.array(SetAsideRow)),
};
