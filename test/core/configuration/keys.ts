// People with keys, statements of trust and signed revisions, for tests of what stores and central make of them.
import { canonicalJson } from '../../../core/canonical.ts';
import { compile, documentFor, envelopeText } from '../../../core/configuration/compile.ts';
import type { Offer, Standpoint } from '../../../core/configuration/judge.ts';
import type { Source } from '../../../core/configuration/layers.ts';
import { envelopeStatement, type SignedTrust, type Trust, trustStatement } from '../../../core/configuration/trust.ts';
import { readTrust, sign } from '../../../protocol/configuration/statements.ts';
import { sha256 } from '../../../protocol/sha256.ts';
import { makePrivateKeyPem, openSigner, type Signer } from '../../../protocol/wire/signing.ts';

export const person = (): Signer => openSigner(makePrivateKeyPem());
export const NOW = Date.UTC(2026, 10, 21);
const YEAR_MS = 365 * 86_400_000;

export type People = { root: Signer[]; signer: Signer[]; approver: Signer[] };
export type Said = {
  version: number;
  people: People;
  thresholds?: Partial<Record<keyof People, number>>;
  expiresMs?: number;
};

export function trustText({ version, people, thresholds = {}, expiresMs = NOW + YEAR_MS }: Said): string {
  const role = (name: keyof People) => ({
    keys: people[name].map(({ keyId }) => keyId),
    threshold: thresholds[name] ?? 1,
  });
  const everybody = [...people.root, ...people.signer, ...people.approver];
  return canonicalJson({
    ...{ kind: 'tillwire trust', v: 1, version, expiresMs },
    keys: Object.fromEntries(everybody.map(({ keyId, publicKey }) => [keyId, { publicKey, name: 'Ada' }])),
    roles: { root: role('root'), signer: role('signer'), approver: role('approver') },
  });
}

export const signedTrust = (trust: string, by: readonly Signer[]): SignedTrust => ({
  trust,
  signatures: by.map((each) => sign(trustStatement(trust), each)),
});

export function trustOf(said: Said): Trust {
  const trust = readTrust(trustText(said));
  if (trust === null) throw new Error('the statement is none');
  return trust;
}

export const sourceOf = (revision: number, changes: Partial<Source> = {}): Source => ({
  ...{ revision, title: `Revision ${revision}`, expires: '2027-06-30T00:00:00Z', regions: {}, rings: {} },
  ...{
    chain: { log: { level: 'info' } },
    stores: { S001: { values: { sync: { batchEntries: revision } } }, S002: {} },
  },
  ...changes,
});

/** A revision as a store is shown it. */
export function offerOf(source: Source, store: string, by: readonly Signer[]): Offer {
  const compiled = compile(source, sha256);
  const envelope = envelopeText(compiled, NOW);
  const { document, proof } = documentFor(compiled, store);
  return {
    signed: { envelope, signatures: by.map((each) => sign(envelopeStatement(envelope), each)) },
    document,
    proof,
  };
}

export const standpoint = (trust: Trust | null, changes: Partial<Standpoint> = {}): Standpoint => ({
  ...{ store: 'S001', trust, held: [], floor: 0, putBack: [], withdrawn: [], hadOwn: false, nowMs: NOW },
  ...changes,
});
