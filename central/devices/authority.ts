// The device authority: signs the certificates with which computers of stores show at the broker who they are (S11).
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { DEVICE_AUTHORITY_YEARS, DEVICE_CERTIFICATE_BACKDATED_MS } from '../../core/limits/devices.ts';

/** Both in PEM. Whoever has the key may let any computer in: mode 0600, in central's data folder only. */
export type AuthorityFiles = { key: string; certificate: string };

export type CertificateWish = { store: string; device: string; publicKey: string; fromMs: number; untilMs: number };

export type DeviceAuthority = {
  /** In PEM: what a broker is to trust for client certificates. */
  certificate: string;
  /** In PEM, of an Ed25519 key. */
  issue(wish: CertificateWish): Promise<string>;
};

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const YEAR_MS = 365 * 24 * 3_600_000;

/** A new authority, for a central that has none. `name` is its common name, for people. */
export async function makeAuthority(nowMs: number, name = 'Tillwire device authority'): Promise<AuthorityFiles> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  cryptoProvider.set(globalThis.crypto);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name} ${randomBytes(4).toString('hex')}`,
    keys: await keyPair(key),
    signingAlgorithm: EC,
    notBefore: new Date(nowMs - DEVICE_CERTIFICATE_BACKDATED_MS),
    notAfter: new Date(nowMs + DEVICE_AUTHORITY_YEARS * YEAR_MS),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  return { key, certificate: certificate.toString('pem') };
}

/** Throws where key and certificate are not of each other. */
export async function openAuthority({ key, certificate }: AuthorityFiles): Promise<DeviceAuthority> {
  cryptoProvider.set(globalThis.crypto);
  const own = new X509Certificate(certificate);
  const { privateKey, publicKey } = await keyPair(key);
  const spki = Buffer.from(await globalThis.crypto.subtle.exportKey('spki', publicKey));
  if (!spki.equals(Buffer.from(own.publicKey.rawData))) {
    throw new Error('The key of the device authority does not belong to its certificate.');
  }
  return {
    certificate,
    async issue({ store, device, publicKey: raw, fromMs, untilMs }) {
      const made = await X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: `CN=${store}, OU=${device}`,
        issuer: own.subject,
        notBefore: new Date(fromMs - DEVICE_CERTIFICATE_BACKDATED_MS),
        notAfter: new Date(untilMs),
        signingAlgorithm: EC,
        signingKey: privateKey,
        publicKey: await deviceKey(raw),
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
        ],
      });
      return made.toString('pem');
    },
  };
}

/** The first bit off: a serial number is positive. */
const serialNumber = (): string => `4${randomBytes(16).toString('hex').slice(1)}`;

const deviceKey = (publicKey: string): Promise<CryptoKey> =>
  globalThis.crypto.subtle.importKey('raw', Buffer.from(publicKey, 'hex'), { name: 'Ed25519' }, true, ['verify']);

async function keyPair(pem: string): Promise<CryptoKeyPair> {
  const { subtle } = globalThis.crypto;
  const secret = createPrivateKey(pem);
  const pkcs8 = secret.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(secret).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, EC, true, ['sign']),
    publicKey: await subtle.importKey('spki', spki, EC, true, ['verify']),
  };
}
