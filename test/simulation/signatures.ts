// Keys and signatures of a run: equal in each run, and checked by remembering who signed what, for curves are slow.
import crypto, { createHash } from 'node:crypto';
import { keyIdOf, makePrivateKeyPem, openSigner, type Signer } from '../../protocol/wire/signing.ts';

/** What was signed in this run, by signature. The statement names its key, and whoever checks compares that first. */
const signed = new Map<string, string>();
const signers = new Map<string, Signer>();
const realVerify = crypto.verify;

/** The same key for the same name in every run. */
export function signerOf(name: string): Signer {
  const known = signers.get(name);
  if (known !== undefined) return known;
  const publicKey = publicKeyOf(name);
  const keyId = keyIdOf(publicKey);
  const signer: Signer = {
    keyId,
    publicKey,
    sign(statement) {
      const signature = createHash('sha512').update(`${name} ${statement}`).digest('hex');
      signed.set(signature, statement);
      return signature;
    },
  };
  signers.set(name, signer);
  return signer;
}

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A real one, so that all that reads keys can read it. */
function publicKeyOf(name: string): string {
  const [begin = '', , end = ''] = makePrivateKeyPem().split('\n');
  const body = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, `${name} `)]).toString('base64');
  return openSigner(`${begin}\n${body}\n${end}\n`).publicKey;
}

/** Stands in for the check of a signature; anything that was not signed here is checked for real, and fails. */
export function verifyFromMemory(...args: Parameters<typeof realVerify>): boolean {
  const [algorithm, data, key, signature] = args;
  const text = Buffer.from(signature as Uint8Array).toString('hex');
  const statement = signed.get(text);
  if (statement !== undefined) return statement === Buffer.from(data as Uint8Array).toString();
  return realVerify(algorithm, data, key, signature);
}

export const forgetSignatures = (): void => signed.clear();
