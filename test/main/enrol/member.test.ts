// A device while its agent runs: how it reaches the broker, what it says of itself, what it does where central says no.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { makeAuthority, openAuthority } from '../../../central/devices/authority.ts';
import { openDeviceKey } from '../../../main/data-folder.ts';
import { keep } from '../../../main/enrol/kept.ts';
import { type MemberParts, openMember } from '../../../main/enrol/member.ts';
import { openCertificate } from '../../../main/lan-certificate.ts';
import { listenOnLoopback } from '../../../main/loopback.ts';
import { type Log, systemClock } from '../../../main/runtime.ts';
import { makeDiagnostics } from '../../../main/this-pc/diagnostics.ts';
import { openSigner } from '../../../protocol/wire/signing.ts';
import { startStorage } from '../../../storage/client.ts';
import { freePort } from '../../net.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';

const DAY_MS = 86_400_000;
const DEVICE = `d${'1'.repeat(12)}`;
const PASSWORD = 'password-of-the-broker-0123456789';

async function enrolled(central: string, more: { url?: string; authority?: string | null } = {}): Promise<string> {
  const folder = temporaryFolder();
  const { publicKey } = openSigner(openDeviceKey(folder));
  const authority = await openAuthority(await makeAuthority(Date.now()));
  const period = { fromMs: Date.now(), untilMs: Date.now() + 90 * DAY_MS };
  const holder = { store: 'S001', device: DEVICE };
  const certificate = await authority.issue({ ...holder, publicKey, ...period });
  const login = { clientId: 'tillwire-S001', username: DEVICE, password: PASSWORD };
  const broker = { url: 'mqtts://broker.example:8883', authority: null, ...login, ...more };
  const rest = { certificate, ...period, broker, authority: null, centralKey: publicKey, atMs: Date.now() };
  keep(folder, { v: 1, central, authority: null, token: '0'.repeat(12), credentials: { v: 1, ...holder, ...rest } });
  return folder;
}

async function member(folder: string, more: Partial<MemberParts> = {}) {
  const told = { changes: 0, fresh: 0 };
  const opened = await openMember({
    ...{ folder, broker: null, invitation: null, clock: systemClock, log: pino({ level: 'silent' }) as Log },
    ...{ network: () => ({}), onChange: () => void told.changes++, onFresh: () => void told.fresh++ },
    ...more,
  });
  onTestFinished(() => opened.close());
  return { ...opened, told };
}

test('it signs in with its certificate and password, by the way out of the store', async () => {
  const folder = await enrolled('https://central.example');
  const { cert } = await openCertificate(temporaryFolder(), ['proxy.example'], Date.now());
  const authorityFile = join(temporaryFolder(), 'authorities.pem');
  writeFileSync(authorityFile, cert);
  const network = () => ({ proxy: 'http://proxy.example:3128', authorityFile });
  const { way, state, centralKey } = await member(folder, { network });
  expect(way()).toMatchObject({
    ...{ url: 'mqtts://broker.example:8883', proxy: 'http://proxy.example:3128' },
    login: { username: DEVICE, password: PASSWORD },
    tls: { authority: undefined, besides: cert, key: expect.stringContaining('PRIVATE KEY') },
  });
  expect(state()).toMatchObject({ device: DEVICE, standing: 'active', sentence: null });
  expect(centralKey()).toHaveLength(64);
  const named = await member(folder, { broker: 'mqtt://127.0.0.1:1' });
  expect(named.way()).toMatchObject({ url: 'mqtt://127.0.0.1:1', login: { username: DEVICE } });
});

test('in open enrolment it is nobody at central, and the broker is the one that was named', async () => {
  const { way, state, client, maySend, rotateKeys } = await member(temporaryFolder(), { broker: 'mqtt://127.0.0.1:1' });
  expect({ way: way(), state: state(), client: client(), maySend: maySend() }).toEqual({
    ...{ state: null, client: null, maySend: true },
    way: { url: 'mqtt://127.0.0.1:1', proxy: undefined, tls: { besides: undefined } },
  });
  await expect(rotateKeys()).rejects.toThrow('not enrolled');
});

test('central that says no is told in its own words; the line is not begun anew for it', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(403).end(JSON.stringify({ message: 'It was taken back.', state: 'revoked' }));
  });
  const central = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  onTestFinished(() => void server.close());
  const { refused, state, told } = await member(await enrolled(central));
  refused();
  refused();
  await until(() => expect(state()).toMatchObject({ standing: 'declined', sentence: 'It was taken back.' }));
  refused();
  expect(asked).toEqual(['/v1/device/certificates']);
  expect(told.fresh).toBe(0);
});

test('central that is away changes nothing but the sentence', async () => {
  const { refused, state } = await member(await enrolled(`http://127.0.0.1:${await freePort()}`));
  refused();
  await until(() => expect(state()?.sentence).toContain('Nothing answers there'));
  expect(state()).toMatchObject({ standing: 'active', device: DEVICE });
});

test('what is saved for IT says where it is enrolled, and nothing that it signs in with', async () => {
  const folder = await enrolled('https://central.example');
  await (await startStorage({ folder, store: 'S001' })).close();
  const bytes = await makeDiagnostics({ folder, mirrorFolder: join(folder, 'mirror'), live: null, nowMs: Date.now() });
  const { strFromU8, unzipSync } = await import('fflate');
  const text = Object.values(unzipSync(bytes))
    .map((file) => strFromU8(file))
    .join('\n');
  expect(text).toContain(DEVICE);
  expect(text).not.toContain(PASSWORD);
  expect(text).not.toContain('PRIVATE KEY');
});
