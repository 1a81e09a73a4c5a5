// Keys of people who sign configuration: a private file, perhaps under a passphrase, and a public one to pass on.
import { createPrivateKey } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { CONFIGURATION_FILE_BYTES_MAX } from '../../core/limits/configuration.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../core/limits.ts';
import { keyIdOf, makePrivateKeyPem, openSigner, type Signer } from '../../protocol/wire/signing.ts';
import { writePrivateFile } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';
import { readText } from './read-file.ts';

/** `NAME.pub`: no secret. */
const PublicKeyFile = z.strictObject({
  tillwireKey: z.literal(1),
  name: z.string().min(1).max(IDENTIFIER_LENGTH_MAX),
  keyId: z.string(),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
});
export type PublicKeyFile = z.infer<typeof PublicKeyFile>;

export const publicFileOf = (path: string): string => `${path}.pub`;

/** Null for a key that lies there in the open: its file is readable by its owner alone. */
type Passphrase = string | null;

/** Writes both files. A key is never written over: what it signed could not be made again. */
export function makeKey(path: string, name: string, passphrase: Passphrase): PublicKeyFile {
  for (const file of [path, publicFileOf(path)]) {
    if (existsSync(file)) throw new UsageError(`${file} exists: a key is never written over. Name another file.`);
  }
  const pem = makePrivateKeyPem();
  const { publicKey, keyId } = openSigner(pem);
  const told = PublicKeyFile.safeParse({ tillwireKey: 1, name, keyId, publicKey });
  if (!told.success) throw new UsageError(`A name has 1 to ${IDENTIFIER_LENGTH_MAX} characters.`);
  writePrivateFile(path, passphrase === null ? pem : underPassphrase(pem, passphrase));
  writeFileSync(publicFileOf(path), `${JSON.stringify(told.data, null, 2)}\n`);
  return told.data;
}

const underPassphrase = (pem: string, passphrase: string): string =>
  createPrivateKey(pem).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();

/** Asks for the passphrase only where there is one. */
export async function openKey(path: string, askPassphrase: () => Promise<string>): Promise<Signer> {
  const pem = readText(path, CONFIGURATION_FILE_BYTES_MAX);
  if (!pem.includes('PRIVATE KEY-----')) {
    throw new UsageError(`${path} is no private key: "tillwire config key new" makes one.`);
  }
  try {
    return openSigner(pem.includes('ENCRYPTED') ? inTheOpen(pem, await askPassphrase()) : pem);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be opened: the passphrase is not its own, or it is no Ed25519 key.`);
  }
}

const inTheOpen = (pem: string, passphrase: string): string =>
  createPrivateKey({ key: pem, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString();

/** Throws UsageError where it is no public key, or where its number is not that of its key. */
export function readPublicKey(path: string): PublicKeyFile {
  const read = PublicKeyFile.safeParse(parsed(readText(path, CONFIGURATION_FILE_BYTES_MAX)));
  if (!read.success) throw new UsageError(`${path} is no public key: name the file that ends in .pub.`);
  if (keyIdOf(read.data.publicKey) !== read.data.keyId) {
    throw new UsageError(`${path} has been changed: its number is not that of its key.`);
  }
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** First line of a file, for a program that has nobody to ask. */
export function readPassphrase(path: string): string {
  const [line = ''] = readText(path, CONFIGURATION_FILE_BYTES_MAX).split(/\r?\n/);
  if (line !== '') return line;
  throw new UsageError(`${path} holds no passphrase: it is to be its first line.`);
}
