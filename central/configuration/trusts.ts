// Whose signatures count: the chain of statements of trust, each signed by the one before it, kept from the first on.
import { followTrust } from '../../core/configuration/trust.ts';
import { CONFIGURATION_TRUSTS_BYTES_MAX, TRUST_STEPS_MAX } from '../../core/limits/configuration.ts';
import { type KeySignature, SignedTrust, type Trust } from '../../protocol/configuration/revision.ts';
import { readTrust, statementPorts } from '../../protocol/configuration/statements.ts';
import { type RevisionRow, TRUST_ROLES, type TrustRow } from '../../protocol/hq/configuration.ts';
import type { Declined } from '../commands/issue.ts';
import type { Db } from '../schema.ts';
import { lockConfiguration } from './lock.ts';
import { tellAllAnew } from './offers.ts';

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
  return row === undefined ? null : keptTrust(row.trust);
}

/** Newest first. */
export async function listTrusts(db: Db): Promise<TrustRow[]> {
  const rows = await db.selectFrom('config_trust').selectAll().orderBy('version', 'desc').execute();
  return rows.map((row) => {
    const { version, expiresMs, roles, keys } = keptTrust(row.trust);
    const named = TRUST_ROLES.map((role) => ({
      role,
      threshold: roles[role].threshold,
      keys: roles[role].keys.map((keyId) => ({ keyId, name: keys[keyId]?.name ?? '' })),
    }));
    return { version, expiresMs, addedMs: row.at_ms, by: row.by_whom, roles: named, signed: signedOf(row) };
  });
}

/**
 * In the caller's transaction: only the one that follows the newest, signed by it and by itself (F51). The same one again
 * changes nothing. Stores hear of it with their next message.
 */
export async function addTrust(
  tx: Db,
  signed: SignedTrust,
  { by, nowMs }: { by: string; nowMs: number },
): Promise<number | Declined> {
  await lockConfiguration(tx);
  const chain = await trustChain(tx);
  const same = chain.findIndex(({ trust }) => trust === signed.trust);
  if (same >= 0) return same + 1;
  const { trust, taken, problem } = followTrust(await newestTrust(tx), [signed], statementPorts);
  if (problem !== null) return { code: 'BAD_REQUEST', message: `signed: ${problem.message}` };
  if (trust === null || taken.length === 0) {
    const message = `version: statement ${chain.length} of trusted keys is here already. The next one is ${chain.length + 1}.`;
    return { code: 'CONFLICT', message };
  }
  if (trust.expiresMs <= nowMs) {
    return { code: 'BAD_REQUEST', message: 'expiresMs: this statement of trusted keys has expired already.' };
  }
  const bytes = JSON.stringify([...chain, signed]).length;
  if (trust.version > TRUST_STEPS_MAX || bytes > CONFIGURATION_TRUSTS_BYTES_MAX) {
    const message = `version: stores follow at most ${TRUST_STEPS_MAX} statements of ${CONFIGURATION_TRUSTS_BYTES_MAX} bytes in all.`;
    return { code: 'BAD_REQUEST', message };
  }
  const row = { version: trust.version, trust: signed.trust, signatures: JSON.stringify(signed.signatures) };
  await tx
    .insertInto('config_trust')
    .values({ ...row, by_whom: by, at_ms: nowMs })
    .execute();
  await tellAllAnew(tx);
  return trust.version;
}

/** Those of the signatures that are of signers or approvers, by name. */
export function namedSigners(trust: Trust | null, signatures: readonly KeySignature[]): RevisionRow['signedBy'] {
  if (trust === null) return [];
  return signatures.flatMap(({ keyId }) => {
    const role = (['signer', 'approver'] as const).find((one) => trust.roles[one].keys.includes(keyId));
    return role === undefined ? [] : [{ keyId, name: trust.keys[keyId]?.name ?? '', role }];
  });
}

function keptTrust(text: string): Trust {
  const trust = readTrust(text);
  if (trust === null) throw new Error('a kept statement of trusted keys cannot be read');
  return trust;
}

const signedOf = ({ trust, signatures }: { trust: string; signatures: string }): SignedTrust =>
  SignedTrust.parse({ trust, signatures: JSON.parse(signatures) });
