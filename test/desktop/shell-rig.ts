// The shell started against a fake Electron: what a test needs to act on it and to see what it did.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import { HASHES_FILE, hashesOf } from '../../main/desktop-parts/own-files.ts';
import type { FromBackground, Mode, Standing } from '../../protocol/local/desktop.ts';
import { temporaryFolder } from '../temporary.ts';
import { type FakeElectron, makeElectron } from './fake-electron.ts';

const ARGUMENTS = process.argv;
const PLATFORM = process.platform;
export const STANDING: Standing = {
  sign: 'good',
  store: 'S001',
  sentence: 'All sent',
  questions: { store: 0, others: 0, newestMs: null },
  notices: [],
};

const LISTENERS = process.listeners('uncaughtException');

afterEach(() => {
  for (const listener of process.listeners('uncaughtException')) {
    if (!LISTENERS.includes(listener)) process.off('uncaughtException', listener);
  }
  process.argv = ARGUMENTS;
  Object.defineProperty(process, 'platform', { value: PLATFORM });
  vi.doUnmock('electron');
});

export type Start = {
  words?: string[];
  userData?: string;
  before?: (electron: FakeElectron) => unknown;
  platform?: string;
};

/** Installed as it was packed, but for the change. */
export function packed(change: (resources: string) => void = () => {}): Pick<Start, 'before'> {
  const resources = temporaryFolder();
  writeFileSync(join(resources, 'app.asar'), 'the program');
  writeFileSync(join(resources, HASHES_FILE), JSON.stringify(hashesOf(resources, ['app.asar'])));
  change(resources);
  return {
    before({ app }) {
      app.isPackaged = true;
      Object.assign(process, { resourcesPath: resources });
    },
  };
}

export const isSecond = ({ app }: FakeElectron): unknown => Object.assign(app, { isFirst: false });

export async function start({ words = [], userData = temporaryFolder(), before, platform = 'linux' }: Start = {}) {
  const electron = makeElectron();
  electron.app.userData = userData;
  Object.assign(process, { resourcesPath: '/nowhere' });
  before?.(electron);
  process.argv = ['electron', '.', ...words];
  Object.defineProperty(process, 'platform', { value: platform });
  vi.resetModules();
  vi.doMock('electron', () => electron);
  await import('../../main/desktop/main.ts');
  await new Promise((resolve) => setImmediate(resolve));
  const child = electron.children[0];
  const [window] = electron.windows;
  const [tray] = electron.trays;
  return {
    ...{ electron, child, window, tray, userData },
    say: (message: FromBackground) => child?.emit('message', message),
    ready(mode: Mode) {
      child?.emit('message', { kind: 'ready', mode });
      child?.emit('message', { kind: 'standing', standing: STANDING });
    },
    ask: (from: unknown, ...args: unknown[]) => electron.ipcMain.emit('agent-port', { senderFrame: from }, ...args),
    choose: (label: RegExp) => tray?.menu.find((item) => label.test(item.label))?.click(),
    ports: () => window?.webContents.sent.filter(({ ports }) => ports.length > 0).length ?? 0,
  };
}
