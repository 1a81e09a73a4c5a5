// Whose signatures count: the chain of statements of trust, each signed by the one before it, kept from the first on.
import { type KeySignature, SignedTrust, Trust } from '../../protocol/configuration/revision.ts';
import { type RevisionRow, TRUST_ROLES, type TrustRow } from '../../protocol/hq/configuration.ts';
import type { Db } from '../schema.ts';

/** From the first on. */
export async function trustChain(db: Db): Promise<SignedTrust[]> {
  const rows = await db.selectFrom('config_trust').select(['trust', 'signatures']).orderBy('version').execute();
  return rows.map(signedOf);
}

/** Null where nobody's signatures count yet. */
export async function newestTrust(db: Db): Promise<Trust | null> {
  const row = await db
    .selectFrom('config_trust')
    .select('trust')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : readTrust(row.trust);
}

/** Newest first. */
export async function listTrusts(db: Db): Promise<TrustRow[]> {
  const rows = await db.selectFrom('config_trust').selectAll().orderBy('version', 'desc').execute();
  return rows.map((row) => {
    const { version, expiresMs, roles, keys } = readTrust(row.trust);
    const rolesRow = TRUST_ROLES.map((role) => ({
      role,
      threshold: roles[role].threshold,
      keys: roles[role].keys.map((keyId) => ({ keyId, name: keys[keyId]?.name ?? '' })),
    }));
    return { version, expiresMs, addedMs: row.at_ms, by: row.by_whom, roles: rolesRow, signed: signedOf(row) };
  });
}

/** Those of the signatures that are of signers or approvers, by name. */
export function signersOf(trust: Trust | null, signatures: readonly KeySignature[]): RevisionRow['signedBy'] {
  if (trust === null) return [];
  return signatures.flatMap(({ keyId }) => {
    const role = (['signer', 'approver'] as const).find((one) => trust.roles[one].keys.includes(keyId));
    return role === undefined ? [] : [{ keyId, name: trust.keys[keyId]?.name ?? '', role }];
  });
}

const Signatures = SignedTrust.shape.signatures;
const readTrust = (text: string): Trust => Trust.parse(JSON.parse(text));
const signedOf = ({ trust, signatures }: { trust: string; signatures: string }): SignedTrust => ({
  trust,
  signatures: Signatures.parse(JSON.parse(signatures)),
});
