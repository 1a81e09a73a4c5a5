// This PC over a real journal: silent tills, what may be wiped, and a diagnostics bundle in which no secret is.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import axios from 'axios';
import { strFromU8, unzipSync } from 'fflate';
import { DateTime } from 'luxon';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../main/agent.ts';
import { agentClient } from '../../main/agent-client.ts';
import { openDeviceKey, openIdentity, readEndpoint, readIdentity } from '../../main/data-folder.ts';
import { makeChanges } from '../../main/rooms/parts.ts';
import { systemClock } from '../../main/runtime.ts';
import { watchSettings } from '../../main/settings.ts';
import { makeDiagnostics } from '../../main/this-pc/diagnostics.ts';
import { openLineSwitch } from '../../main/this-pc/line-switch.ts';
import { wipeReasons } from '../../main/this-pc/safe-to-wipe.ts';
import { scrub, secretsOf } from '../../main/this-pc/secrets.ts';
import { watchThisPc } from '../../main/this-pc/this-pc.ts';
import { addTill } from '../../main/till-tokens.ts';
import { takeSnapshot, windowRouter } from '../../main/window.ts';
import { WipeCertificate } from '../../protocol/wipe-certificate.ts';
import { openSigner } from '../../protocol/wire/signing.ts';
import { startStorage } from '../../storage/client.ts';
import { sale } from '../storage/shop.ts';
import { silentUplink } from '../sync/silent-uplink.ts';
import { temporaryFolder } from '../temporary.ts';

const HOUR_MS = 3_600_000;
const ALWAYS = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00' };

/** Journal and window of a PC without a line; `laterMs` is added to the clock of the window. */
async function openPc(folder: string, later: { ms: number } = { ms: 0 }) {
  const identity = openIdentity(folder, { store: 'S001', broker: 'mqtt://127.0.0.1:1' });
  const storage = await startStorage({ folder, store: identity.store });
  const clock = { ...systemClock, wallMs: () => Date.now() + later.ms };
  const changes = makeChanges();
  const state = { line: 'offline' as const, sinceMs: 0, reason: null, trial: false, renewedMs: null, inFlight: 0 };
  const start = () => silentUplink(() => state);
  const log = { warn: () => {} };
  const line = openLineSwitch({ folder, start, wallMs: clock.wallMs, onChange: changes.tell, log });
  const signer = openSigner(openDeviceKey(folder));
  const mirrorFolder = join(folder, 'mirror');
  const pc = watchThisPc({ folder, mirrorFolder, line, signer, storage, clock: systemClock, onChange: changes.tell });
  const settings = watchSettings({ folder, wallMs: clock.wallMs, onChange: changes.tell });
  onTestFinished(async () => {
    settings.close();
    pc.close();
    await line.stop();
    await storage.close();
  });
  const parts = { storage, uplink: line, clock, changes, settings, pc };
  return { storage, pc, window: createRouterClient(windowRouter(parts)), snapshot: () => takeSnapshot(parts) };
}

test('a till that goes silent while the store is open is told, and one that never sells on such a day is not', async () => {
  const folder = temporaryFolder();
  const later = { ms: 0 };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ openingHours: [ALWAYS], silentTillMinutes: 60 }));
  openIdentity(folder, { store: 'S001' });
  const { storage, snapshot } = await openPc(folder, later);
  const today = DateTime.now();
  const on = (workstation: string, days: number) => ({
    workstation,
    businessDate: today.minus({ days }).toISODate() ?? '',
  });
  await storage.append(sale(1, on('T1', 0)));
  await storage.append(sale(2, on('T2', 7)));
  await storage.append(sale(3, on('T3', 3)));
  expect((await snapshot()).silentTills).toEqual([]);
  later.ms = HOUR_MS + 1_000;
  const silent = (await snapshot()).silentTills ?? [];
  expect(silent.map(({ workstation }) => workstation)).toEqual(['T1', 'T2']);
});

test('a pause from the window is told with who and why, kept, and ended', async () => {
  const folder = temporaryFolder();
  const later = { ms: 0 };
  const { window, snapshot } = await openPc(folder, later);
  await expect(window.pc.pause({ reason: ' ', by: 'K.' })).rejects.toThrow();
  await window.pc.pause({ reason: ' New router ', by: 'K.' });
  expect(await snapshot()).toMatchObject({ line: 'paused', pause: { reason: 'New router', by: 'K.' }, notices: [] });
  later.ms = 25 * HOUR_MS;
  expect((await snapshot()).notices).toMatchObject([{ code: 'paused-long' }]);
  await window.pc.resume();
  expect(await snapshot()).toMatchObject({ line: 'offline', pause: null, notices: [] });
});

test('what waits speaks against wiping; the certificate of an empty PC holds', async () => {
  const folder = temporaryFolder();
  const { storage, window } = await openPc(folder);
  const saved = await window.pc.certificate();
  const certificate = WipeCertificate.parse(JSON.parse(Buffer.from(saved?.base64 ?? '', 'base64').toString()));
  expect(certificate).toMatchObject({ store: 'S001', centralKey: null, epochs: [{ seq: 0, mark: null }] });
  expect(await window.pc.safeToWipe()).toEqual({ safe: true, reasons: [] });

  await storage.append(sale(1));
  mkdirSync(join(folder, 'drop', 'tills', 'set-aside'), { recursive: true });
  writeFileSync(join(folder, 'drop', 'tills', 'mapping.json'), '{}');
  writeFileSync(join(folder, 'drop', 'tills', 'new.csv'), 'x');
  writeFileSync(join(folder, 'drop', 'tills', 'set-aside', 'old.csv'), 'x');
  expect(await window.pc.safeToWipe()).toEqual({
    safe: false,
    reasons: [
      { code: 'waiting', count: 1 },
      { code: 'files', count: 2 },
    ],
  });
  expect(await window.pc.certificate()).toBeNull();
  expect(await window.pc.state()).toMatchObject({
    folder,
    settings: null,
    secondCopy: { healthy: true, sameDisk: true },
    door: null,
  });
});

test('each thing that speaks against wiping is a reason of its own', () => {
  const epoch = { ordinal: 1, life: 'a', seq: 3, chain: 'c', settled: 3, open: true, mark: 'signed' };
  const good = { epochs: [epoch], setAside: 0, drafts: 0, trial: false, centralKey: 'k' };
  const codes = (facts: Partial<typeof good>): string[] =>
    wipeReasons({ ...good, ...facts }, 0).map(({ code }) => code);
  expect(codes({})).toEqual([]);
  expect(codes({ epochs: [{ ...epoch, settled: 2 }] })).toEqual(['waiting']);
  expect(codes({ setAside: 1 })).toEqual(['set-aside']);
  expect(codes({ drafts: 2 })).toEqual(['drafts']);
  expect(codes({ trial: true })).toEqual(['trial']);
  expect(wipeReasons({ ...good, epochs: [{ ...epoch, mark: null } as never] }, 0)).toEqual([
    { code: 'no-word', count: 1 },
  ]);
});

test('the diagnostics bundle holds no secret, name, number or content, wherever they were planted', async () => {
  const folder = temporaryFolder();
  const broker = 'mqtt://shop:Br0ker-Pass!@127.0.0.1:1';
  openIdentity(folder, { store: 'S001', broker });
  const tillToken = addTill(folder, 'front', null, Date.now());
  mkdirSync(join(folder, 'webhooks'));
  writeFileSync(join(folder, 'webhooks', 'square.json'), JSON.stringify({ secret: 'webhook-secret-1234567890' }));
  const help = { name: 'Helga Planted', phone: '+49 30 7654321' };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ help, silentTillMinutes: 45 }));
  const agent = await startAgent({
    ...{ folder, store: 'S001', broker, port: 0, log: pino({ level: 'silent' }) },
    onFault: (error) => {
      throw error;
    },
  });
  onTestFinished(agent.stop);
  const { token = '', windowToken = '', pseudonymKey = '' } = readIdentity(folder) ?? {};
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'k1' };
  const document = {
    ...{ kind: 'sale', workstation: 'T-PLANTED', receipt: 'R-PLANTED', businessDate: '2026-11-21' },
    ...{ occurred: '2026-11-21T10:00:00Z', currency: 'EUR', total: '4711.99' },
    ...{ operator: 'Olga-Planted', customer: 'Carl Planted' },
    lines: [{ sku: 'SKU-PLANTED', quantity: 1, description: 'Description-Planted' }],
  };
  const posted = await axios.post(`${agent.url}/v1/transactions`, document, { headers, proxy: false });
  expect(posted.status).toBe(201);
  await agentClient(readEndpoint(folder) ?? { url: '', pid: 0, token: '' }).status();
  // As a fault of a library may word it.
  const line = JSON.stringify({ reason: `connect ${broker} with ${token}, card 4111 1111 1111 1111` });
  writeFileSync(join(folder, 'log', 'agent.log'), `${line}\n`);

  const live = await agentClient(readEndpoint(folder) ?? { url: '', pid: 0, token: '' }).status();
  const bundle = await makeDiagnostics({ folder, mirrorFolder: join(folder, 'mirror'), live, nowMs: Date.now() });
  const files = unzipSync(bundle);
  const all = Object.values(files)
    .map((bytes) => strFromU8(bytes))
    .join('\n');
  const keyLines = readFileSync(join(folder, 'device.key'), 'utf8').split('\n').slice(1, -2);
  const planted = [
    ...[
      token,
      windowToken,
      pseudonymKey,
      tillToken,
      ...keyLines,
      'webhook-secret',
      'Br0ker-Pass',
      'PLANTED',
      'Planted',
    ],
    ...['4711', '471199', '7654321', '4111 1111', '4111111111111111'],
  ];
  for (const secret of planted) {
    expect(secret.length).toBeGreaterThan(3);
    expect(all).not.toContain(secret);
  }
  const json = (name: string) => JSON.parse(strFromU8(files[name] ?? new Uint8Array()));
  expect(json('status.json')).toMatchObject({ running: true, captured: 1, waiting: 1 });
  expect(json('journal.json')).toMatchObject({ store: 'S001', check: ['ok'], safeToWipe: { safe: false } });
  expect(json('settings.json')).toMatchObject({ settings: { silentTillMinutes: 45, help: 'set' } });
  expect(json('connection.json')).toMatchObject({ broker: 'mqtt://127.0.0.1:1' });
  expect(strFromU8(files['log.txt'] ?? new Uint8Array())).toContain('"reason":"connect');
});

test('secrets are found in every file of a folder, and painted over longest first', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'x.json'), JSON.stringify({ deep: { aToken: 'token-12345678' }, open: 'not-a-secret' }));
  writeFileSync(join(folder, 'lan.key'), '-----BEGIN KEY-----\nQUJDREVGR0hJSktMTU5PUA==\n-----END KEY-----\n');
  const secrets = secretsOf(folder);
  expect(secrets).toEqual(['QUJDREVGR0hJSktMTU5PUA==', 'token-12345678']);
  expect(scrub('a token-12345678 b QUJDREVGR0hJSktMTU5PUA== not-a-secret', secrets)).toBe('a *** b *** not-a-secret');
});
