// Whose signatures count: statements that follow each other, each signed by the root keys of the one before and its own.

export type KeySignature = { readonly keyId: string; readonly signature: string };
export type Role = { readonly keys: readonly string[]; readonly threshold: number };
export type RoleName = 'root' | 'signer' | 'approver';

export type Trust = {
  readonly version: number;
  readonly expiresMs: number;
  readonly keys: Readonly<Record<string, { readonly publicKey: string; readonly name: string }>>;
  readonly roles: Readonly<Record<RoleName, Role>>;
};

export type SignedTrust = { readonly trust: string; readonly signatures: readonly KeySignature[] };

/** What is signed is said apart from everything else that keys of the product sign. */
export const trustStatement = (trust: string): string => `tillwire trust ${trust}`;
export const envelopeStatement = (envelope: string): string => `tillwire configuration ${envelope}`;
export const withdrawalStatement = (withdrawal: string): string => `tillwire withdrawal ${withdrawal}`;

/** Never throw: what is no signature is false, and what cannot be read is null. */
export type TrustPorts = {
  verify(statement: string, signature: string, publicKey: string): boolean;
  keyIdOf(publicKey: string): string;
  /** Canonical JSON of the schema only: one spelling for one statement. */
  readTrust(text: string): Trust | null;
};

/** What makes a statement senseless by itself, in a sentence; null where nothing does. */
export function trustProblem(trust: Trust, keyIdOf: TrustPorts['keyIdOf']): string | null {
  // One key under two names would count twice.
  const odd = Object.entries(trust.keys).find(([keyId, { publicKey }]) => keyIdOf(publicKey) !== keyId);
  if (odd !== undefined) return `the key ${odd[0]} is not named after itself`;
  for (const [name, { keys, threshold }] of Object.entries(trust.roles)) {
    if (new Set(keys).size !== keys.length) return `${name} names a key twice`;
    if (threshold > keys.length) return `${name} asks for ${threshold} signatures and has ${keys.length} keys`;
    const missing = keys.find((keyId) => !Object.hasOwn(trust.keys, keyId));
    if (missing !== undefined) return `${name} names the key ${missing}, which is not among the keys`;
  }
  const both = trust.roles.signer.keys.find((keyId) => trust.roles.approver.keys.includes(keyId));
  return both === undefined ? null : `the key ${both} both signs and approves: two people must do that`;
}

/** The different keys of a role that signed a statement. Ids that are not the role's count for nothing. */
export function signersOf(
  statement: string,
  signatures: readonly KeySignature[],
  trust: Trust,
  role: RoleName,
  { verify }: Pick<TrustPorts, 'verify'>,
): string[] {
  const signed = signatures.filter(({ keyId, signature }) => {
    const key = Object.hasOwn(trust.keys, keyId) ? trust.keys[keyId] : undefined;
    return trust.roles[role].keys.includes(keyId) && key !== undefined && verify(statement, signature, key.publicKey);
  });
  return [...new Set(signed.map(({ keyId }) => keyId))];
}

export type TrustProblemCode =
  | 'unreadable'
  | 'unsound'
  | 'gap'
  | 'not-signed-by-the-one-before'
  | 'not-signed-by-itself';
export type TrustProblem = { code: TrustProblemCode; version: number | null; message: string };

export type Followed = {
  /** The newest that holds; what was pinned where nothing better came. */
  trust: Trust | null;
  /** Statements taken, oldest first; they are to be kept before anything relies on them. */
  taken: SignedTrust[];
  /** Nothing was pinned before: this is the first one that was ever seen. */
  isFirst: boolean;
  /** Why the way ended early; what was taken before it holds. */
  problem: TrustProblem | null;
};

/**
 * Follows statements from the one that is pinned, step by step, however many were missed (F51). It never goes back, and
 * nothing expires on the way: only whoever takes a revision asks whether the newest has. Without a pin it begins with
 * statement 1, and only with that.
 */
export function followTrust(pinned: Trust | null, chain: readonly SignedTrust[], ports: TrustPorts): Followed {
  const taken: SignedTrust[] = [];
  let trust = pinned;
  const end = (problem: TrustProblem | null): Followed => ({
    ...{ trust, taken, isFirst: pinned === null && trust !== null, problem },
  });
  for (const signed of chain) {
    const next = ports.readTrust(signed.trust);
    if (next === null) {
      return end({ code: 'unreadable', version: null, message: 'A statement of trusted keys cannot be read.' });
    }
    if (trust !== null && next.version <= trust.version) continue;
    const problem = stepProblem(trust, next, signed, ports);
    if (problem !== null) return end(problem);
    trust = next;
    taken.push(signed);
  }
  return end(null);
}

function stepProblem(before: Trust | null, next: Trust, signed: SignedTrust, ports: TrustPorts): TrustProblem | null {
  const { version } = next;
  const problem = (code: TrustProblemCode, message: string): TrustProblem => ({ code, version, message });
  const wanted = (before?.version ?? 0) + 1;
  if (version !== wanted) {
    return problem('gap', `Statement ${version} of trusted keys came, and statement ${wanted} is missing.`);
  }
  const unsound = trustProblem(next, ports.keyIdOf);
  if (unsound !== null) return problem('unsound', `Statement ${version} of trusted keys is not sound: ${unsound}.`);
  const statement = trustStatement(signed.trust);
  const isSigned = (by: Trust): boolean =>
    signersOf(statement, signed.signatures, by, 'root', ports).length >= by.roles.root.threshold;
  if (before !== null && !isSigned(before)) {
    return problem(
      'not-signed-by-the-one-before',
      `Statement ${version} of trusted keys is not signed by enough root keys of statement ${before.version}.`,
    );
  }
  return isSigned(next)
    ? null
    : problem(
        'not-signed-by-itself',
        `Statement ${version} of trusted keys is not signed by enough of its own root keys.`,
      );
}
