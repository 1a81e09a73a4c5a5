// Whose word counts: key statements followed one by one from the installed one, and releases signed by their keys.
import { createPublicKey, verify } from 'node:crypto';
import type { z } from 'zod';
import { canonicalJson } from '../../core/canonical.ts';
import { UPDATE_KEY_STEPS_MAX } from '../../core/limits/updates.ts';
import type { Release } from '../../core/update-release.ts';
import { KeyStatement, ReleaseStatement, Signed, signedText } from '../../protocol/update.ts';
import { keyIdOf } from '../../protocol/wire/signing.ts';

/** A statement, a file or an address that is not what it must be; its sentence is for IT. */
export class UpdateRefused extends Error {
  override name = 'UpdateRefused';
}

type Role = KeyStatement['root'];
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Different keys of the role that signed, however often each did. */
function signersOf({ statement, signatures }: Signed, { keys }: Role): number {
  const text = Buffer.from(signedText(statement));
  const signed = (publicKey: string): boolean =>
    signatures.some(
      ({ keyId, signature }) =>
        keyId === keyIdOf(publicKey) && verify(null, text, publicKeyOf(publicKey), Buffer.from(signature, 'hex')),
    );
  return keys.filter(signed).length;
}

const publicKeyOf = (publicKey: string) =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'hex')]), type: 'spki', format: 'der' });

function assertSigned(signed: Signed, role: Role, what: string): void {
  const signers = signersOf(signed, role);
  if (signers < role.threshold) {
    throw new UpdateRefused(`${what} carries ${signers} of the ${role.threshold} signatures that it needs.`);
  }
}

/** Parsed only after its signature was checked, and only in the one spelling that can be signed. */
function readStatement<T>(signed: Signed, schema: z.ZodType<T>, what: string): T {
  try {
    const value: unknown = JSON.parse(signed.statement);
    if (canonicalJson(value) !== signed.statement) throw new Error('it is not canonical JSON');
    return schema.parse(value);
  } catch {
    throw new UpdateRefused(`${what} is signed, but is not written as this program understands it.`);
  }
}

export function parseSigned(content: string, what: string): Signed {
  try {
    return Signed.parse(JSON.parse(content));
  } catch {
    throw new UpdateRefused(`${what} is not a signed statement.`);
  }
}

/** The keys that came with the installation. Throws UpdateRefused. */
export function readTrust(content: string): KeyStatement {
  const signed = parseSigned(content, 'The installed key file');
  const keys = readStatement(signed, KeyStatement, 'The installed key file');
  assertSigned(signed, keys.root, 'The installed key file');
  return keys;
}

/** One step: signed by enough root keys of both statements. */
function nextKeys(present: KeyStatement, content: string): KeyStatement {
  const what = `Key statement ${present.number + 1}`;
  const signed = parseSigned(content, what);
  assertSigned(signed, present.root, what);
  const keys = readStatement(signed, KeyStatement, what);
  assertSigned(signed, keys.root, what);
  if (keys.number !== present.number + 1) throw new UpdateRefused(`${what} says that it is number ${keys.number}.`);
  return keys;
}

/**
 * From the installed keys on as far as `next` gives the following statement; those in between may have expired. Throws
 * UpdateRefused at the first that is not rightly signed, or where the way ends below `least`: keys never go back (F51).
 */
export async function followKeys(
  trust: KeyStatement,
  next: (number: number) => Promise<string | null> | string | null,
  least: number,
): Promise<KeyStatement> {
  let keys = trust;
  for (let steps = 0; steps < UPDATE_KEY_STEPS_MAX; steps++) {
    const content = await next(keys.number + 1);
    if (content === null) break;
    keys = nextKeys(keys, content);
  }
  if (keys.number < least) throw new UpdateRefused(`The keys went back from number ${least} to ${keys.number}.`);
  return keys;
}

/** Whether it is for this store is the law's to say. Throws UpdateRefused. */
export function readRelease(keys: KeyStatement, content: string, nowMs: number): Release {
  if (nowMs >= keys.expiresMs) {
    throw new UpdateRefused('The keys for updates have expired: check the clock of this PC; newer keys are needed.');
  }
  const signed = parseSigned(content, 'The release');
  assertSigned(signed, keys.release, 'The release');
  return readStatement(signed, ReleaseStatement, 'The release');
}
