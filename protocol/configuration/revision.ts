// A revision as it is signed, addressed and told to stores; keys that may sign; what central takes back (L10).
import { z } from 'zod';
import {
  CONFIGURATION_DOCUMENT_BYTES_MAX,
  CONFIGURATION_STORES_MAX,
  CONFIGURATION_TITLE_LENGTH_MAX,
  PROOF_STEPS_MAX,
  SIGNATURES_MAX,
  TRUST_KEYS_MAX,
  TRUST_STEPS_MAX,
  WITHDRAWALS_MAX,
} from '../../core/limits/configuration.ts';
import { IDENTIFIER_LENGTH_MAX, REASON_LENGTH_MAX } from '../../core/limits.ts';
import { Digest, StoreId } from '../fact.ts';
import { WeeklySpan } from '../settings.ts';
import { KeyId, Millis, Signature } from '../wire/frame-parts.ts';
import { Configuration } from './document.ts';

const STATEMENT_LENGTH_MAX = 65_536;
const Revision = z.int().positive();
const PublicKey = z.string().regex(/^[0-9a-f]{64}$/);

/** Canonical JSON as text: what was signed is kept as it was, byte by byte. */
const Statement = z.string().min(2).max(STATEMENT_LENGTH_MAX);
const KeySignature = z.strictObject({ keyId: KeyId, signature: Signature });
export type KeySignature = z.infer<typeof KeySignature>;

/** Signed by people, perhaps off line: over `tillwire configuration ` and its canonical JSON. */
export const Envelope = z.strictObject({
  kind: z.literal('tillwire configuration'),
  v: z.literal(1),
  revision: Revision,
  title: z.string().min(1).max(CONFIGURATION_TITLE_LENGTH_MAX),
  issuedMs: Millis,
  expiresMs: Millis,
  /** SHA-256 of the canonical JSON of the source. */
  source: Digest,
  /** Root of the tree over the documents of all stores, and how many there are. */
  root: Digest,
  documents: z
    .int()
    .positive()
    .max(CONFIGURATION_STORES_MAX + 1),
});
export type Envelope = z.infer<typeof Envelope>;

export const SignedEnvelope = z.strictObject({
  envelope: Statement,
  signatures: z.array(KeySignature).max(SIGNATURES_MAX),
});
export type SignedEnvelope = z.infer<typeof SignedEnvelope>;

/** A leaf of the tree: the whole configuration of a store; "*" is for stores that the source does not name. */
export const StoreDocument = z.strictObject({
  v: z.literal(1),
  revision: Revision,
  store: z.union([StoreId, z.literal('*')]),
  configuration: Configuration,
});
export type StoreDocument = z.infer<typeof StoreDocument>;

export const ProofStep = z.strictObject({ side: z.enum(['left', 'right']), hash: Digest });
export type ProofStep = z.infer<typeof ProofStep>;

const Role = z.strictObject({
  keys: z.array(KeyId).min(1).max(TRUST_KEYS_MAX),
  /** So many different keys of the role must have signed. */
  threshold: z.int().positive().max(TRUST_KEYS_MAX),
});

/**
 * Whose signatures count, signed over `tillwire trust ` and its canonical JSON: by the root keys of the statement before
 * it and by its own, each to their threshold. A revision needs signers and approvers, and nobody is both.
 */
export const Trust = z.strictObject({
  kind: z.literal('tillwire trust'),
  v: z.literal(1),
  version: z.int().positive(),
  expiresMs: Millis,
  keys: z.record(KeyId, z.strictObject({ publicKey: PublicKey, name: z.string().min(1).max(IDENTIFIER_LENGTH_MAX) })),
  roles: z.strictObject({ root: Role, signer: Role, approver: Role }),
});
export type Trust = z.infer<typeof Trust>;

export const SignedTrust = z.strictObject({
  trust: Statement,
  signatures: z.array(KeySignature).max(SIGNATURES_MAX),
});
export type SignedTrust = z.infer<typeof SignedTrust>;

/** Central takes a revision back, for good: stores that have it go back to their last good one. */
export const Withdrawal = z.strictObject({
  kind: z.literal('tillwire withdrawal'),
  v: z.literal(1),
  revision: Revision,
  reason: z.string().max(REASON_LENGTH_MAX),
  atMs: Millis,
});
export type Withdrawal = z.infer<typeof Withdrawal>;

/** By central's key, over `tillwire withdrawal ` and the statement. */
export const SignedWithdrawal = z.strictObject({ withdrawal: Statement, keyId: KeyId, signature: Signature });
export type SignedWithdrawal = z.infer<typeof SignedWithdrawal>;

export const RevisionForStore = z.strictObject({
  signed: SignedEnvelope,
  /** Canonical JSON of a StoreDocument. */
  document: z.string().max(CONFIGURATION_DOCUMENT_BYTES_MAX),
  proof: z.array(ProofStep).max(PROOF_STEPS_MAX),
  /** It is put into force within these spans only, by the store's clock; null: at once. */
  times: z.array(WeeklySpan).nullable(),
});
export type RevisionForStore = z.infer<typeof RevisionForStore>;

/**
 * Retained at the broker on the store's own topic, so that a store gets its newest configuration at connect, central
 * there or not. Not signed itself: everything in it is.
 */
export const ConfigurationMessage = z.strictObject({
  v: z.literal(1),
  store: StoreId,
  /** From the first on, so that a store that missed some follows step by step. */
  trusts: z.array(SignedTrust).max(TRUST_STEPS_MAX),
  revision: RevisionForStore.nullable(),
  withdrawals: z.array(SignedWithdrawal).max(WITHDRAWALS_MAX),
  at: Millis,
});
export type ConfigurationMessage = z.infer<typeof ConfigurationMessage>;
