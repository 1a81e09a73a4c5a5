// People who write, sign and approve configurations, and the statements that say whose signatures count.
import { canonicalJson } from '../../../core/canonical.ts';
import { type Compiled, envelopeText } from '../../../core/configuration/compile.ts';
import { envelopeStatement, trustStatement } from '../../../core/configuration/trust.ts';
import type { SignedEnvelope, SignedTrust, Trust } from '../../../protocol/configuration/revision.ts';
import { compileSource } from '../../../protocol/configuration/source.ts';
import { sign } from '../../../protocol/configuration/statements.ts';
import { makePrivateKeyPem, openSigner, type Signer } from '../../../protocol/wire/signing.ts';

export const makePerson = (): Signer => openSigner(makePrivateKeyPem());

const YEAR_MS = 365 * 86_400_000;

export type People = { root: Signer; signer: Signer; approver: Signer };

export const makePeople = (): People => ({ root: makePerson(), signer: makePerson(), approver: makePerson() });

export function trustOf(people: People, change: Partial<Trust> = {}): Trust {
  const keys = Object.entries(people).map(([name, { keyId, publicKey }]) => [keyId, { publicKey, name }]);
  const role = ({ keyId }: Signer) => ({ keys: [keyId], threshold: 1 });
  return {
    ...{ kind: 'tillwire trust', v: 1, version: 1, expiresMs: YEAR_MS, keys: Object.fromEntries(keys) },
    roles: { root: role(people.root), signer: role(people.signer), approver: role(people.approver) },
    ...change,
  };
}

/** By root keys: its own, and of later ones those of the statement before it. */
export function signTrust(trust: Trust, ...by: Signer[]): SignedTrust {
  const text = canonicalJson(trust);
  return { trust: text, signatures: by.map((one) => sign(trustStatement(text), one)) };
}

export type Written = {
  revision: number;
  title?: string;
  chain?: object;
  regions?: object;
  stores?: object;
  expires?: string;
};

export const sourceText = ({ revision, ...rest }: Written): string =>
  JSON.stringify({
    ...{ tillwireConfiguration: 1, revision, title: `Revision ${revision}`, expires: '1970-12-01T00:00:00Z' },
    ...{ chain: {}, regions: {}, rings: {}, stores: {}, ...rest },
  });

export function compiledOf(source: string): Compiled {
  const read = compileSource(source);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.compiled;
}

export const signRevision = (source: string, by: Signer[], issuedMs = 1_000): SignedEnvelope =>
  signEnvelope(envelopeText(compiledOf(source), issuedMs), by);

/** Whatever is said in it. */
export function signEnvelope(envelope: string, by: Signer[]): SignedEnvelope {
  return { envelope, signatures: by.map((one) => sign(envelopeStatement(envelope), one)) };
}
