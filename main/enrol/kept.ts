// What this computer was given at its enrolment, kept in its data folder for its owner only.
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CREDENTIALS_BYTES_MAX } from '../../core/limits/joining.ts';
import { Credentials } from '../../protocol/device/credentials.ts';
import { writePrivateFile } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';

const Kept = z.strictObject({
  v: z.literal(1),
  /** Central's address as it was told at enrolment. */
  central: z.string(),
  /** Authority of central's certificate in PEM, as it was told; null for those of the computer. */
  authority: z.string().nullable(),
  /** The open half of the token: the same command once more is no second enrolment. */
  token: z.string(),
  credentials: Credentials,
});
export type Kept = z.infer<typeof Kept>;

const keptFile = (folder: string): string => join(folder, 'credentials.json');

/** Null where it was not enrolled. Throws UsageError where the file cannot be used: never as if there were none. */
export function readKept(folder: string): Kept | null {
  const path = keptFile(folder);
  if (!existsSync(path)) return null;
  const text = statSync(path).size > CREDENTIALS_BYTES_MAX ? '' : readFileSync(path, 'utf8');
  const read = Kept.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new UsageError(
    `${path} cannot be read: put it back from a copy, or ask head office for a token and enrol this PC again.`,
  );
}

/** Whole or not at all: from here on it counts. */
export function keep(folder: string, kept: Kept): void {
  writePrivateFile(keptFile(folder), JSON.stringify(kept, null, 2));
}

type Expected = {
  publicKey: string;
  store: string | null;
  centralKey?: string | undefined;
  device?: string | undefined;
};

/** Why credentials are not taken, as the end of a sentence; null where they are as they should be. */
export function problemOf({ certificate, store, device, centralKey }: Credentials, expected: Expected): string | null {
  if (keyOfCertificate(certificate) !== expected.publicKey) return 'gave a certificate for another key.';
  if (expected.store !== null && store !== expected.store)
    return `gave credentials for store ${store}, not ${expected.store}.`;
  if (expected.device !== undefined && device !== expected.device) return 'gave the credentials of another computer.';
  if (expected.centralKey !== undefined && centralKey !== expected.centralKey) {
    return 'has another key than the one that this computer knows: a data folder stays with its own head office.';
  }
  return null;
}

/** The Ed25519 key that a certificate is made for, in hex; null where it is none. */
export function keyOfCertificate(pem: string): string | null {
  try {
    const { publicKey } = new X509Certificate(pem);
    if (publicKey.asymmetricKeyType !== 'ed25519') return null;
    return publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
