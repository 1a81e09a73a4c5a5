// Statements of whose signatures count: made, signed off line by root keys, one file each (L10).
import { writeFileSync } from 'node:fs';
import { canonicalJson } from '../../core/canonical.ts';
import { type RoleName, trustProblem, trustStatement } from '../../core/configuration/trust.ts';
import { CONFIGURATION_FILE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { SignedTrust, Trust } from '../../protocol/configuration/revision.ts';
import { keyIdOf, type Signer } from '../../protocol/wire/signing.ts';
import { UsageError } from '../usage-error.ts';
import type { PublicKeyFile } from './key-file.ts';
import { fieldOf } from './problems.ts';
import { parseText, readText } from './read-file.ts';

export const TRUST_ROLES: readonly RoleName[] = ['root', 'signer', 'approver'];

export type WantedTrust = {
  keys: Record<RoleName, readonly PublicKeyFile[]>;
  thresholds: Record<RoleName, number>;
  /** The statement before; null for the first one. */
  before: Trust | null;
  expiresMs: number;
};

/** Nobody has signed it yet. Throws UsageError where it could never be taken. */
export function newTrust({ keys, thresholds, before, expiresMs }: WantedTrust): SignedTrust {
  const role = (name: RoleName) => ({
    keys: [...new Set(keys[name].map(({ keyId }) => keyId))].sort(),
    threshold: thresholds[name],
  });
  const all = TRUST_ROLES.flatMap((name) => keys[name]);
  const trust = Trust.safeParse({
    ...{ kind: 'tillwire trust', v: 1, version: (before?.version ?? 0) + 1, expiresMs },
    keys: Object.fromEntries(all.map(({ keyId, name, publicKey }) => [keyId, { name, publicKey }])),
    roles: { root: role('root'), signer: role('signer'), approver: role('approver') },
  });
  if (!trust.success) {
    const [issue] = trust.error.issues;
    throw new UsageError(`The statement cannot be made: ${fieldOf(issue?.path ?? [])}: ${issue?.message}.`);
  }
  const problem = trustProblem(trust.data, keyIdOf);
  if (problem !== null) throw new UsageError(`Such a statement would count nowhere: ${problem}.`);
  return { trust: canonicalJson(trust.data), signatures: [] };
}

/** A key that signed already signs once. */
export function withTrustSignature(signed: SignedTrust, signer: Signer): SignedTrust {
  const others = signed.signatures.filter(({ keyId }) => keyId !== signer.keyId);
  const signature = { keyId: signer.keyId, signature: signer.sign(trustStatement(signed.trust)) };
  return { ...signed, signatures: [...others, signature] };
}

export type TrustFile = { signed: SignedTrust; trust: Trust };

export function readTrust(path: string): TrustFile {
  const read = parseText(readText(path, CONFIGURATION_FILE_BYTES_MAX));
  const signed = SignedTrust.safeParse('value' in read ? read.value : null);
  if (signed.success) {
    const statement = parseText(signed.data.trust);
    const trust = Trust.safeParse('value' in statement ? statement.value : null);
    if (trust.success) return { signed: signed.data, trust: trust.data };
  }
  throw new UsageError(`${path} is no statement of keys: "tillwire config trust new" makes one.`);
}

export const writeStatement = (path: string, signed: SignedTrust): void =>
  writeFileSync(path, `${JSON.stringify(signed, null, 2)}\n`);

/** Who has signed, by name where the statement names the key. */
export const namesOfSigners = ({ signed, trust }: TrustFile): string[] =>
  signed.signatures.map(({ keyId }) => {
    const name = trust.keys[keyId]?.name;
    return name === undefined ? keyId : `${name} (${keyId})`;
  });
