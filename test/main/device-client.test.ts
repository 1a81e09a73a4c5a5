// What a device asks of central: each request signed over its bytes, a wrong clock set right, refusals in words.
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { CentralDeclined, CentralSilent, deviceClient, makeCentralClock } from '../../main/device-client.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { requestStatement } from '../../protocol/device/signed-request.ts';
import { isStatementSignedBy, makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { freePort } from '../net.ts';

const DEVICE = `d${'0'.repeat(12)}`;
const NOW = 1_700_000_000_000;
const Answer = z.strictObject({ ok: z.boolean() });

type Heard = {
  method: string;
  url: string;
  body: Buffer;
  atMs: number;
  isSigned: boolean;
  nonce: string;
  range: string;
};
type Answers = (heard: Heard, response: ServerResponse) => void;

async function rig(answers: Answers, wallMs = NOW) {
  const signer = openSigner(makePrivateKeyPem());
  const heard: Heard[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = '', url = '', headers } = request;
    const [atMs, nonce] = [Number(headers['tillwire-at']), String(headers['tillwire-nonce'])];
    const said = { method, path: url, device: String(headers['tillwire-device']), atMs, nonce, body };
    const isSigned = isStatementSignedBy(
      requestStatement(said),
      String(headers['tillwire-signature']),
      signer.publicKey,
    );
    const one = { method, url, body, atMs, isSigned, nonce, range: String(headers.range) };
    heard.push(one);
    answers(one, response);
  });
  const central = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const clock = makeCentralClock(() => wallMs);
  const client = deviceClient({ central: `${central}/`, device: DEVICE, signer, authority: null, network: {}, clock });
  return { client, heard, clock };
}

const good: Answers = (_, response) => void response.end('{"ok":true}');

test('what is sent is what is signed: query, body and bytes', async () => {
  const { client, heard } = await rig(good);
  await client.get('/v1/device/things', { after: 'a b&c', none: undefined }, Answer);
  await client.post('/v1/device/things', { name: 'Ä' }, Answer);
  await client.put('/v1/device/things', randomBytes(32), Answer);
  expect(heard.map(({ method, url, isSigned, atMs }) => ({ method, url, isSigned, atMs }))).toEqual([
    { method: 'GET', url: '/v1/device/things?after=a+b%26c', isSigned: true, atMs: NOW },
    { method: 'POST', url: '/v1/device/things', isSigned: true, atMs: NOW },
    { method: 'PUT', url: '/v1/device/things', isSigned: true, atMs: NOW },
  ]);
  expect(new Set(heard.map(({ nonce }) => nonce)).size).toBe(3);
});

test('a clock that is hours wrong is set right by what central says, once (F27)', async () => {
  const late = NOW + 5 * 3_600_000;
  const { client, heard, clock } = await rig(({ atMs }, response) => {
    if (Math.abs(atMs - late) < 1_000) good({} as Heard, response);
    else response.writeHead(401).end(JSON.stringify({ message: 'Your clock is wrong.', atMs: late }));
  });
  expect(await client.get('/v1/device/x', {}, Answer)).toEqual({ ok: true });
  await client.get('/v1/device/x', {}, Answer);
  expect(heard.map(({ atMs }) => atMs)).toEqual([NOW, late, late]);
  expect(clock.nowMs()).toBe(late);
});

test('central that stays with its no is heard twice, not for ever', async () => {
  const { client, heard } = await rig((_, response) => {
    response.writeHead(401).end(JSON.stringify({ message: 'No.', atMs: NOW + 1 }));
  });
  await expect(client.get('/v1/device/x', {}, Answer)).rejects.toThrow(new CentralDeclined(401, 'No.'));
  expect(heard).toHaveLength(2);
});

test.each([
  [403, '{"message":"This computer was taken back."}', CentralDeclined, 'This computer was taken back.'],
  [409, 'no words', CentralDeclined, 'it answered 409'],
  [429, '{"message":"Slower."}', CentralSilent, 'Slower.'],
  [502, '<html>', CentralSilent, 'it answered 502'],
  [200, '<html>please log in</html>', CentralSilent, 'not the central of this version'],
])('%i %s is told', async (status, body, kind, words) => {
  const { client } = await rig((_, response) => void response.writeHead(status).end(body));
  const refused = client.post('/v1/device/x', {}, Answer);
  await expect(refused).rejects.toThrow(words);
  await expect(refused).rejects.toThrow(kind);
});

test('nobody there, and nothing in the clear to another computer', async () => {
  const parts = { device: DEVICE, signer: openSigner(makePrivateKeyPem()), authority: null, network: {} };
  const clock = makeCentralClock(() => NOW);
  const central = `http://127.0.0.1:${await freePort()}`;
  const silent = deviceClient({ ...parts, central, clock }).get('/v1/x', {}, Answer);
  await expect(silent).rejects.toThrow('Nothing answers there');
  expect(() => deviceClient({ ...parts, central: 'http://central.example', clock })).toThrow(
    'must begin with https://',
  );
});

async function bytesOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('a file goes on where it was broken off, where central can; else from its beginning', async () => {
  const { client, heard } = await rig(({ url, range }, response) => {
    if (url.endsWith('whole') || range === 'undefined') return void response.end('0123456789');
    const from = Number(/\d+/.exec(range)?.[0]);
    response.writeHead(206, { 'content-range': `bytes ${from}-9/10` }).end('0123456789'.slice(from));
  });
  const first = await client.download('/v1/device/file', 0);
  expect([first.from, await bytesOf(first.body)]).toEqual([0, '0123456789']);
  const rest = await client.download('/v1/device/file', 4);
  expect([rest.from, await bytesOf(rest.body)]).toEqual([4, '456789']);
  const whole = await client.download('/v1/device/whole', 4);
  expect([whole.from, await bytesOf(whole.body)]).toEqual([0, '0123456789']);
  expect(heard.every(({ isSigned }) => isSigned)).toBe(true);
});
