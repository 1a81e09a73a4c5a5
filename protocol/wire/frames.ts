// The frames between agent and central, version 1 (docs/protocol.md explains each).
import { z } from 'zod';
import { BUCKETS } from '../../core/digest.ts';
import {
  AGENT_VERSION_LENGTH_MAX,
  BATCH_ENTRIES_MAX,
  CODECS_MAX,
  COMPARE_SKUS_MAX,
  DIGEST_PAGES_MAX,
  DIGEST_SHELVES_MAX,
  DIRECTIVES_MAX,
  ENTRY_BYTES_MAX,
  PROOF_LENGTH_MAX,
  REASON_LENGTH_MAX,
} from '../../core/limits.ts';
import { AtSchema } from '../directive.ts';
import { Digest, Identifier } from '../fact.ts';
import { Config } from './config-frames.ts';
import { KeyId, Millis, Nonce, Seq, Signature, signed } from './frame-parts.ts';
import { Command, Report } from './order-frames.ts';

/** One sum of a digest of positions. */
const Sum = z.string().regex(/^[0-9a-f]{32}$/);
export const EpochSchema = z.strictObject({ ordinal: z.int().positive(), life: Nonce });
export const CODECS = ['none', 'gzip', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];

/** Last entry of the directives log that this side holds; chain is null while there is none. */
const DirectivesHead = z.strictObject({ dseq: Seq, chain: Digest.nullable() });

export const Hello = z.strictObject({
  kind: z.literal('hello'),
  ...signed,
  /** Chosen anew for each hello; the welcome repeats it. */
  nonce: Nonce,
  agent: z.string().max(AGENT_VERSION_LENGTH_MAX),
  epoch: EpochSchema,
  seq: Seq,
  chain: Digest,
  directives: DirectivesHead,
  /** Central's incarnation as last seen, and the newest mark as it was signed: proof of what central once held. */
  incarnation: Nonce.nullable(),
  proof: z.string().max(PROOF_LENGTH_MAX).nullable(),
  codecs: z.array(z.enum(CODECS)).min(1).max(CODECS_MAX),
  at: Millis,
  /** Raw Ed25519 public key in hex; central pins the first one where enrolment is open. */
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
});

export const Welcome = z.strictObject({
  kind: z.literal('welcome'),
  ...signed,
  hello: Nonce,
  session: Nonce,
  /** What central holds of this store; epoch and chain are null where that is nothing. */
  epoch: EpochSchema.nullable(),
  seq: Seq,
  chain: Digest.nullable(),
  directives: DirectivesHead,
  incarnation: Nonce,
  /** Central's database may lose in a power cut what it has marked (D19); people are told. */
  trial: z.boolean(),
  credit: z.int().nonnegative(),
  codec: z.enum(CODECS),
  at: Millis,
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
});

/** From a store; and from central where a store lacks entries of an epoch that was closed (H19 of the law). */
export const Batch = z.strictObject({
  kind: z.literal('batch'),
  ...signed,
  session: Nonce,
  epoch: EpochSchema,
  first: z.int().positive(),
  last: z.int().positive(),
  /** Chain before `first` and at `last`: the signature covers both, and so every byte of the entries. */
  before: Digest,
  chain: Digest,
  /** Canonical bytes of each entry, as text. */
  entries: z.array(z.string()).min(1).max(BATCH_ENTRIES_MAX),
});

export const Mark = z.strictObject({
  kind: z.literal('mark'),
  ...signed,
  session: Nonce,
  epoch: EpochSchema,
  /** Everything up to `seq` is committed at central; `chain` is central's digest there (L3). */
  seq: Seq,
  chain: Digest,
  incarnation: Nonce,
  /** Entries that may be in flight beyond this mark. */
  credit: z.int().nonnegative(),
  /** The cut (seq, dseq), its digest of positions and its outcome chain (R4): what the store must come to as well. */
  dseq: Seq,
  digest: Digest.nullable(),
  outcomes: Digest.nullable(),
  at: Millis,
});

/** One entry of the directives log: canonical bytes as text, and central's signature over its place and chain. */
export const SignedDirective = z.strictObject({
  bytes: z.string().max(ENTRY_BYTES_MAX),
  keyId: KeyId,
  signature: Signature,
});

/** From central; and from a store to a central that was restored from an older backup: its own words, word for word. */
export const Directives = z.strictObject({
  kind: z.literal('directives'),
  ...signed,
  session: Nonce,
  first: z.int().positive(),
  last: z.int().positive(),
  before: Digest,
  chain: Digest,
  entries: z.array(SignedDirective).min(1).max(DIRECTIVES_MAX),
});

/** Cumulative: everything up to `dseq` is applied. `tip`: facts up to it may have been captured without knowing. */
export const DirectivesAck = z.strictObject({
  kind: z.literal('directives-ack'),
  ...signed,
  session: Nonce,
  dseq: Seq,
  chain: Digest,
  tip: AtSchema,
  at: Millis,
});

/** Asks central for entries of a closed epoch that this store lacks: they come as batches. */
export const Recall = z.strictObject({
  kind: z.literal('recall'),
  ...signed,
  session: Nonce,
  epoch: EpochSchema,
  after: Seq,
});

/** Before a long backlog: what the store believes to hold of the shelves that changed. Shown as provisional. */
export const DigestFrame = z.strictObject({
  kind: z.literal('digest'),
  ...signed,
  session: Nonce,
  /** Newest entry that it includes, and pages of it. */
  tip: AtSchema,
  page: z.int().positive(),
  pages: z.int().positive().max(DIGEST_PAGES_MAX),
  at: Millis,
  /** [SKU, on-hand, reserved] in thousandths. */
  shelves: z.array(z.tuple([Identifier, z.int(), z.int()])).max(DIGEST_SHELVES_MAX),
});

/**
 * Finds where two digests of one cut differ: the store says its sums, central answers the shelves behind those that are
 * not its own, the store names the SKUs that differ.
 */
export const Compare = z.strictObject({
  kind: z.literal('compare'),
  ...signed,
  session: Nonce,
  cut: z.strictObject({ at: AtSchema, dseq: Seq }),
  found: z.discriminatedUnion('step', [
    z.strictObject({ step: z.literal('sums'), sums: z.array(Sum).length(BUCKETS) }),
    z.strictObject({
      step: z.literal('shelves'),
      /** Of these buckets it lists every shelf; of the others it says nothing. */
      buckets: z
        .array(
          z
            .int()
            .nonnegative()
            .max(BUCKETS - 1),
        )
        .max(BUCKETS),
      shelves: z.array(z.tuple([Identifier, Sum])).max(DIGEST_SHELVES_MAX),
    }),
    z.strictObject({ step: z.literal('differing'), skus: z.array(Identifier).max(COMPARE_SKUS_MAX) }),
  ]),
  at: Millis,
});

export const Fence = z.strictObject({
  kind: z.literal('fence'),
  ...signed,
  reason: z.string().max(REASON_LENGTH_MAX),
  at: Millis,
});

export const REJECT_CODES = ['session', 'gap', 'chain', 'epoch', 'signature', 'key', 'version', 'malformed'] as const;
/** A protocol fault: nothing of the frame was taken. Refusing a fact is never a reject. */
export const Reject = z.strictObject({
  kind: z.literal('reject'),
  ...signed,
  /** Nonce of the hello or session that it answers; null where that could not be read. */
  about: Nonce.nullable(),
  code: z.enum(REJECT_CODES),
  message: z.string().max(REASON_LENGTH_MAX),
  at: Millis,
});

export const FrameSchema = z.discriminatedUnion('kind', [
  Hello,
  Welcome,
  Batch,
  Mark,
  Directives,
  DirectivesAck,
  Recall,
  DigestFrame,
  Compare,
  Fence,
  Reject,
  Command,
  Report,
  Config,
]);
export type Frame = z.infer<typeof FrameSchema>;
export type Hello = z.infer<typeof Hello>;
export type Welcome = z.infer<typeof Welcome>;
export type Batch = z.infer<typeof Batch>;
export type Mark = z.infer<typeof Mark>;
export type SignedDirective = z.infer<typeof SignedDirective>;
export type Directives = z.infer<typeof Directives>;
export type DirectivesAck = z.infer<typeof DirectivesAck>;
export type Recall = z.infer<typeof Recall>;
export type DigestFrame = z.infer<typeof DigestFrame>;
export type Compare = z.infer<typeof Compare>;
export type Fence = z.infer<typeof Fence>;
export type Reject = z.infer<typeof Reject>;

/** Retained and unsigned: only a hint that saves time (D8). */
export const Presence = z.strictObject({ v: z.literal(1), online: z.boolean(), at: Millis });
export type Presence = z.infer<typeof Presence>;
