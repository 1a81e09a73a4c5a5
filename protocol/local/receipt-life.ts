// The life of one document: captured, settled with head office's proof, what became of it, and what it is tied to.
import { z } from 'zod';
import { EXCEPTION_TYPES } from '../../core/exception.ts';
import { FACT_KINDS } from '../../core/fact.ts';
import { REFERENCES_MAX } from '../../core/limits/search.ts';
import { ReceiptOutcome } from './exceptions.ts';

const Millis = z.int().nonnegative();
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

export const LifeLine = z.strictObject({
  line: z.int(),
  sku: z.string(),
  gtin: z.string().nullable(),
  /** What the article is called now; null where nobody named it. */
  name: z.string().nullable(),
  /** What the document calls it. */
  description: z.string().nullable(),
  /** Thousandths; of a count what was found. */
  quantity: z.int(),
  /** Minor units. */
  amount: z.int().nullable(),
  notGoods: z.boolean(),
  /** Thousandths that were announced. */
  expected: z.int().nullable(),
});
export type LifeLine = z.infer<typeof LifeLine>;

export const TIES = ['voids', 'returns', 'takes-back'] as const;

/** Another document: where it lies here, or null where it does not. */
export const TiedDocument = z.strictObject({
  tie: z.enum(TIES),
  number: z.string(),
  /** Null where the document that names it does not say. */
  workstation: z.string().nullable(),
  businessDate: z.string().nullable(),
  /** Null of the own store. */
  store: z.string().nullable(),
  kind: z.enum(FACT_KINDS).nullable(),
  at: z.strictObject({ epoch: z.int(), seq: z.int() }).nullable(),
});
export type TiedDocument = z.infer<typeof TiedDocument>;

/** What the signed frame says that settled it, and whether that holds. */
export const SettledProof = z.strictObject({
  /** Everything up to this entry of the same epoch was confirmed by it, with this chain. */
  seq: z.int(),
  chain: Digest,
  /** Digest of central's positions there; null where it said none. */
  digest: Digest.nullable(),
  keyId: z.string(),
  /** By central's clock. */
  signedMs: Millis,
  /** Signed with the key that this PC pinned when it first spoke with head office. */
  signatureHolds: z.boolean(),
  /** The chain is this PC's own there. */
  chainHolds: z.boolean(),
  /** The frame word for word, and the pinned key in hex. */
  frame: z.string(),
  publicKey: z.string(),
});
export type SettledProof = z.infer<typeof SettledProof>;

export const LifeQuestion = z.strictObject({
  type: z.enum(EXCEPTION_TYPES),
  title: z.string(),
  message: z.string(),
  /** The answer in words of a button; null while open. */
  answer: z.string().nullable(),
});
export type LifeQuestion = z.infer<typeof LifeQuestion>;

export const ReceiptLife = z.strictObject({
  epoch: z.int(),
  seq: z.int(),
  /** 64 hex digits of what the till told, and of everything up to it. */
  content: Digest,
  chain: Digest,
  key: z.string(),
  kind: z.enum(FACT_KINDS),
  number: z.string(),
  workstation: z.string(),
  businessDate: z.string(),
  /** The till's time, ISO 8601 with offset. */
  occurred: z.string(),
  recordedMs: Millis,
  settledMs: Millis.nullable(),
  /** Null while it waits, and where the mark was lost with a disk. */
  proof: SettledProof.nullable(),
  /** The way it came in: "http", "csv:<mapping>". */
  feed: z.string(),
  operator: z.string().nullable(),
  reason: z.string().nullable(),
  lines: z.array(LifeLine),
  tenders: z.array(z.strictObject({ type: z.string(), amount: z.int() })),
  total: z.int().nullable(),
  currency: z.string().nullable(),
  /** How often it was sent again under another name; it counts once. */
  again: z.int().nonnegative(),
  /** What it names, and what names it. */
  names: z.array(TiedDocument),
  namedBy: z.array(TiedDocument).max(REFERENCES_MAX),
  outcome: ReceiptOutcome.nullable(),
  /** Sentences about later entries that changed what became of it. */
  corrections: z.array(z.string()),
  questions: z.array(LifeQuestion),
});
export type ReceiptLife = z.infer<typeof ReceiptLife>;
