// The certificate of the door on the store's network: made here, renewed in time under the same key.
import 'reflect-metadata';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { CERTIFICATE_DAYS, CERTIFICATE_RENEWED_DAYS } from '../core/limits/feeds.ts';
import { sha256 } from '../protocol/sha256.ts';
import { writePrivateFile } from './data-folder.ts';
import { randomHex } from './runtime.ts';

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
const DAY_MS = 24 * 3_600_000;
/** Clocks of tills may be behind. */
const BACKDATED_MS = 2 * DAY_MS;
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** The kept one, or a new one under the kept key where it ends soon or lacks one of these names and addresses. */
export async function openCertificate(folder: string, names: string[], nowMs: number): Promise<Certificate> {
  const key = openKey(keyFile(folder));
  const kept = readCertificate(folder);
  if (kept !== null && isGood(kept, key, names, nowMs)) return describeCertificate(key, kept);
  const made = await makeCertificate(key, names, nowMs);
  writePrivateFile(certificateFile(folder), made);
  return describeCertificate(key, made);
}

/** What is kept, or null: for commands that only look. */
export function keptCertificate(folder: string): Certificate | null {
  const cert = readCertificate(folder);
  return cert === null || !existsSync(keyFile(folder)) ? null : describeCertificate(openKey(keyFile(folder)), cert);
}

function openKey(path: string): string {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writePrivateFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  return readFileSync(path, 'utf8');
}

const readCertificate = (folder: string): string | null =>
  existsSync(certificateFile(folder)) ? readFileSync(certificateFile(folder), 'utf8') : null;

function isGood(pem: string, key: string, names: string[], nowMs: number): boolean {
  try {
    const cert = new X509Certificate(pem);
    const isRenewedLater = Date.parse(cert.validTo) - nowMs > CERTIFICATE_RENEWED_DAYS * DAY_MS;
    const hasBegun = Date.parse(cert.validFrom) <= nowMs;
    const isNamed = (name: string): boolean =>
      (isIP(name) === 0 ? cert.checkHost(name, { subject: 'never' }) : cert.checkIP(name)) !== undefined;
    return isRenewedLater && hasBegun && names.every(isNamed) && cert.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

async function makeCertificate(key: string, names: string[], nowMs: number): Promise<string> {
  const crypto = globalThis.crypto;
  cryptoProvider.set(crypto);
  const privateKey = createPrivateKey(key);
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, EC, true, ['sign']);
  const jwk = await crypto.subtle.exportKey('jwk', signingKey);
  const { d: _secret, key_ops: _ops, ...open } = jwk;
  const publicKey = await crypto.subtle.importKey('jwk', open, EC, true, ['verify']);
  const certificate = await X509CertificateGenerator.create({
    // The first bit off: a serial number is positive.
    serialNumber: `4${randomHex(16).slice(1)}`,
    subject: 'CN=Tillwire',
    issuer: 'CN=Tillwire',
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter: new Date(nowMs + CERTIFICATE_DAYS * DAY_MS),
    signingAlgorithm: EC,
    signingKey,
    publicKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    ],
  });
  return certificate.toString('pem');
}

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
