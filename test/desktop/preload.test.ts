// The preload gives the page one function, passes ports and sentences on, and gives nothing where a page could reach Node.
import { afterEach, expect, test, vi } from 'vitest';

type Posted = { message: unknown; origin: string; transfer: unknown };
type Listener = (event: { ports: unknown[] }, told?: unknown) => void;

afterEach(() => {
  vi.doUnmock('electron');
  vi.unstubAllGlobals();
});

async function load(isShutOff = true) {
  const exposed: Record<string, Record<string, (...args: unknown[]) => void>> = {};
  const sent: unknown[][] = [];
  const posted: Posted[] = [];
  const listeners: Record<string, Listener> = {};
  vi.stubGlobal('location', { origin: 'app://store' });
  vi.stubGlobal('window', {
    postMessage: (message: unknown, origin: string, transfer: unknown) => posted.push({ message, origin, transfer }),
  });
  Object.assign(process, { sandboxed: isShutOff, contextIsolated: true });
  vi.resetModules();
  vi.doMock('electron', () => ({
    contextBridge: { exposeInMainWorld: (name: string, what: never) => Object.assign(exposed, { [name]: what }) },
    ipcRenderer: {
      on: (channel: string, listener: Listener) => Object.assign(listeners, { [channel]: listener }),
      send: (...args: unknown[]) => sent.push(args),
    },
  }));
  await import('../../main/desktop/preload.ts');
  return {
    exposed,
    sent,
    posted,
    hear: (ports: unknown[], told?: unknown) => listeners['agent-port']?.({ ports }, told),
  };
}

test('the page may ask for the agent, with nothing of its own in the question', async () => {
  const { exposed, sent } = await load();
  expect(Object.keys(exposed)).toEqual(['desktop']);
  expect(Object.keys(exposed['desktop'] ?? {})).toEqual(['requestAgentPort']);
  exposed['desktop']?.['requestAgentPort']?.('rm -rf', { channel: 'other' });
  expect(sent).toEqual([['agent-port']]);
});

test('ports and sentences are passed to our own page only; what is not as agreed is not', async () => {
  const { hear, posted } = await load();
  hear(['port'], null);
  const trouble = { kind: 'agent-trouble', sentence: 'It does not answer.' };
  hear([], trouble);
  hear([], { ...trouble, sentence: null });
  for (const told of [
    undefined,
    null,
    'x',
    { kind: 'other' },
    { ...trouble, html: '<b>' },
    { ...trouble, sentence: 5 },
  ]) {
    hear([], told);
  }
  expect(posted).toEqual([
    { message: 'agent-port', origin: 'app://store', transfer: ['port'] },
    { message: trouble, origin: 'app://store', transfer: undefined },
    { message: { ...trouble, sentence: null }, origin: 'app://store', transfer: undefined },
  ]);
});

test('a page that is not shut off from the computer gets nothing', async () => {
  await expect(load(false)).rejects.toThrow(/not shut off/);
});
