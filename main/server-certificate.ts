// Certificates by which a door of ours shows that it is called so: signed by itself, or by an authority.
import 'reflect-metadata';
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
import { writePrivateFile } from './data-folder.ts';
import { randomHex } from './runtime.ts';

const NAME = 'CN=Tillwire';
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 3_600_000;

/** The kept key in PEM, or a new one: P-256, which everybody's TLS takes. */
export function openServerKey(path: string): string {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writePrivateFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  return readFileSync(path, 'utf8');
}

export type CertificateWish = {
  /** In PEM. */
  key: string;
  /** Both in PEM; null where it signs itself. */
  issuer: { certificate: string; key: string } | null;
  /** Names and addresses. */
  names: string[];
  nowMs: number;
  /** Clocks of whoever looks at it may be behind. */
  backdatedMs: number;
  days: number;
};

/** In PEM. */
export async function makeServerCertificate(wish: CertificateWish): Promise<string> {
  const { key, issuer, names, nowMs, backdatedMs, days } = wish;
  cryptoProvider.set(globalThis.crypto);
  const { subtle } = globalThis.crypto;
  const signing = createPrivateKey(issuer?.key ?? key).export({ type: 'pkcs8', format: 'der' });
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const certificate = await X509CertificateGenerator.create({
    // The first bit off: a serial number is positive.
    serialNumber: `4${randomHex(16).slice(1)}`,
    subject: NAME,
    issuer: issuer === null ? NAME : new Parsed(issuer.certificate).subject,
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + days * DAY_MS),
    signingAlgorithm: EC,
    signingKey: await subtle.importKey('pkcs8', signing, EC, true, ['sign']),
    publicKey: await subtle.importKey('spki', own, EC, true, ['verify']),
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

type Asked = Pick<CertificateWish, 'key' | 'issuer' | 'names' | 'nowMs'> & { renewedDays: number };

/** Whether the kept one can stay: valid now and for longer than `renewedDays`, of this key and issuer, with all names. */
export function isGoodCertificate(pem: string, { key, issuer, names, nowMs, renewedDays }: Asked): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const isRenewedLater = Date.parse(certificate.validTo) - nowMs > renewedDays * DAY_MS;
    const hasBegun = Date.parse(certificate.validFrom) <= nowMs;
    const isNamed = (name: string): boolean =>
      (isIP(name) === 0 ? certificate.checkHost(name, { subject: 'never' }) : certificate.checkIP(name)) !== undefined;
    const isSigned = issuer === null || certificate.verify(new X509Certificate(issuer.certificate).publicKey);
    const isOwn = certificate.checkPrivateKey(createPrivateKey(key));
    return isRenewedLater && hasBegun && isSigned && isOwn && names.every(isNamed);
  } catch {
    return false;
  }
}
