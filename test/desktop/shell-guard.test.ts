// What the shell shuts off, against a fake Electron (S23 to S26).
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { preventable } from './fake-electron.ts';
import { packed, start } from './shell-rig.ts';

test('the page has a sandbox, a world of its own, and no Node', async () => {
  const { electron, window } = await start();
  expect(window?.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    preload: expect.stringMatching(/preload\.cjs$/),
  });
  expect(electron.done.filter((what) => what === 'sandbox' || what === 'ready')).toEqual(['sandbox', 'ready']);
  expect(electron.protocol.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  expect(window?.urls).toEqual(['app://store/']);
});

test('tools for developers are there for developers only', async () => {
  const { electron, window } = await start();
  expect([window?.options.webPreferences['devTools'], electron.Menu.application]).toEqual([true, undefined]);
  const inShop = await start({ platform: 'win32', ...packed() });
  expect([inShop.window?.options.webPreferences['devTools'], inShop.electron.Menu.application]).toEqual([false, null]);
});

test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
  '%s is denied',
  async (move) => {
    const { window, electron } = await start();
    const other = new electron.BrowserWindow({ webPreferences: {} });
    for (const contents of [window?.webContents, other.webContents]) {
      const event = preventable();
      contents?.emit(move, event, 'https://example.org/');
      expect(event.defaultPrevented).toBe(true);
    }
  },
);

test('no window opens another one, and no link another program', async () => {
  const { window } = await start();
  for (const url of ['https://example.org/', 'tel:+4930123', 'app://store/', 'file:///etc/passwd']) {
    expect(window?.webContents.openHandler?.({ url })).toEqual({ action: 'deny' });
  }
  const shell = readFileSync('main/desktop/main.ts', 'utf8') + readFileSync('main/desktop/guard.ts', 'utf8');
  expect(shell).not.toMatch(/openExternal|openPath/);
});

test('every permission is denied', async () => {
  const { handlers } = (await start()).electron.session.defaultSession;
  const granted: boolean[] = [];
  const ask = handlers['request'] as (...args: unknown[]) => void;
  for (const permission of ['media', 'geolocation', 'notifications', 'openExternal', 'clipboard-read', 'usb']) {
    ask(null, permission, (isGranted: boolean) => granted.push(isGranted));
    granted.push((handlers['check'] as (...args: unknown[]) => boolean)(null, permission, 'app://store', {}));
  }
  granted.push((handlers['device'] as (...args: unknown[]) => boolean)({ deviceType: 'hid' }));
  expect(granted).toEqual(Array(13).fill(false));
});

test('only what our page made itself is saved, where the user says', async () => {
  const { electron } = await start();
  const options: unknown[] = [];
  const download = (url: string) => {
    const event = preventable();
    const item = {
      getURL: () => url,
      getFilename: () => 'certificate.txt',
      setSaveDialogOptions: (o: unknown) => options.push(o),
    };
    electron.session.defaultSession.emit('will-download', event, item);
    return event.defaultPrevented;
  };
  expect(download('blob:app://store/8a6d')).toBe(false);
  expect(options).toEqual([{ defaultPath: 'certificate.txt' }]);
  for (const url of [
    'https://example.org/x.exe',
    'blob:https://example.org/1',
    'app://store/',
    'data:,x',
    'file:///x',
  ]) {
    expect(download(url)).toBe(true);
  }
});

test('files come with the policy in their head, over the one scheme', async () => {
  const { handlers } = (await start()).electron.session.defaultSession;
  const handle = handlers['app'] as (request: { method: string; url: string }) => Promise<Response>;
  const response = await handle({ method: 'GET', url: 'app://store/../../package.json' });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('our page gets a port; a frame in it, another page, or one that has gone astray do not', async () => {
  const { window, ready, ask, ports, child } = await start();
  ready('service');
  const own = window?.webContents.mainFrame;
  ask(null);
  ask({ origin: 'app://store' });
  ask(own, 'more');
  if (window !== undefined) window.webContents.mainFrame.origin = 'https://example.org';
  ask(own);
  expect(ports()).toBe(0);
  if (window !== undefined) window.webContents.mainFrame.origin = 'app://store';
  ask(own);
  expect(ports()).toBe(1);
  expect(window?.webContents.sent.at(-1)).toMatchObject({ channel: 'agent-port', message: null });
  expect(child?.posted.at(-1)).toMatchObject({ message: { kind: 'window' }, ports: [expect.anything()] });
});
