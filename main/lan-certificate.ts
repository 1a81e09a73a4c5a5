// The certificate of the door on the store's network: made here, renewed in time under the same key.
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CERTIFICATE_DAYS, CERTIFICATE_RENEWED_DAYS } from '../core/limits/feeds.ts';
import { sha256 } from '../protocol/sha256.ts';
import { writePrivateFile } from './data-folder.ts';
import { isGoodCertificate, makeServerCertificate, openServerKey } from './server-certificate.ts';

export type Certificate = {
  key: string;
  cert: string;
  /** SHA-256 of the certificate, as browsers and tills show it: AA:BB:... */
  fingerprint: string;
  /** SHA-256 of the public key in base64: stays the same when the certificate is renewed (curl --pinnedpubkey). */
  pin: string;
  endsMs: number;
};

export const certificateFile = (folder: string): string => join(folder, 'lan.crt');
const keyFile = (folder: string): string => join(folder, 'lan.key');
/** Clocks of tills may be behind. */
const BACKDATED_MS = 2 * 24 * 3_600_000;

/** The kept one, or a new one under the kept key where it ends soon or lacks one of these names and addresses. */
export async function openCertificate(folder: string, names: string[], nowMs: number): Promise<Certificate> {
  const key = openServerKey(keyFile(folder));
  const kept = readCertificate(folder);
  const asked = { key, issuer: null, names, nowMs };
  if (kept !== null && isGoodCertificate(kept, { ...asked, renewedDays: CERTIFICATE_RENEWED_DAYS })) {
    return describeCertificate(key, kept);
  }
  const made = await makeServerCertificate({ ...asked, backdatedMs: BACKDATED_MS, days: CERTIFICATE_DAYS });
  writePrivateFile(certificateFile(folder), made);
  return describeCertificate(key, made);
}

/** What is kept, or null: for commands that only look. */
export function keptCertificate(folder: string): Certificate | null {
  const cert = readCertificate(folder);
  return cert === null || !existsSync(keyFile(folder))
    ? null
    : describeCertificate(openServerKey(keyFile(folder)), cert);
}

const readCertificate = (folder: string): string | null =>
  existsSync(certificateFile(folder)) ? readFileSync(certificateFile(folder), 'utf8') : null;

function describeCertificate(key: string, cert: string): Certificate {
  const parsed = new X509Certificate(cert);
  const spki = parsed.publicKey.export({ type: 'spki', format: 'der' });
  return {
    key,
    cert,
    fingerprint: parsed.fingerprint256,
    pin: Buffer.from(sha256(spki)).toString('base64'),
    endsMs: Date.parse(parsed.validTo),
  };
}
