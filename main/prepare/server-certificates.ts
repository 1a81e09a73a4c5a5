// The certificates that broker and central show to stores, under one authority of the chain's own: for `prepare`.
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as Parsed,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { type AuthorityFiles, makeAuthority } from '../../central/devices/authority.ts';
import { SERVER_CERTIFICATE_DAYS, SERVER_CERTIFICATE_RENEWED_DAYS } from '../../core/limits/broker.ts';
import { DEVICE_CERTIFICATE_BACKDATED_MS } from '../../core/limits/devices.ts';
import { writePrivateFile } from '../data-folder.ts';
import { randomHex } from '../runtime.ts';

/** Where a key and its certificate are kept, both in PEM. */
export type Files = { key: string; certificate: string };

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 3_600_000;

/** The kept authority, or a new one. */
export async function openServerAuthority(files: Files, nowMs: number): Promise<AuthorityFiles> {
  if (!existsSync(files.certificate)) {
    const made = await makeAuthority(nowMs, 'Tillwire servers');
    writePrivateFile(files.key, made.key);
    writePrivateFile(files.certificate, made.certificate);
  }
  return { key: readFileSync(files.key, 'utf8'), certificate: readFileSync(files.certificate, 'utf8') };
}

/** True where a new certificate was written: the kept one was missing, ends soon, or lacks one of the names. */
export async function keepServerCertificate(
  files: Files,
  authority: AuthorityFiles,
  names: string[],
  nowMs: number,
): Promise<boolean> {
  if (!existsSync(files.key)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writePrivateFile(files.key, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  const key = readFileSync(files.key, 'utf8');
  const kept = existsSync(files.certificate) ? readFileSync(files.certificate, 'utf8') : null;
  if (kept !== null && isGood(kept, key, authority, names, nowMs)) return false;
  writePrivateFile(files.certificate, await makeCertificate(key, authority, names, nowMs));
  return true;
}

function isGood(pem: string, key: string, authority: AuthorityFiles, names: string[], nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const hasTime = Date.parse(certificate.validTo) - nowMs > SERVER_CERTIFICATE_RENEWED_DAYS * DAY_MS;
    const isNamed = (name: string): boolean =>
      (isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never' }) : certificate.checkIP(name)) !== undefined;
    const isOurs = certificate.verify(new X509Certificate(authority.certificate).publicKey);
    return hasTime && isOurs && names.every(isNamed) && certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

async function makeCertificate(key: string, authority: AuthorityFiles, names: string[], nowMs: number) {
  cryptoProvider.set(globalThis.crypto);
  const { subtle } = globalThis.crypto;
  const signingKey = createPrivateKey(authority.key).export({ type: 'pkcs8', format: 'der' });
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const certificate = await X509CertificateGenerator.create({
    // The first bit off: a serial number is positive.
    serialNumber: `4${randomHex(16).slice(1)}`,
    subject: 'CN=Tillwire',
    issuer: new Parsed(authority.certificate).subject,
    notBefore: new Date(nowMs - DEVICE_CERTIFICATE_BACKDATED_MS),
    notAfter: new Date(nowMs + SERVER_CERTIFICATE_DAYS * DAY_MS),
    signingAlgorithm: EC,
    signingKey: await subtle.importKey('pkcs8', signingKey, EC, true, ['sign']),
    publicKey: await subtle.importKey('spki', publicKey, EC, true, ['verify']),
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
