// What head office may decide over HTTP, in the units people write, and what it is answered.
import { z } from 'zod';
import { LINES_MAX, RELEASE_FACTS_MAX } from '../../core/limits.ts';
import { BusinessDate, Identifier, Instant, StoreId, Text } from '../fact.ts';
import { IdempotencyKey } from '../local/capture.ts';

const words = { error: 'write units as text with a decimal point, for example "2.5", or as a whole number' };
const QuantityInput = z
  .union([z.int(words), z.string(words).regex(/^-?\d{1,9}(\.\d{1,3})?$/, words)], words)
  .meta({ description: 'Units: decimal text with at most 3 places, or a whole number' });
const Sku = Identifier;
const note = { note: Text.optional().meta({ description: 'Why, in words; kept with the decision' }) };
const lines = z
  .array(z.strictObject({ sku: Sku, quantity: QuantityInput }))
  .min(1)
  .max(LINES_MAX);
const kind = <K extends string>(name: K) => z.literal(name);
const Epoch = z.int().positive();
const Seq = z.int().positive();

export const DecisionRequest = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: kind('correction'), sku: Sku, delta: QuantityInput, ...note }),
    z.strictObject({
      kind: kind('set'),
      sku: Sku,
      to: QuantityInput,
      viewed: z
        .strictObject({
          onHand: QuantityInput,
          newest: z.string().nullable().meta({ description: 'The newest count as /stock named it' }),
        })
        .meta({ description: 'What the screen showed: what happened since is added, a newer count makes it stale' }),
      ...note,
    }),
    z.strictObject({ kind: kind('opening'), lines }),
    z.strictObject({
      kind: kind('reserve'),
      reservation: Identifier,
      sku: Sku,
      quantity: QuantityInput,
      until: Instant.optional().meta({ description: 'Given up by itself then' }),
    }),
    z.strictObject({
      kind: kind('release-reservation'),
      reservation: Identifier,
      sku: Sku,
      why: z.enum(['cancelled', 'expired', 'moved']).default('cancelled'),
    }),
    z.strictObject({ kind: kind('transfer-ordered'), transfer: Identifier, from: StoreId, to: StoreId, lines }),
    z.strictObject({
      kind: kind('release'),
      facts: z
        .strictObject({ epoch: Epoch, first: Seq, last: Seq })
        .meta({ description: `Facts that were refused, at most ${RELEASE_FACTS_MAX}; one where first is last` }),
    }),
    z.strictObject({
      kind: kind('exception-decided'),
      exception: z.string().min(1),
      option: Identifier,
      note: Text.optional().meta({ description: 'With option "move" it begins with the other store' }),
    }),
    z.strictObject({ kind: kind('period-closed'), through: BusinessDate }),
  ])
  .meta({ id: 'DecisionRequest' });
export type DecisionRequest = z.infer<typeof DecisionRequest>;

const By = Identifier.default('head-office').meta({ description: 'Who decides: a role or a name' });

export const DecisionInput = z.object({
  params: z.object({ store: StoreId }),
  headers: z.object({ 'idempotency-key': IdempotencyKey }),
  body: z.object({ by: By, decision: DecisionRequest }),
});
export type DecisionInput = z.infer<typeof DecisionInput>;

/** Directives that were made for a store. */
export const DecisionOutput = z
  .strictObject({
    store: z.string(),
    directives: z.array(
      z.strictObject({
        dseq: z.int(),
        basis: z.strictObject({ epoch: z.int(), seq: z.int() }),
        kind: z.string(),
      }),
    ),
    notes: z.array(z.string()).meta({ description: 'What the decider should know, in sentences' }),
  })
  .meta({ id: 'Decided' });
export type DecisionOutput = z.infer<typeof DecisionOutput>;

export const PeriodInput = z.object({
  headers: z.object({ 'idempotency-key': IdempotencyKey }),
  body: z.strictObject({ by: By, through: BusinessDate }),
});
export type PeriodInput = z.infer<typeof PeriodInput>;
export const PeriodOutput = z
  .strictObject({
    through: z.string(),
    stores: z.int().meta({ description: 'Stores that get the directive; none is forgotten, whether online or not' }),
  })
  .meta({ id: 'PeriodClosed' });
export type PeriodOutput = z.infer<typeof PeriodOutput>;

export const ClaimCloseInput = z.strictObject({
  by: By,
  sale: z.string().min(1).meta({ description: 'The receipt as /claims names it' }),
  line: z.int().positive(),
});
