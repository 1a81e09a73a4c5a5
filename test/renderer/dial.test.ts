// The window's line over a real message port to the agent's own router: asked for, unasked, silent, lost, restarted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { WINDOW_PORT_WAIT_MS, WINDOW_SILENCE_MS, WINDOW_TOLD_MS } from '../../core/limits/window.ts';
import { WINDOW_MESSAGE_BYTES_MAX } from '../../core/limits.ts';
import { type DesktopPage, openDesktopPage, openRouter, type Routers } from './window-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-dial-'));
let router: Routers['router'];
let close: Routers['close'];
beforeAll(async () => {
  ({ router, close } = await openRouter(folder));
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => void vi.useRealTimers());

/** A machine that does ten other things is slow, and no reason to fail. */
const patiently = <Of>(ask: () => Of) => vi.waitFor(ask, { timeout: 15_000 });
const isOpen = ({ agent }: DesktopPage) => patiently(() => expect(agent.connection.value).toBe('open'));
const isAbsent = ({ agent }: DesktopPage) => patiently(() => expect(agent.connection.value).toBe('absent'));
const known = (page: DesktopPage) => page.agent.ask((client, signal) => client.needs.list(undefined, { signal }));

test('asks the desktop program for a port, needs no key, and speaks the contract over it', async () => {
  const page = openDesktopPage(({ give }) => give(router(1)));
  expect(page.agent.connection.value).toBe('opening');
  await isOpen(page);
  expect(page.agent.snapshot.value?.store).toBe('S001');
  expect(await known(page)).toEqual([]);
  expect(page.asks()).toBe(1);
});

test('a port that closes is a lost program; the next one is asked for, and a restart is told', async () => {
  let runs = 0;
  const ports: { close(): void }[] = [];
  const page = openDesktopPage(({ give }) => {
    runs += 1;
    ports.push(give(router(runs)));
  });
  await isOpen(page);
  expect(page.agent.told.value).toBeNull();
  const unanswered = page.agent.converse(async (client) => {
    const states = await client.watch();
    for (;;) await states.next();
  });
  ports[0]?.close();
  expect(await unanswered).toBeNull();
  await isAbsent(page);
  expect(await known(page)).toBeNull();
  await isOpen(page);
  expect(page.agent.told.value).toBe('restarted');
  expect(page.asks()).toBe(2);
});

test('what is told for some seconds goes away by itself', async () => {
  const page = openDesktopPage(({ give }) => give(router(1)));
  await isOpen(page);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await page.agent.ask((client) => client.stock.explain({ sku: 'x'.repeat(WINDOW_MESSAGE_BYTES_MAX) }));
  expect(page.agent.told.value).toBe('too-large');
  await vi.advanceTimersByTimeAsync(WINDOW_TOLD_MS);
  expect(page.agent.told.value).toBeNull();
});

test('a line that breaks while the program runs on is no restart', async () => {
  const ports: { close(): void }[] = [];
  const page = openDesktopPage(({ give }) => ports.push(give(router(1))));
  await isOpen(page);
  ports[0]?.close();
  await isAbsent(page);
  await isOpen(page);
  expect(page.agent.told.value).toBeNull();
});

test('a port that comes unasked takes the place of the one before', async () => {
  let isClosed = false;
  const page = openDesktopPage(({ give }) => {
    give(router(1)).once('close', () => {
      isClosed = true;
    });
  });
  await isOpen(page);
  page.give(router(2));
  await patiently(() => expect(page.agent.snapshot.value?.startedMs).toBe(2));
  expect(page.agent.connection.value).toBe('open');
  expect(await known(page)).toEqual([]);
  expect(page.asks()).toBe(1);
  await patiently(() => expect(isClosed).toBe(true));
});

test('no port in time is an absent program, asked for again; a late one is taken all the same', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const page = openDesktopPage(() => {});
  await vi.advanceTimersByTimeAsync(WINDOW_PORT_WAIT_MS - 1);
  expect(page.agent.connection.value).toBe('opening');
  await vi.advanceTimersByTimeAsync(1);
  expect(page.agent.connection.value).toBe('absent');
  await vi.advanceTimersByTimeAsync(WINDOW_PORT_WAIT_MS);
  expect(page.asks()).toBe(2);
  vi.useRealTimers();
  page.give(router(1));
  await isOpen(page);
});

test('a port on which nothing is told counts as lost after a bound', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const page = openDesktopPage(({ giveSilent }) => void giveSilent());
  await vi.advanceTimersByTimeAsync(WINDOW_SILENCE_MS - 1);
  expect(page.agent.connection.value).toBe('opening');
  await vi.advanceTimersByTimeAsync(1);
  expect(page.agent.connection.value).toBe('absent');
});

test('why there is no program is told in the desktop program’s words, from this window only', async () => {
  const page = openDesktopPage(() => {});
  page.post({ kind: 'agent-trouble', sentence: 'It keeps stopping.' }, 'elsewhere');
  expect(page.agent.trouble.value).toBeNull();
  page.post({ kind: 'agent-trouble', sentence: 'It keeps stopping.' });
  expect([page.agent.connection.value, page.agent.trouble.value]).toEqual(['absent', 'It keeps stopping.']);
  page.post('something else');
  page.post({ kind: 'agent-trouble', sentence: 7 });
  expect(page.agent.trouble.value).toBe('It keeps stopping.');
  page.give(router(1));
  await isOpen(page);
  expect(page.agent.trouble.value).toBeNull();
});

test('a question beyond the bound is refused at once and told; the line stays', async () => {
  const page = openDesktopPage(({ give }) => give(router(1)));
  await isOpen(page);
  const sku = 'x'.repeat(WINDOW_MESSAGE_BYTES_MAX);
  expect(await page.agent.ask((client) => client.stock.explain({ sku }))).toBeNull();
  expect(page.agent.told.value).toBe('too-large');
  expect(page.agent.connection.value).toBe('open');
  expect(await known(page)).toEqual([]);
  expect(page.asks()).toBe(1);
});
