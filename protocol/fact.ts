// Schemas of facts: what core/fact.ts says as types, checked where bytes cross a process boundary.
import { z } from 'zod';
import {
  DISPOSITIONS,
  type Fact,
  type FactContent,
  MOVEMENT_KINDS,
  type MovementContent,
  TRANSACTION_KINDS,
  type TransactionContent,
} from '../core/fact.ts';
import {
  AMOUNT_MAX,
  IDENTIFIER_LENGTH_MAX,
  LINES_MAX,
  NATURAL_KEY_LENGTH_MAX,
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
const Milliseconds = z.int().nonnegative();

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

const MovementContentSchema = z.strictObject({
  kind: z.enum(MOVEMENT_KINDS),
  workstation: Identifier,
  document: Identifier,
  businessDate: BusinessDate,
  occurred: Instant,
  lines: z
    .array(z.strictObject({ ...item, quantity: Quantity }))
    .min(1)
    .max(LINES_MAX),
  reason: Text.optional(),
  counterparty: Text.optional(),
  transfer: Identifier.optional(),
  order: Identifier.optional(),
});

export const FactContentSchema: z.ZodType<FactContent> = z.discriminatedUnion('kind', [
  TransactionContentSchema,
  MovementContentSchema,
]);

export const FactSchema: z.ZodType<Fact> = z.strictObject({
  v: z.literal(1),
  store: StoreId,
  key: z.string().min(1).max(NATURAL_KEY_LENGTH_MAX),
  content: FactContentSchema,
  feed: Identifier,
  recorded: z.strictObject({ ms: Milliseconds, n: z.int().nonnegative() }),
  lo: z.int().nullable(),
  hi: z.int(),
  frame: z.int().positive(),
  frameStart: Milliseconds,
  skewMs: z.int().optional(),
  skewBoundMs: z.int().nonnegative().optional(),
  seen: z.int().nonnegative(),
  revision: z.int().nonnegative(),
  trace: Traceparent.optional(),
});

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
/** Fails to compile where a schema and the type it stands for drift apart (D16). */
const assertSame = <A, B>(_same: Same<A, B>): void => {};
assertSame<z.infer<typeof TransactionContentSchema>, TransactionContent>(true);
assertSame<z.infer<typeof MovementContentSchema>, MovementContent>(true);
