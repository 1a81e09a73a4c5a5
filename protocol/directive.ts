// Schemas of what head office decides: core/decision.ts, checked where bytes cross a process boundary.
import { z } from 'zod';
import type { DecisionBody, Directive } from '../core/decision.ts';
import { EXCEPTION_TYPES } from '../core/exception.ts';
import {
  AMOUNT_MAX,
  EXCEPTION_EVIDENCE_MAX,
  EXCEPTION_ID_LENGTH_MAX,
  EXCEPTION_MESSAGE_LENGTH_MAX,
  LINES_MAX,
  NATURAL_KEY_LENGTH_MAX,
  RESERVATIONS_MAX,
  SHELF_ASKS_MAX,
} from '../core/limits.ts';
import type { Baseline, Shelf } from '../core/shelf.ts';
import { BusinessDate, Digest, Identifier, StoreId, Text } from './fact.ts';

const Quantity = z.int().positive().max(AMOUNT_MAX);
const Figure = z.int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const Millis = z.int().nonnegative();
const Dseq = z.int().nonnegative();
export const ClaimId = z.string().min(1).max(NATURAL_KEY_LENGTH_MAX);
const Sentence = z.string().min(1).max(EXCEPTION_MESSAGE_LENGTH_MAX);
export const ExceptionId = z.string().min(1).max(EXCEPTION_ID_LENGTH_MAX);
export const AtSchema = z.strictObject({ epoch: z.int().nonnegative(), seq: z.int().nonnegative() });
const Life = z.string().regex(/^[0-9a-f]{32}$/);

export const ExceptionDraftSchema = z.strictObject({
  id: ExceptionId,
  type: z.enum(EXCEPTION_TYPES),
  sku: Identifier.nullable(),
  evidence: z.array(z.string().min(1).max(NATURAL_KEY_LENGTH_MAX)).max(EXCEPTION_EVIDENCE_MAX),
  message: Sentence,
  raisedMs: Millis,
});

const kind = <K extends string>(name: K) => z.literal(name);

export const DecisionBodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: kind('correction'), sku: Identifier, delta: Figure, note: Text.optional() }),
  z.strictObject({ kind: kind('set'), sku: Identifier, target: Figure, stale: z.boolean(), note: Text.optional() }),
  z.strictObject({ kind: kind('opening'), sku: Identifier, target: Figure }),
  z.strictObject({
    kind: kind('reserve'),
    reservation: Identifier,
    sku: Identifier,
    quantity: Quantity,
    until: Millis.optional(),
  }),
  z.strictObject({
    kind: kind('release-reservation'),
    reservation: Identifier,
    sku: Identifier,
    why: z.enum(['cancelled', 'expired', 'moved']),
  }),
  z.strictObject({
    kind: kind('transfer-ordered'),
    transfer: Identifier,
    from: StoreId,
    to: StoreId,
    lines: z
      .array(z.strictObject({ sku: Identifier, quantity: Quantity }))
      .min(1)
      .max(LINES_MAX),
  }),
  z.strictObject({ kind: kind('transfer-written-off'), transfer: Identifier, sku: Identifier, quantity: Figure }),
  z.strictObject({
    kind: kind('refuse'),
    fact: AtSchema,
    reason: z.enum(['unreadable', 'other-body', 'out-of-bounds']),
  }),
  z.strictObject({ kind: kind('wait'), fact: AtSchema, on: AtSchema }),
  z.strictObject({ kind: kind('release'), fact: AtSchema }),
  z.strictObject({ kind: kind('claim-notice'), claim: ClaimId, sale: ClaimId, store: StoreId, quantity: Quantity }),
  z.strictObject({
    kind: kind('claim-verdict'),
    claim: ClaimId,
    kept: z.int().nonnegative(),
    disputed: z.int().nonnegative(),
    unclear: z.boolean(),
    sentence: Sentence,
  }),
  z.strictObject({ kind: kind('exception-raised'), exception: ExceptionDraftSchema }),
  z.strictObject({
    kind: kind('exception-decided'),
    exception: ExceptionId,
    option: Identifier,
    note: Text.optional(),
  }),
  z.strictObject({ kind: kind('period-closed'), through: BusinessDate }),
  z.strictObject({
    kind: kind('epoch-granted'),
    closed: z.strictObject({ ordinal: z.int().positive(), life: Life, seq: Dseq, chain: Digest }),
    ordinal: z.int().positive(),
    life: Life,
  }),
  z.strictObject({ kind: kind('shelf-restated'), sku: Identifier, shelf: z.lazy(() => ShelfSchema) }),
]);

const MomentSchema = z.strictObject({
  at: AtSchema,
  lo: z.int().nullable(),
  hi: z.int(),
  frame: z.int().positive(),
  frameStart: Millis,
});
const CorrectionSchema = z.strictObject({ dseq: Dseq, amount: Figure });
const PlacesSchema = z.strictObject({
  shelf: Figure,
  reserved: Figure,
  'in-transit': Figure,
  damaged: Figure,
  customer: Figure,
  supplier: Figure,
  shrink: Figure,
  adjustment: Figure,
});

const BaselineSchema: z.ZodType<Baseline> = z.strictObject({
  moment: MomentSchema,
  key: z.string().max(NATURAL_KEY_LENGTH_MAX),
  line: z.int().positive(),
  counted: Figure,
  doubt: z.strictObject({ low: Figure, high: Figure }),
  undo: z
    .strictObject({
      fromShrink: Figure,
      known: z.boolean(),
      open: z.array(CorrectionSchema),
      reversed: z.array(Dseq),
      before: z.lazy(() => BaselineSchema).nullable(),
    })
    .nullable(),
});

export const ShelfSchema: z.ZodType<Shelf> = z.strictObject({
  places: PlacesSchema,
  known: z.boolean(),
  newest: BaselineSchema.nullable(),
  open: z.array(CorrectionSchema),
  reservations: z
    .array(
      z.strictObject({
        reservation: Identifier,
        dseq: Dseq,
        quantity: Quantity,
        short: ExceptionId.nullable(),
      }),
    )
    .max(RESERVATIONS_MAX),
  asks: z.array(ExceptionId).max(SHELF_ASKS_MAX),
});

export const DirectiveSchema: z.ZodType<Directive> = z.strictObject({
  v: z.literal(1),
  store: StoreId,
  dseq: z.int().positive(),
  basis: AtSchema,
  by: Identifier,
  at: Millis,
  body: DecisionBodySchema,
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const assertSame = <A, B>(_same: Same<A, B>): void => {};
assertSame<z.infer<typeof DecisionBodySchema>, DecisionBody>(true);
