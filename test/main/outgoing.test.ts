// The way out of a store: proxies that only let lines pass, authorities of the retailer, and never in the clear.
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import axios from 'axios';
import { expect, onTestFinished, test } from 'vitest';
import { openCertificate } from '../../main/lan-certificate.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { axiosFor, proxyFor, readAuthorities } from '../../main/outgoing.ts';
import { connectProxy } from '../connect-proxy.ts';
import { temporaryFolder } from '../temporary.ts';

const NAME = 'central.example';

async function serveTls(answer: RequestListener) {
  const { key, cert } = await openCertificate(temporaryFolder(), [NAME, 'localhost', '127.0.0.1'], Date.now());
  const server = createServer({ key, cert }, answer);
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, cert };
}

const hello: RequestListener = (_, response) => void response.end('hello');
const PROXIES = { HTTPS_PROXY: 'http://one:1', http_proxy: 'two:2', NO_PROXY: 'shop.example, *.inside.example:8443' };

test.each([
  ['https://central.example/v1', {}, 'http://one:1'],
  ['mqtts://broker.example:8883', {}, 'http://one:1'],
  ['http://central.example', {}, 'http://two:2'],
  ['mqtt://broker.example', {}, undefined],
  ['https://central.example', { proxy: 'http://settings:3' }, 'http://settings:3'],
  ['mqtt://broker.example', { proxy: 'http://settings:3' }, 'http://settings:3'],
  ['https://shop.example', {}, undefined],
  ['https://deep.shop.example', { proxy: 'http://settings:3' }, undefined],
  ['https://myshop.example', {}, 'http://one:1'],
  ['https://a.inside.example:8443', {}, undefined],
  ['https://a.inside.example', {}, 'http://one:1'],
  ['https://127.0.0.1:8443', { proxy: 'http://settings:3' }, undefined],
  ['https://[::1]:8443', {}, undefined],
  ['http://localhost:1', {}, undefined],
])('%s with settings %o goes through %s', (url, network, proxy) => {
  expect(proxyFor(url, network, PROXIES)).toBe(proxy);
});

test('what is no proxy is told with the setting', () => {
  expect(() => proxyFor('https://x.example', {}, { HTTPS_PROXY: 'socks5://x' })).toThrow(
    'network.proxy, or HTTPS_PROXY',
  );
});

test('an authority of the retailer is trusted where it is named, and nobody is trusted without', async () => {
  const { port, cert } = await serveTls(hello);
  const url = `https://127.0.0.1:${port}/`;
  await expect(axios.get(url, axiosFor(url))).rejects.toThrow('self-signed');
  expect((await axios.get(url, axiosFor(url, { authority: cert }))).data).toBe('hello');
  const authorityFile = join(temporaryFolder(), 'authorities.pem');
  writeFileSync(authorityFile, cert);
  expect((await axios.get(url, axiosFor(url, { network: { authorityFile } }))).data).toBe('hello');
});

test('HTTPS goes through a proxy that only lets lines pass, with its password, and TLS stays from end to end', async () => {
  const { port, cert } = await serveTls(hello);
  const url = `https://${NAME}:8443/`;
  const { url: proxy, ...seen } = await connectProxy({ map: { [`${NAME}:8443`]: port }, login: 'till:p@ss' });
  const network = { proxy: proxy.replace('//', '//till:p%40ss@') };
  expect((await axios.get(url, axiosFor(url, { network, authority: cert }))).data).toBe('hello');
  expect(seen).toEqual({ targets: [`${NAME}:8443`], logins: ['till:p@ss'], others: [] });
  await expect(axios.get(url, axiosFor(url, { network }))).rejects.toThrow('self-signed');
  await expect(axios.get(url, axiosFor(url, { network: { proxy }, authority: cert }))).rejects.toThrow();
});

test('a file of authorities that is none is told', () => {
  const path = join(temporaryFolder(), 'none.pem');
  expect(() => readAuthorities(path)).toThrow('does not exist');
  writeFileSync(path, 'hello');
  expect(() => readAuthorities(path)).toThrow('holds no certificate');
});
