// The line of a device: its certificate and password at the broker, a private authority, a proxy that only lets lines pass.
import { createServer as createPlainServer } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { Aedes } from 'aedes';
import { expect, onTestFinished, test } from 'vitest';
import { makeAuthority, openAuthority } from '../../central/devices/authority.ts';
import { openCertificate } from '../../main/lan-certificate.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import type { LinkOptions } from '../../protocol/wire/link.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { isLoginRefused } from '../../sync/link-reasons.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import { connectProxy } from '../connect-proxy.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';

const NAME = 'broker.example';
const DAY_MS = 86_400_000;

function open(options: Partial<LinkOptions> & { url: string }) {
  const heard = { ups: 0, downs: [] as string[], refused: [] as (boolean | undefined)[] };
  const link = dialMqtt(
    { clientId: 'tillwire-S001', subscriptions: ['down'], ...options },
    {
      up: () => void heard.ups++,
      down(reason, refused) {
        heard.downs.push(reason);
        heard.refused.push(refused);
      },
      message() {},
    },
  );
  onTestFinished(() => link.close());
  return heard;
}

async function plainBroker(): Promise<{ aedes: Aedes; port: number }> {
  const aedes = await Aedes.createBroker();
  const server = createPlainServer((socket) => aedes.handle(socket));
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    aedes.close();
    server.close();
  });
  return { aedes, port };
}

/** TLS that asks for a certificate of a device authority. */
async function tlsBroker() {
  const authority = await openAuthority(await makeAuthority(Date.now()));
  const strangers = await openAuthority(await makeAuthority(Date.now()));
  const { key, cert } = await openCertificate(temporaryFolder(), [NAME, '127.0.0.1'], Date.now());
  const aedes = await Aedes.createBroker();
  const seen: string[] = [];
  const server = createServer(
    { key, cert, ca: authority.certificate, requestCert: true, rejectUnauthorized: true },
    (socket: TLSSocket) => {
      seen.push(String(socket.getPeerCertificate().subject.CN));
      aedes.handle(socket);
    },
  );
  server.on('tlsClientError', () => {});
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    aedes.close();
    server.close();
  });
  const pem = makePrivateKeyPem();
  const holder = { store: 'S001', device: `d${'0'.repeat(12)}`, publicKey: openSigner(pem).publicKey };
  const period = { fromMs: Date.now(), untilMs: Date.now() + DAY_MS };
  const certificate = await authority.issue({ ...holder, ...period });
  const foreign = await strangers.issue({ ...holder, ...period });
  return { port, cert, seen, pem, certificate, foreign };
}

test('login takes the place of what the URL says; a wrong one is told as refused', async () => {
  const { aedes, port } = await plainBroker();
  aedes.authenticate = (_client, username, password, done) =>
    done(null, username === 'd1' && password?.toString() === 'right');
  const url = `mqtt://old:wrong@127.0.0.1:${port}`;
  const good = open({ url, login: { username: 'd1', password: 'right' } });
  await until(() => expect(good.ups).toBe(1));
  const bad = open({ url, login: { username: 'd1', password: 'taken-back' } });
  await until(() => expect(bad.refused).toEqual([true]));
  expect(bad.downs[0]).not.toContain('taken-back');
});

test('a line that is cut is not told as refused', async () => {
  const { aedes, port } = await plainBroker();
  const heard = open({ url: `mqtt://127.0.0.1:${port}` });
  await until(() => expect(heard.ups).toBe(1));
  aedes.close();
  await until(() => expect(heard.refused).toEqual([false]));
});

test('its certificate is shown and asked for; that of another authority, or none, is refused', async () => {
  const { port, cert, seen, pem, certificate, foreign } = await tlsBroker();
  const url = `mqtts://127.0.0.1:${port}`;
  const good = open({ url, tls: { authority: cert, certificate, key: pem } });
  await until(() => expect(good.ups).toBe(1));
  expect(seen).toEqual(['S001']);
  const stranger = open({ url, tls: { authority: cert, certificate: foreign, key: pem } });
  const nobody = open({ url, tls: { authority: cert } });
  await until(() => expect([stranger.downs.length, nobody.downs.length]).toEqual([1, 1]));
  expect([stranger.ups, nobody.ups]).toEqual([0, 0]);
  expect(seen).toEqual(['S001']);
});

test('TLS from end to end through a proxy that asks for a password; a proxy that says no is told', async () => {
  const { port, cert, pem, certificate } = await tlsBroker();
  const proxy = await connectProxy({ map: { [`${NAME}:8883`]: port }, login: 'till:p@ss' });
  const tls = { besides: cert, certificate, key: pem };
  const url = `mqtts://${NAME}:8883`;
  const heard = open({ url, tls, proxy: proxy.url.replace('//', '//till:p%40ss@') });
  await until(() => expect(heard.ups).toBe(1));
  expect(proxy.targets).toEqual([`${NAME}:8883`]);
  const refused = open({ url, tls, proxy: proxy.url });
  await until(() => expect(refused.downs).toHaveLength(1));
  expect(refused.downs[0]).toContain('It does not let this line pass (it answered 407)');
  expect(refused.refused).toEqual([false]);
});

test('a proxy that is not there, and one that says nothing, is a line that goes down', async () => {
  const heard = open({ url: 'mqtt://broker.example:1883', proxy: 'http://127.0.0.1:9' });
  await until(() => expect(heard.downs).toHaveLength(1));
  expect(heard.downs[0]).toContain('The proxy 127.0.0.1:9: Nothing answers there');
});

test.each([
  [5, true],
  [4, true],
  [2, false],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', true],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', true],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', false],
  // Of the other side's certificate: a new one of ours would not help.
  ['CERT_HAS_EXPIRED', false],
  ['ECONNRESET', false],
])('code %s: refused %s', (code, isRefused) => {
  expect(isLoginRefused(Object.assign(new Error('x'), { code }))).toBe(isRefused);
});
