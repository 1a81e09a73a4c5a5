// The frames between agent and central, version 1 (docs/protocol.md explains each).
import { z } from 'zod';
import { BATCH_ENTRIES_MAX, PROOF_LENGTH_MAX } from '../../core/limits.ts';
import { Digest, StoreId } from '../fact.ts';
import { WIRE_VERSION } from './version.ts';

const Nonce = z.string().regex(/^[0-9a-f]{32}$/);
const KeyId = z.string().regex(/^[0-9a-f]{16}$/);
const Seq = z.int().nonnegative();
const Millis = z.int().nonnegative();
export const EpochSchema = z.strictObject({ ordinal: z.int().positive(), life: Nonce });
export const CODECS = ['none', 'gzip', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];

/** Last entry of the directives log; chain is null while there is none. */
const DirectivesHead = z.strictObject({ dseq: Seq, chain: Digest.nullable() });

const signed = {
  v: z.literal(WIRE_VERSION),
  store: StoreId,
  /** Random per process start of the agent (D9). */
  instance: Nonce,
  keyId: KeyId,
  /** Ed25519 over the canonical JSON of the frame without `signature` and `entries`, in hex. */
  signature: z.string().regex(/^[0-9a-f]{128}$/),
};

export const Hello = z.strictObject({
  kind: z.literal('hello'),
  ...signed,
  /** Chosen anew for each hello; the welcome repeats it. */
  nonce: Nonce,
  agent: z.string().max(64),
  epoch: EpochSchema,
  seq: Seq,
  chain: Digest,
  directives: DirectivesHead,
  /** Central's incarnation as last seen, and the newest mark as it was signed: proof of what central once held. */
  incarnation: Nonce.nullable(),
  proof: z.string().max(PROOF_LENGTH_MAX).nullable(),
  codecs: z.array(z.enum(CODECS)).min(1).max(8),
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
  /** The cut (seq, dseq), its digest of positions and its outcome chain (R4); null until both sides fold. */
  dseq: Seq,
  digest: Digest.nullable(),
  outcomes: Digest.nullable(),
  at: Millis,
});

export const Fence = z.strictObject({ kind: z.literal('fence'), ...signed, reason: z.string().max(400), at: Millis });

export const REJECT_CODES = ['session', 'gap', 'chain', 'epoch', 'signature', 'key', 'version', 'malformed'] as const;
/** A protocol fault: nothing of the frame was taken. Refusing a fact is never a reject. */
export const Reject = z.strictObject({
  kind: z.literal('reject'),
  ...signed,
  code: z.enum(REJECT_CODES),
  message: z.string().max(400),
  at: Millis,
});

export const FrameSchema = z.discriminatedUnion('kind', [Hello, Welcome, Batch, Mark, Fence, Reject]);
export type Frame = z.infer<typeof FrameSchema>;
export type Hello = z.infer<typeof Hello>;
export type Welcome = z.infer<typeof Welcome>;
export type Batch = z.infer<typeof Batch>;
export type Mark = z.infer<typeof Mark>;
export type Fence = z.infer<typeof Fence>;
export type Reject = z.infer<typeof Reject>;

/** Retained and unsigned: only a hint that saves time (D8). */
export const Presence = z.strictObject({ v: z.literal(1), online: z.boolean(), at: Millis });
export type Presence = z.infer<typeof Presence>;
