// Certificates of devices before a TLS server that trusts their authority: good ones, and all that are not.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DeviceAuthority, makeAuthority, openAuthority } from '../../../central/devices/authority.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';
import { certificateFor } from './https-certificate.ts';

const DAY_MS = 86_400_000;
let authority: DeviceAuthority;
let server: Server;
let own: { certificate: string; key: string };
const seen: string[] = [];

beforeAll(async () => {
  authority = await openAuthority(await makeAuthority(Date.now()));
  own = await certificateFor(['localhost']);
  server = createServer(
    { cert: own.certificate, key: own.key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
    (socket: TLSSocket) => {
      const { subject } = socket.getPeerCertificate();
      seen.push(socket.authorized ? `${subject?.CN} ${subject?.OU}` : String(socket.authorizationError));
      socket.end();
    },
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => server.close());

async function show(by: DeviceAuthority, fromMs: number, untilMs: number): Promise<string | undefined> {
  const key = makePrivateKeyPem();
  const { publicKey } = openSigner(key);
  const cert = await by.issue({ store: 'S001', device: 'd0123456789ab', publicKey, fromMs, untilMs });
  expect(new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))).toBe(true);
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done, reject) => {
    const options = { port, host: '127.0.0.1', servername: 'localhost', ca: own.certificate, cert, key };
    const socket = connect(options, () => socket.resume());
    socket.once('close', () => done()).once('error', reject);
  });
  return seen.at(-1);
}

test('a good one says store and device, also to a clock that is a day behind; others say what is wrong', async () => {
  const nowMs = Date.now();
  expect(await show(authority, nowMs, nowMs + DAY_MS)).toBe('S001 d0123456789ab');
  expect(await show(authority, nowMs + DAY_MS, nowMs + 2 * DAY_MS)).toBe('S001 d0123456789ab');
  expect(await show(authority, nowMs - 9 * DAY_MS, nowMs - DAY_MS)).toBe('CERT_HAS_EXPIRED');
  expect(await show(authority, nowMs + 9 * DAY_MS, nowMs + 10 * DAY_MS)).toBe('CERT_NOT_YET_VALID');
  const other = await openAuthority(await makeAuthority(nowMs));
  expect(await show(other, nowMs, nowMs + DAY_MS)).toMatch(/UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/);
});

test('a key that is not of the certificate opens no authority', async () => {
  const [one, two] = [await makeAuthority(1), await makeAuthority(1)];
  await expect(openAuthority({ key: one.key, certificate: two.certificate })).rejects.toThrow(/does not belong/);
});
