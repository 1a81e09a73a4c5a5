// The door on the store's network: TLS only, till tokens only, exact names, and it follows its setting.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import axios from 'axios';
import pino from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LAN_CONNECTIONS_PER_ADDRESS_MAX } from '../../core/limits/feeds.ts';
import { type Agent, startAgent } from '../../main/agent.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { certificateFile, openCertificate } from '../../main/lan-certificate.ts';
import { hostHeaders, lanNames } from '../../main/lan-names.ts';
import { readAddress, writeLan } from '../../main/lan-settings.ts';
import { addTill, revokeTill } from '../../main/till-tokens.ts';
import { Snapshot } from '../../protocol/local/window.ts';
import { sale } from '../capture/door.ts';
import { temporaryFolder } from '../temporary.ts';

const DAY_MS = 24 * 3_600_000;

async function start(folder: string, lan?: { address?: string; port?: number }): Promise<Agent> {
  const agent = await startAgent({
    ...{ folder, store: 'S001', broker: 'mqtt://127.0.0.1:1', port: 0, lan, log: pino({ level: 'silent' }) },
    onFault(error) {
      throw error;
    },
  });
  onTestFinished(() => agent.stop());
  return agent;
}

const tokenOf = (folder: string): string => readIdentity(folder)?.token ?? '';

async function lanOf(agent: Agent, folder: string) {
  const headers = { authorization: `Bearer ${tokenOf(folder)}` };
  const { data } = await axios.get(`${agent.url}/v1/status`, { headers, proxy: false });
  return Snapshot.parse(data).lan ?? null;
}

/** Agent with the door open at 127.0.0.1, a till, and how to call. */
async function openDoor() {
  const folder = join(temporaryFolder(), 'data');
  const agent = await start(folder, { address: '127.0.0.1', port: 0 });
  const url = (await lanOf(agent, folder))?.urls.find((each) => each.includes('127.0.0.1')) ?? '';
  const token = addTill(folder, 'seven', '7', Date.now());
  const port = Number(new URL(url).port);
  const call = (path: string, changes: RequestOptions = {}, body: unknown = sale('1', { workstation: '7' })) =>
    ask(folder, port, path, { ...changes, headers: { authorization: `Bearer ${token}`, ...changes.headers } }, body);
  return { folder, agent, port, token, call };
}

function ask(folder: string, port: number, path: string, options: RequestOptions, body: unknown) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const req = request(
      {
        ...{ host: '127.0.0.1', port, path, method: 'POST', ca: readFileSync(certificateFile(folder)), agent: false },
        ...options,
        headers: { 'content-type': 'application/json', 'idempotency-key': 'k1', ...options.headers },
      },
      (res) => {
        let text = '';
        res.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        res.on('end', () => resolve({ status: res.statusCode ?? 0, text }));
      },
    );
    req.on('error', reject);
    req.end(options.method === 'GET' ? undefined : JSON.stringify(body));
  });
}

const codeOf = ({ status, text }: { status: number; text: string }): string =>
  status < 300 || !text.startsWith('{') ? String(status) : `${status} ${JSON.parse(text).error.code}`;

test('a till that trusts the certificate is let in with its token, until it is revoked', async () => {
  const { folder, call } = await openDoor();
  expect(codeOf(await call('/v1/transactions'))).toBe('201');
  expect(codeOf(await call('/v1/transactions', {}, sale('2', { workstation: '8' })))).toBe('403 wrong-workstation');
  revokeTill(folder, 'seven', Date.now());
  expect(codeOf(await call('/v1/transactions'))).toBe('401 no-token');
});

test('nobody else is, and nothing else is served', async () => {
  const { folder, port, call } = await openDoor();
  const identity = readIdentity(folder);
  const as = (token = '') => ({ headers: { authorization: `Bearer ${token}` } });
  expect(codeOf(await call('/v1/transactions', as(identity?.token)))).toBe('401 no-token');
  expect(codeOf(await call('/v1/transactions', as(identity?.windowToken)))).toBe('401 no-token');
  for (const host of [`localhost:${port}`, '127.0.0.1', `127.0.0.2:${port}`, `evil.test:${port}`]) {
    expect(codeOf(await call('/v1/transactions', { headers: { host }, checkServerIdentity: () => undefined }))).toBe(
      '403 wrong-host',
    );
  }
  for (const origin of [`https://127.0.0.1:${port}`, 'https://evil.test', 'null']) {
    expect(codeOf(await call('/v1/transactions', { headers: { origin } }))).toBe('403 wrong-origin');
  }
  expect(codeOf(await call('/v1/imports'))).toBe('403 not-for-tills');
  for (const path of ['/', '/store/index.html', '/rpc', '/v1/status', `/v1/proof/${'0'.repeat(64)}`]) {
    expect((await call(path, { method: 'GET' })).status).toBe(404);
  }
  const upgrade = { method: 'GET', headers: { connection: 'upgrade', upgrade: 'websocket' } };
  expect((await call('/rpc', upgrade)).status).toBe(404);
  expect((await call('/v1/openapi.json', { method: 'GET' })).status).toBe(200);
});

const handshake = (port: number, options: object): Promise<TLSSocket | Error> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }, () => resolve(socket));
    socket.on('error', resolve);
    onTestFinished(() => void socket.destroy());
  });

test('it speaks TLS 1.2 and newer only, and shows the certificate that people are told', async () => {
  const { folder, agent, port } = await openDoor();
  expect(await handshake(port, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).toBeInstanceOf(Error);
  const socket = await handshake(port, { maxVersion: 'TLSv1.2' });
  if (socket instanceof Error) throw socket;
  const shown: PeerCertificate = socket.getPeerCertificate();
  expect(shown.fingerprint256).toBe((await lanOf(agent, folder))?.fingerprint);
  expect(shown.subjectaltname).toContain('IP Address:127.0.0.1');
  const plain = await new Promise<string>((resolve) => {
    let heard = '';
    const line = connectPlain(port, '127.0.0.1', () => line.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'));
    line.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    line.on('error', () => {}).on('close', () => resolve(heard));
  });
  expect(plain).not.toContain('HTTP/1.1 2');
});

test('one address cannot take all lines', async () => {
  const { port } = await openDoor();
  const lines = Array.from({ length: LAN_CONNECTIONS_PER_ADDRESS_MAX }, () => connectPlain(port, '127.0.0.1'));
  for (const line of lines) {
    line.on('error', () => {});
    onTestFinished(() => void line.destroy());
  }
  await Promise.all(lines.map((line) => new Promise((resolve) => line.once('connect', resolve))));
  expect(await handshake(port, {})).toBeInstanceOf(Error);
  lines[0]?.destroy();
  await expect.poll(async () => (await handshake(port, {})) instanceof Error).toBe(false);
});

describe('the setting', () => {
  test('is followed while the agent runs, and kept', async () => {
    const folder = join(temporaryFolder(), 'data');
    const agent = await start(folder);
    expect(await lanOf(agent, folder)).toBeNull();
    writeLan(folder, { on: true, address: '127.0.0.1', port: 0 });
    await expect
      .poll(async () => (await lanOf(agent, folder))?.urls.length ?? 0, { timeout: 15_000 })
      .toBeGreaterThan(0);
    const first = await lanOf(agent, folder);
    const pin = first?.pin;
    const port = Number(new URL(first?.urls[0] ?? '').port);
    const line = await handshake(port, {});
    writeLan(folder, { names: ['tills.shop'] });
    const shows = async (): Promise<string> => {
      const socket = await handshake(port, {});
      return socket instanceof Error ? '' : (socket.getPeerCertificate().subjectaltname ?? '');
    };
    await expect.poll(shows, { timeout: 15_000 }).toContain('DNS:tills.shop');
    expect([(await lanOf(agent, folder))?.pin, line instanceof Error || line.destroyed]).toEqual([pin, false]);
    writeLan(folder, { on: false });
    await expect.poll(() => lanOf(agent, folder), { timeout: 15_000 }).toBeNull();
    await agent.stop();
    writeLan(folder, { on: true });
    expect((await lanOf(await start(folder), folder))?.pin).toBe(pin);
  });

  test('that cannot be followed is told, and sales go on', async () => {
    const folder = join(temporaryFolder(), 'data');
    const agent = await start(folder, { address: '192.0.2.1', port: 0 });
    expect((await lanOf(agent, folder))?.problem).toContain('EADDRNOTAVAIL');
    const headers = { authorization: `Bearer ${tokenOf(folder)}`, 'idempotency-key': 'k' };
    const { status } = await axios.post(`${agent.url}/v1/transactions`, sale(), { headers, proxy: false });
    expect(status).toBe(201);
  });

  test.each([
    ['192.168.1.10:8443', { address: '192.168.1.10', port: 8443 }],
    ['192.168.1.10', { address: '192.168.1.10' }],
    ['8443', { port: 8443 }],
    [':8443', { port: 8443 }],
    ['[fd00::1]:8443', { address: 'fd00::1', port: 8443 }],
    ['', null],
    ['shop:8443', null],
    ['1.2.3:8443', null],
    ['1.2.3.4:99999', null],
  ])('%s', (text, address) => expect(readAddress(text)).toEqual(address));
});

describe('the certificate', () => {
  const now = Date.parse('2026-11-21T10:00:00Z');
  const names = ['127.0.0.1', 'fd00::1', 'backoffice.shop.local'];

  test('is kept while it is good, and renewed in time under the same key', async () => {
    const folder = temporaryFolder();
    const first = await openCertificate(folder, names, now);
    expect(first.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(await openCertificate(folder, names, now + 200 * DAY_MS)).toEqual(first);
    const renewed = await openCertificate(folder, names, now + 300 * DAY_MS);
    expect(renewed.pin).toBe(first.pin);
    expect(renewed.fingerprint).not.toBe(first.fingerprint);
    expect(renewed.endsMs).toBeGreaterThan(first.endsMs);
    const named = await openCertificate(folder, [...names, '10.0.0.7'], now + 300 * DAY_MS);
    expect([named.pin, named.fingerprint === renewed.fingerprint]).toEqual([first.pin, false]);
  });

  test('its key is for the owner only; a damaged certificate is made anew', async () => {
    const folder = temporaryFolder();
    const { pin } = await openCertificate(folder, names, now);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'lan.key')).mode & 0o777).toBe(0o600);
    writeFileSync(certificateFile(folder), 'nonsense');
    expect((await openCertificate(folder, names, now)).pin).toBe(pin);
  });
});

test('names of a host header are those of the certificate, with the port', () => {
  expect(hostHeaders(['pc', '10.0.0.7', 'fd00::1'], 8443)).toEqual(['pc:8443', '10.0.0.7:8443', '[fd00::1]:8443']);
  expect(hostHeaders(['pc'], 443)).toEqual(['pc:443', 'pc']);
  expect(lanNames({ address: '10.0.0.7', names: ['tills.shop'] })).toEqual(
    expect.arrayContaining(['tills.shop', '10.0.0.7']),
  );
  expect(lanNames({ address: '0.0.0.0', names: [] })).not.toContain('127.0.0.1');
});
