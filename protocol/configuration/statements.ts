// Signed words of configuration, read: canonical JSON of the schema or nothing. What core judges them by.

import { z } from 'zod';
import { canonicalJson } from '../../core/canonical.ts';
import { type KeySignature, type TrustPorts, withdrawalStatement } from '../../core/configuration/trust.ts';
import { sha256 } from '../sha256.ts';
import { isStatementSignedBy, keyIdOf, type Signer } from '../wire/signing.ts';
import { Envelope, type SignedWithdrawal, StoreDocument, Trust, Withdrawal } from './revision.ts';

/** Null for what is not JSON, not of the schema, or spelled in another way than canonical JSON. */
function read<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  try {
    const value: unknown = JSON.parse(text);
    const parsed = schema.safeParse(value);
    return parsed.success && canonicalJson(value) === text ? parsed.data : null;
  } catch {
    return null;
  }
}

export const readTrust = (text: string): Trust | null => read(Trust, text);
export const readEnvelope = (text: string): Envelope | null => read(Envelope, text);

/** Whose it is and of which revision; what is in it is looked at only once it is known to be signed. */
const DocumentHead = StoreDocument.extend({ configuration: z.unknown() });
export const readDocument = (text: string): z.infer<typeof DocumentHead> | null => read(DocumentHead, text);

export const sign = (statement: string, signer: Signer): KeySignature => ({
  keyId: signer.keyId,
  signature: signer.sign(statement),
});

/** What core follows statements and judges revisions by. */
export const statementPorts = {
  verify: isStatementSignedBy,
  keyIdOf,
  readTrust,
  readEnvelope,
  readDocument,
  hash: sha256,
} satisfies TrustPorts & Record<string, unknown>;

/** Central takes a revision back. */
export function signWithdrawal(said: Omit<Withdrawal, 'kind' | 'v'>, signer: Signer): SignedWithdrawal {
  const withdrawal = canonicalJson({ kind: 'tillwire withdrawal', v: 1, ...said });
  return { withdrawal, ...sign(withdrawalStatement(withdrawal), signer) };
}

/**
 * Those that central's key signed; `keys`: public keys of central that the store trusts. Others are left out. Oldest first:
 * a store that goes back must not go back to one that is withdrawn as well.
 */
export const readWithdrawals = (signed: readonly SignedWithdrawal[], keys: readonly string[]): Withdrawal[] =>
  signed
    .flatMap(({ withdrawal, keyId, signature }) => {
      const key = keys.find((each) => keyIdOf(each) === keyId);
      if (key === undefined || !isStatementSignedBy(withdrawalStatement(withdrawal), signature, key)) return [];
      return read(Withdrawal, withdrawal) ?? [];
    })
    .sort((a, b) => a.revision - b.revision);
