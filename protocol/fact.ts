// Schemas of facts: what core/fact.ts says as types, checked where bytes cross a process boundary.
import { z } from 'zod';
import {
  type DayClosedContent,
  DISPOSITIONS,
  type ExceptionDecidedContent,
  type Fact,
  type FactContent,
  MOVEMENT_KINDS,
  type MovementContent,
  type ReversalContent,
  type StocktakeContent,
  TRANSACTION_KINDS,
  type TransactionContent,
} from '../core/fact.ts';
import {
  AMOUNT_MAX,
  EXCEPTION_ID_LENGTH_MAX,
  IDENTIFIER_LENGTH_MAX,
  LINES_MAX,
  NATURAL_KEY_LENGTH_MAX,
  STOCKTAKE_LINES_MAX,
  TENDERS_MAX,
  TEXT_LENGTH_MAX,
} from '../core/limits.ts';

/** Letters, digits, inner spaces and punctuation; no control character and no "|", which separates keys. */
const IDENTIFIER = /^(?! )(?!.* $)[^\p{C}|]+$/u;
const TEXT = /^[^\p{Cc}\p{Cs}]*$/u;

const identifierWords = {
  error: `use 1 to ${IDENTIFIER_LENGTH_MAX} printable characters, without "|" and without a space at either end`,
  abort: true,
};
export const Identifier = z
  .string()
  .min(1, identifierWords)
  .max(IDENTIFIER_LENGTH_MAX, identifierWords)
  .regex(IDENTIFIER, identifierWords);
export const Text = z.string().min(1).max(TEXT_LENGTH_MAX).regex(TEXT, { error: 'use printable characters only' });
export const StoreId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, {
  error: 'use 1 to 32 letters, digits, "_" or "-"',
});
export const BusinessDate = z.iso.date({ error: 'write the trading day as YYYY-MM-DD' });
export const Instant = z.iso.datetime({
  offset: true,
  error: 'write the time with its offset, for example 2026-11-21T10:15:00+01:00',
});
export const Currency = z.string().regex(/^[A-Z]{3}$/, { error: 'write an ISO 4217 code such as EUR' });
export const Gtin = z.string().regex(/^(\d{8}|\d{12,14})$/, { error: 'write 8, 12, 13 or 14 digits' });
export const Digest = z.string().regex(/^[0-9a-f]{64}$/);
export const Traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, {
  error: 'send a W3C traceparent or leave it out',
});

const Amount = z.int().min(-AMOUNT_MAX).max(AMOUNT_MAX);
const Quantity = Amount.refine((value) => value !== 0, { error: 'a quantity is never zero' });
/** Of units found or announced: zero is a figure too. */
const Count = z.int().nonnegative().max(AMOUNT_MAX);
const Milliseconds = z.int().nonnegative();
const NaturalKey = z.string().min(1).max(NATURAL_KEY_LENGTH_MAX);

export const ReceiptRef = z.strictObject({
  store: StoreId.optional(),
  workstation: Identifier.optional(),
  businessDate: BusinessDate.optional(),
  receipt: Identifier,
  line: z.int().positive().max(LINES_MAX).optional(),
});

/** What a line is about. */
export const item = { sku: Identifier, gtin: Gtin.optional(), description: Text.optional() };

const TransactionLine = z.strictObject({
  ...item,
  quantity: Quantity,
  amount: Amount.optional(),
  unitPriceE4: Amount.optional(),
  notGoods: z.boolean().optional(),
  disposition: z.enum(DISPOSITIONS).optional(),
  original: ReceiptRef.optional(),
});

const TransactionContentSchema = z.strictObject({
  kind: z.enum(TRANSACTION_KINDS),
  workstation: Identifier,
  receipt: Identifier,
  businessDate: BusinessDate,
  occurred: Instant,
  currency: Currency.optional(),
  lines: z.array(TransactionLine).max(LINES_MAX),
  tenders: z
    .array(z.strictObject({ type: Identifier, amount: Amount }))
    .max(TENDERS_MAX)
    .optional(),
  total: Amount.optional(),
  customer: Identifier.optional(),
  operator: Identifier.optional(),
  voids: ReceiptRef.optional(),
});

/** What every document but a receipt says of itself. */
const document = { workstation: Identifier, document: Identifier, businessDate: BusinessDate, occurred: Instant };

const MovementContentSchema = z.strictObject({
  kind: z.enum(MOVEMENT_KINDS),
  ...document,
  lines: z
    .array(
      z.strictObject({
        ...item,
        quantity: Quantity,
        disposition: z.literal('damaged').optional(),
        expected: Count.optional(),
      }),
    )
    .min(1)
    .max(LINES_MAX),
  reason: Text.optional(),
  counterparty: Text.optional(),
  transfer: Identifier.optional(),
  order: Identifier.optional(),
  reservation: Identifier.optional(),
});

const StocktakeContentSchema = z.strictObject({
  kind: z.literal('stocktake'),
  ...document,
  begun: Instant,
  stocktake: Identifier,
  lines: z
    .array(z.strictObject({ ...item, counted: Count, occurred: Instant.optional() }))
    .min(1)
    .max(STOCKTAKE_LINES_MAX),
  reason: Text.optional(),
});

/** When something happened, as it was frozen at capture (R6). */
const interval = { lo: z.int().nullable(), hi: z.int() };
const frame = { frame: z.int().positive(), frameStart: Milliseconds };

const ReversalContentSchema = z.strictObject({
  kind: z.literal('reversal'),
  ...document,
  reverses: NaturalKey,
  original: z.strictObject({
    content: z.discriminatedUnion('kind', [MovementContentSchema, StocktakeContentSchema]),
    ...interval,
    ...frame,
  }),
  reason: Text.optional(),
});

const ExceptionDecidedContentSchema = z.strictObject({
  kind: z.literal('exception-decided'),
  ...document,
  exception: z.string().min(1).max(EXCEPTION_ID_LENGTH_MAX),
  option: Identifier,
  note: Text.optional(),
});

const DayClosedContentSchema = z.strictObject({
  kind: z.literal('day-closed'),
  ...document,
  receipts: z.int().nonnegative().optional(),
  sales: Amount.optional(),
  returns: Amount.optional(),
  voids: Amount.optional(),
  currency: Currency.optional(),
  firstReceipt: Identifier.optional(),
  lastReceipt: Identifier.optional(),
});

export const FactContentSchema: z.ZodType<FactContent> = z.discriminatedUnion('kind', [
  TransactionContentSchema,
  MovementContentSchema,
  StocktakeContentSchema,
  ReversalContentSchema,
  ExceptionDecidedContentSchema,
  DayClosedContentSchema,
]);

export const FactSchema: z.ZodType<Fact> = z.strictObject({
  v: z.literal(1),
  store: StoreId,
  key: NaturalKey,
  content: FactContentSchema,
  feed: Identifier,
  recorded: z.strictObject({ ms: Milliseconds, n: z.int().nonnegative() }),
  wallMs: Milliseconds.optional(),
  ...interval,
  ...frame,
  skewMs: z.int().optional(),
  skewBoundMs: z.int().nonnegative().optional(),
  seen: z.int().nonnegative(),
  known: z.int().nonnegative().optional(),
  lineIntervals: z.array(z.strictObject(interval)).max(STOCKTAKE_LINES_MAX).optional(),
  lineFrames: z.array(z.strictObject(frame)).max(STOCKTAKE_LINES_MAX).optional(),
  revision: z.int().nonnegative(),
  trace: Traceparent.optional(),
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Fails to compile where a schema and the type it stands for drift apart (D16). */
const assertSame = <A, B>(_same: Same<A, B>): void => {};
assertSame<z.infer<typeof TransactionContentSchema>, TransactionContent>(true);
assertSame<z.infer<typeof MovementContentSchema>, MovementContent>(true);
assertSame<z.infer<typeof StocktakeContentSchema>, StocktakeContent>(true);
assertSame<z.infer<typeof ReversalContentSchema>, ReversalContent>(true);
assertSame<z.infer<typeof ExceptionDecidedContentSchema>, ExceptionDecidedContent>(true);
assertSame<z.infer<typeof DayClosedContentSchema>, DayClosedContent>(true);
