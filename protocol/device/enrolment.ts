// How a computer becomes a device of its store at central, and keeps what it was given fresh.
import { z } from 'zod';
import { canonicalJson } from '../../core/canonical.ts';
import { COMPUTER_NAME_LENGTH_MAX, ENROLMENT_STORES_MAX } from '../../core/limits/devices.ts';
import { AGENT_VERSION_LENGTH_MAX } from '../../core/limits.ts';
import { StoreId } from '../fact.ts';
import { isStatementSignedBy, type Signer } from '../wire/signing.ts';
import { Credentials } from './credentials.ts';

const Millis = z.int().nonnegative();
const Signature = z.string().regex(/^[0-9a-f]{128}$/);
export const PublicKey = z.string().regex(/^[0-9a-f]{64}$/, { error: 'write an Ed25519 key as 64 hex digits' });

const TOKEN = /^twe_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
export const EnrolmentToken = z.string().regex(TOKEN, {
  error: 'this is no enrolment token: copy it whole, it begins with twe_',
});
/** The open half of a token, which the possession proof is about; null where it is none. */
export const enrolmentTokenId = (token: string): string | null => TOKEN.exec(token)?.[1] ?? null;

export const ComputerName = z.string().trim().min(1).max(COMPUTER_NAME_LENGTH_MAX);

export const EnrolInput = z.strictObject({
  token: EnrolmentToken,
  /** Null where the token is for one store only. */
  store: StoreId.nullable(),
  computer: ComputerName,
  publicKey: PublicKey,
  /** Over `possessionStatement(publicKey, token id)`, by that key. */
  proof: Signature,
  agent: z.string().max(AGENT_VERSION_LENGTH_MAX),
});
export type EnrolInput = z.infer<typeof EnrolInput>;

export const Enrolled = z.strictObject({
  credentials: Credentials,
  /** What the computer before this one may still hold, with the way out; null where nothing is known of any. */
  remainder: z.string().nullable(),
});
export type Enrolled = z.infer<typeof Enrolled>;

export const KeyInput = z.strictObject({
  publicKey: PublicKey,
  /** Over `possessionStatement(publicKey, device)`, by the new key; the request is signed by the old one. */
  proof: Signature,
});

/** For many computers at once: one file that a software distribution lays beside the installer. */
export const EnrolmentFile = z.strictObject({
  v: z.literal(1),
  central: z.url(),
  authority: z.string().nullable(),
  token: EnrolmentToken,
  /** Computer name to store, as far as head office named computers. */
  stores: z
    .record(ComputerName, StoreId)
    .refine((stores) => Object.keys(stores).length <= ENROLMENT_STORES_MAX)
    .nullable(),
  /** Of a file for one store. */
  store: StoreId.nullable(),
  expiresMs: Millis,
  centralKey: PublicKey,
  signature: Signature,
});
export type EnrolmentFile = z.infer<typeof EnrolmentFile>;

const fileStatement = ({ signature: _, ...file }: Omit<EnrolmentFile, 'signature'> & { signature?: string }): string =>
  `tillwire enrolment ${canonicalJson(file)}`;

export const signEnrolmentFile = (file: Omit<EnrolmentFile, 'signature'>, signer: Signer): EnrolmentFile => ({
  ...file,
  signature: signer.sign(fileStatement(file)),
});

/** Whether it is as central signed it; that this central is the right one shows at enrolment. */
export const isEnrolmentFileWhole = (file: EnrolmentFile): boolean =>
  isStatementSignedBy(fileStatement(file), file.signature, file.centralKey);
