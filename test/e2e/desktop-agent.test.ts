// The background process runs an agent or attaches to one, never two on one folder, and joins windows to it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RELAYS_MAX } from '../../core/limits/desktop.ts';
import { startAgent } from '../../main/agent.ts';
import { deviceKeyFile, readIdentity } from '../../main/data-folder.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { writeWindowFile } from '../../main/window-file.ts';
import type { Begin } from '../../protocol/local/desktop.ts';
import { makePrivateKeyPem } from '../../protocol/wire/signing.ts';
import { startBackground } from '../desktop/background-rig.ts';
import { temporaryFolder } from '../temporary.ts';

/** Agents are started and ended: where other programs keep the machine busy that takes its time. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

const NO_BROKER = 'mqtt://127.0.0.1:1';
const withKey = () => ({ kind: 'key', pem: makePrivateKeyPem() }) as const;

function begin(more: Partial<Begin> = {}): Omit<Begin, 'kind'> {
  const folder = temporaryFolder();
  return {
    ...{ folder: join(folder, 'store'), isNamed: false, serviceOnly: false },
    ...{ windowFile: join(folder, 'window.json'), port: 0 },
    ...more,
  };
}

const forStore = (more: Partial<Begin> = {}) => begin({ store: 'S001', broker: NO_BROKER, ...more });

async function service(folder: string) {
  const agent = await startAgent({
    ...{ folder, store: 'S009', broker: NO_BROKER, port: 0, log: pino({ level: 'silent' }) },
    onFault(error) {
      throw error;
    },
  });
  onTestFinished(agent.stop);
  return agent;
}

function tellWindows(windowFile: string, folder: string, url: string): void {
  const windowToken = readIdentity(folder)?.windowToken ?? '';
  writeWindowFile(windowFile, { url, windowToken, store: 'S009', pid: process.pid });
}

test('without a service it runs the agent itself, with the key that main opened', async () => {
  const wanted = forStore();
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.kinds()).toEqual(['key-wanted', 'own', 'standing']));
  expect(existsSync(deviceKeyFile(wanted.folder))).toBe(false);
  expect(background.standing()).toMatchObject({ store: 'S001', questions: { store: 0 } });
  const { client } = background.openWindow();
  expect(await client.receipts.recent({ limit: 10 })).toEqual([]);
});

test('windows follow the state through their ports, and ports close when it ends', async () => {
  const background = startBackground(forStore(), withKey);
  await until(() => expect(background.kinds()).toContain('own'));
  const [one, other] = [background.openWindow(), background.openWindow()];
  for (const { client } of [one, other]) {
    for await (const state of await client.watch()) {
      expect(state.store).toBe('S001');
      break;
    }
  }
  await background.end();
  await Promise.all([one.closed, other.closed]);
  expect(background.exits).toEqual([0]);
});

test('a service is attached to, and no agent is started here', async () => {
  const wanted = forStore();
  const folder = temporaryFolder();
  const agent = await service(join(folder, 'service'));
  tellWindows(wanted.windowFile, join(folder, 'service'), agent.url);
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.standing()?.store).toBe('S009'));
  expect(background.kinds()).toEqual(['service', 'standing']);
  expect(existsSync(wanted.folder)).toBe(false);
  const { client, closed } = background.openWindow();
  expect(await client.receipts.recent({ limit: 1 })).toEqual([]);
  await agent.stop();
  await closed;
  await until(() => expect(background.kinds().at(-1)).toBe('service-silent'));
});

test('a folder whose agent runs already is attached to: never two on one folder', async () => {
  const folder = join(temporaryFolder(), 'store');
  await service(folder);
  const background = startBackground(begin({ folder, isNamed: true }), withKey);
  await until(() => expect(background.kinds()).toEqual(['attached', 'standing']));
});

test('an agent that was left behind on the own folder is followed to its end, then one of its own goes on', async () => {
  const wanted = forStore({ store: 'S009' });
  const left = await service(wanted.folder);
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.kinds()).toEqual(['attached', 'standing']));
  await left.stop();
  await until(() => expect(background.kinds()).toContain('own'));
});

test('an agent on a folder that was named is waited for when it ends: its place is not taken', async () => {
  const folder = join(temporaryFolder(), 'store');
  const first = await service(folder);
  const background = startBackground(begin({ folder, isNamed: true }), withKey);
  await until(() => expect(background.kinds()).toEqual(['attached', 'standing']));
  await first.stop();
  await until(() => expect(background.kinds().at(-1)).toBe('service-silent'));
  await service(folder);
  await until(() => expect(background.kinds().filter((kind) => kind === 'attached')).toHaveLength(2));
  expect(background.kinds()).not.toContain('own');
});

test('a folder that another program holds without answering is waited for', async () => {
  const folder = join(temporaryFolder(), 'store');
  const agent = await service(folder);
  writeFileSync(
    join(folder, 'endpoint.json'),
    JSON.stringify({ url: 'http://127.0.0.1:1', pid: process.pid, token: 'x' }),
  );
  const background = startBackground(begin({ folder, isNamed: true }), withKey);
  await until(() => expect(background.kinds()).toContain('folder-in-use'));
  await agent.stop();
  await until(() => expect(background.kinds()).toContain('own'));
});

test('a service that is installed and silent is waited for; its place is not taken', async () => {
  const wanted = forStore();
  writeWindowFile(wanted.windowFile, { url: 'http://127.0.0.1:1', windowToken: 'x', store: 'S009', pid: process.pid });
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.kinds()).toContain('service-silent'));
  const folder = join(temporaryFolder(), 'service');
  tellWindows(wanted.windowFile, folder, (await service(folder)).url);
  await until(() => expect(background.standing()?.store).toBe('S009'));
  expect(existsSync(wanted.folder)).toBe(false);
});

test.each<[string, Partial<Begin>]>([
  ['there was a service before', { store: 'S001', broker: NO_BROKER, serviceOnly: true }],
  ['nobody said which store this is', {}],
])('none is run where %s', async (_why, more) => {
  const wanted = begin(more);
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.kinds()).toContain(more.serviceOnly === true ? 'service-silent' : 'not-set-up'));
  expect(existsSync(wanted.folder)).toBe(false);
});

test('the installer may have left in the folder which store this is', async () => {
  const wanted = begin();
  mkdirSync(wanted.folder);
  writeFileSync(join(wanted.folder, 'enrolment.json'), JSON.stringify({ store: 'S077', broker: NO_BROKER }));
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.standing()?.store).toBe('S077'));
});

test.each([
  ['another host', (port: number) => `http://localhost:${port}`],
  ['another protocol', (port: number) => `https://127.0.0.1:${port}`],
])('the token is told to nobody but an agent of this PC: %s', async (_what, url) => {
  let calls = 0;
  const stranger = createServer(() => calls++);
  onTestFinished(() => void stranger.close());
  const port = await listenOnLoopback(stranger);
  const wanted = begin();
  writeWindowFile(wanted.windowFile, { url: url(port), windowToken: 'x', store: 'S009', pid: process.pid });
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.kinds()).toContain('service-silent'));
  expect(calls).toBe(0);
});

test('a token that is not accepted is not taken for an agent', async () => {
  const wanted = begin();
  const folder = join(temporaryFolder(), 'service');
  const { url } = await service(folder);
  writeWindowFile(wanted.windowFile, { url, windowToken: 'another', store: 'S009', pid: process.pid });
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.kinds()).toContain('service-silent'));
});

test('what stops an agent from starting is told in its own words, then it ends', async () => {
  const wanted = forStore();
  mkdirSync(wanted.folder);
  writeFileSync(join(wanted.folder, 'holiday.jpg'), '');
  const background = startBackground(wanted, withKey);
  await until(() => expect(background.exits).toEqual([70]));
  expect(background.said).toEqual([
    { kind: 'fault', message: `${wanted.folder} holds other files: give the agent a folder of its own.` },
  ]);
});

test('without a key no agent is run', async () => {
  const background = startBackground(forStore(), () => ({ kind: 'no-key', message: 'The key store is locked.' }));
  await until(() => expect(background.exits).toEqual([70]));
  expect(background.said.at(-1)).toEqual({ kind: 'fault', message: 'The key store is locked.' });
});

test('a port that comes while there is no agent is closed', async () => {
  const background = startBackground(begin(), withKey);
  await background.openWindow().closed;
});

test('a window that says what is no frame, or too much, loses its port and nobody else', async () => {
  const background = startBackground(forStore(), withKey);
  await until(() => expect(background.kinds()).toContain('own'));
  const good = background.openWindow();
  for (const nonsense of [5, null, { kind: 'begin' }, 'x'.repeat(300_000), new Uint8Array(300_000)]) {
    const bad = background.openWindow();
    bad.port.postMessage(nonsense);
    await bad.closed;
  }
  expect(await good.client.receipts.recent({ limit: 1 })).toEqual([]);
});

test('of windows without number the oldest go', async () => {
  const background = startBackground(forStore(), withKey);
  await until(() => expect(background.kinds()).toContain('own'));
  const windows = Array.from({ length: RELAYS_MAX + 2 }, () => background.openWindow());
  await Promise.all(windows.slice(0, 2).map(({ closed }) => closed));
  expect(await windows.at(-1)?.client.receipts.recent({ limit: 1 })).toEqual([]);
  expect(await windows[2]?.client.receipts.recent({ limit: 1 })).toEqual([]);
});

test('messages that are not as agreed are dropped', async () => {
  const background = startBackground(begin(), withKey);
  for (const raw of [null, 'end', { kind: 'end', now: true }, { kind: 'key', pem: 5 }, { kind: 'run' }]) {
    background.take(raw);
  }
  await until(() => expect(background.kinds()).toContain('not-set-up'));
  expect(background.exits).toEqual([]);
});
