// What needs a person, and why the books read what they read: as the store window is told.
import { z } from 'zod';
import { EXCEPTION_TYPES } from '../../core/exception.ts';
import { FACT_KINDS } from '../../core/fact.ts';
import {
  EXCEPTION_EVIDENCE_MAX,
  EXCEPTION_ID_LENGTH_MAX,
  IDENTIFIER_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from '../../core/limits.ts';

const Millis = z.int();

/** One entry in words: a document of this store, or a decision of head office ("d7"). */
export const EvidenceRow = z.strictObject({
  /** "1:55" or "d7". */
  name: z.string(),
  /** Null of a decision, and of a document that this PC does not hold. */
  kind: z.enum(FACT_KINDS).nullable(),
  number: z.string().nullable(),
  workstation: z.string().nullable(),
});
export type EvidenceRow = z.infer<typeof EvidenceRow>;

export const ExceptionRow = z.strictObject({
  id: z.string(),
  type: z.enum(EXCEPTION_TYPES),
  title: z.string(),
  /** What happened, in a sentence. */
  message: z.string(),
  nextStep: z.string(),
  /** Answers by name, in words of a button. */
  options: z.array(z.strictObject({ name: z.string(), words: z.string() })),
  owner: z.enum(['store', 'inventory-control', 'finance', 'it']),
  sku: z.string().nullable(),
  /** Its name; null where nobody named it. */
  article: z.string().nullable(),
  raisedMs: Millis,
  deadlineMs: Millis,
  evidence: z.array(EvidenceRow).max(EXCEPTION_EVIDENCE_MAX),
  /** Raised by what head office has not confirmed yet. */
  soFar: z.boolean(),
});
export type ExceptionRow = z.infer<typeof ExceptionRow>;

export const Decision = z.strictObject({
  exception: z.string().min(1).max(EXCEPTION_ID_LENGTH_MAX),
  option: z.string().min(1).max(IDENTIFIER_LENGTH_MAX),
  note: z.string().min(1).max(TEXT_LENGTH_MAX).optional(),
});
export type Decision = z.infer<typeof Decision>;

/** decided: kept here, and sent like a sale. already-decided: the first decision stands (R18). */
export const DECIDE_RESULTS = ['decided', 'already-decided', 'no-such-option', 'not-kept'] as const;
export const Decided = z.strictObject({ result: z.enum(DECIDE_RESULTS), sentence: z.string() });
export type Decided = z.infer<typeof Decided>;

/** One step in the history of a shelf. */
export const ShelfStep = z.strictObject({
  name: z.string(),
  kind: z.enum(FACT_KINDS).nullable(),
  number: z.string().nullable(),
  workstation: z.string().nullable(),
  atMs: Millis,
  sentence: z.string(),
  soFar: z.boolean(),
  /** What the books read behind it, in thousandths. */
  onHand: z.int(),
});
export type ShelfStep = z.infer<typeof ShelfStep>;

/** A shelf as the books have it: thousandths; `known` is false until it was counted, received or loaded. */
export const ShelfStory = z.strictObject({
  sku: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  known: z.boolean(),
  soFar: z.boolean(),
  /** Oldest first; only the newest ones of a long history. */
  steps: z.array(ShelfStep),
  /** What the shelf would read had an entry that was flagged or unclear not been. */
  readings: z.array(z.strictObject({ without: z.string(), onHand: z.int() })),
});
export type ShelfStory = z.infer<typeof ShelfStory>;

/** What became of one document: a sentence for the whole, and one for each line that differs. */
export const ReceiptOutcome = z.strictObject({
  sentence: z.string(),
  soFar: z.boolean(),
  lines: z.array(z.strictObject({ line: z.int(), sku: z.string().nullable(), sentence: z.string() })),
});
export type ReceiptOutcome = z.infer<typeof ReceiptOutcome>;

/** A till and trading day on which something lacks or differs. `closed`: the till has said how its day went. */
export const TillCheck = z.strictObject({
  workstation: z.string(),
  businessDate: z.string(),
  closed: z.boolean(),
  sentences: z.array(z.string()),
});
export type TillCheck = z.infer<typeof TillCheck>;
