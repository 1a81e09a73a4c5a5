// Who said it: Ed25519 signatures over frames (D5).
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from '../../core/canonical.ts';
import { hex } from '../../core/hash.ts';
import { sha256 } from '../sha256.ts';
import type { Frame } from './frames.ts';

export type Signer = { keyId: string; publicKey: string; sign(statement: string): string };
/** A frame before its sender put a name to it. */
export type Unsigned<F extends Frame> = F extends Frame ? Omit<F, 'keyId' | 'signature'> : never;

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** First 16 hex digits of the SHA-256 of the raw public key. */
export const keyIdOf = (publicKey: string): string => hex(sha256(Buffer.from(publicKey, 'hex'))).slice(0, 16);

/** PKCS #8 in PEM, for a key file of mode 0600. */
export const makePrivateKeyPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export function openSigner(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const publicKey = spki.subarray(SPKI_PREFIX.length).toString('hex');
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    sign: (statement) => sign(null, Buffer.from(statement), key).toString('hex'),
  };
}

/** What a signature covers; the entries of a batch are covered by its two chain digests. */
export function statementOf(frame: Frame | Unsigned<Frame>): string {
  const { signature: _, entries: __, ...said } = frame as Record<string, unknown>;
  return `tillwire frame ${canonicalJson(said)}`;
}

export function signFrame<F extends Frame>(unsigned: Unsigned<F>, signer: Signer): F {
  const frame = { ...unsigned, keyId: signer.keyId } as unknown as F;
  return { ...frame, signature: signer.sign(statementOf(frame)) };
}

export function isSignedBy(frame: Frame, publicKey: string): boolean {
  return frame.keyId === keyIdOf(publicKey) && isStatementSignedBy(statementOf(frame), frame.signature, publicKey);
}

export function isStatementSignedBy(statement: string, signature: string, publicKey: string): boolean {
  return verify(null, Buffer.from(statement), keyObject(publicKey), Buffer.from(signature, 'hex'));
}

function keyObject(publicKey: string): KeyObject {
  return createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'hex')]),
    type: 'spki',
    format: 'der',
  });
}
