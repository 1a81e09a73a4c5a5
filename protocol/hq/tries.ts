// Dry runs of a configuration on facts of chosen stores, as central's API takes and tells them.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { COMMAND_STATES } from '../../core/command.ts';
import { EXCEPTION_TYPES } from '../../core/exception.ts';
import { CONFIGURATION_TITLE_LENGTH_MAX, ROLLOUT_QUERY_LENGTH_MAX } from '../../core/limits/configuration.ts';
import { TRY_DAYS_MAX, TRY_DAYS_USUAL, TRY_PAGE_STORES_MAX, TRY_STORES_MAX } from '../../core/limits/tries.ts';
import { ConfigurationSource } from '../configuration/document.ts';
import { TryId, TryResult } from '../device/tries.ts';
import { StoreId } from '../fact.ts';
import { IdempotencyKey } from '../local/capture.ts';

const Count = z.int().nonnegative();
const Millis = z.int().nonnegative();

/** How central stands with one store of a dry run. */
export const TryStore = z
  .strictObject({
    store: z.string(),
    state: z.enum(COMMAND_STATES).meta({ description: 'Of the command by which the store was asked' }),
    message: z.string(),
    result: TryResult.nullable().meta({ description: 'Null until the store has told' }),
    questions: z
      .array(z.strictObject({ type: z.enum(EXCEPTION_TYPES), asked: Count, open: Count, later: Count }))
      .meta({
        description:
          'Questions of these days whose deadline would be another: asked, open now, and answered later than it would be due',
      }),
  })
  .meta({ id: 'TryStore' });
export type TryStore = z.infer<typeof TryStore>;

export const TryRow = z
  .strictObject({
    id: TryId,
    title: z.string().max(CONFIGURATION_TITLE_LENGTH_MAX),
    revision: z.int(),
    query: z.string(),
    days: z.int(),
    by: z.string(),
    askedMs: Millis,
    stores: Count,
    told: Count.meta({ description: 'Stores that told what would come of it' }),
    ended: Count.meta({ description: 'Stores of which nothing more is to be expected, with those that told' }),
  })
  .meta({ id: 'Try' });
export type TryRow = z.infer<typeof TryRow>;

export const TryInput = z.object({
  headers: z.object({ 'idempotency-key': IdempotencyKey }),
  body: z.strictObject({
    source: ConfigurationSource,
    stores: z
      .string()
      .min(1)
      .max(ROLLOUT_QUERY_LENGTH_MAX)
      .meta({ description: `Which stores, as in a rollout: at most ${TRY_STORES_MAX}` }),
    days: z.int().min(1).max(TRY_DAYS_MAX).default(TRY_DAYS_USUAL),
  }),
});
export type TryInput = z.infer<typeof TryInput>;

export const TryStory = z.strictObject({ row: TryRow, stores: z.array(TryStore) }).meta({ id: 'TryStory' });
export type TryStory = z.infer<typeof TryStory>;

export const triesContract = {
  startTry: oc
    .route({
      method: 'POST',
      path: '/configuration/tries',
      inputStructure: 'detailed',
      successStatus: 201,
      summary: 'Ask stores what a configuration would change, on their own facts; nothing is changed',
    })
    .input(TryInput)
    .output(TryRow),
  tries: oc
    .route({ method: 'GET', path: '/configuration/tries', summary: 'The dry runs that are kept, newest first' })
    .output(z.array(TryRow)),
  try: oc
    .route({ method: 'GET', path: '/configuration/tries/{id}', summary: 'What stores said of a dry run so far' })
    .input(
      z.object({
        id: TryId,
        after: StoreId.optional().meta({ description: 'Page on from this store' }),
        limit: z.coerce.number().int().positive().max(TRY_PAGE_STORES_MAX).default(TRY_PAGE_STORES_MAX),
      }),
    )
    .output(TryStory),
};
