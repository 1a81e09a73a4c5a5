// The shell against a fake Electron: what it shuts off, what it shows, how it starts and ends.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { PAGE_CRASHES } from '../../core/limits/desktop.ts';
import { HASHES_FILE, hashesOf } from '../../main/desktop-parts/own-files.ts';
import type { FromBackground, Standing } from '../../protocol/local/desktop.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';
import { type FakeElectron, makeElectron, preventable } from './fake-electron.ts';

const ARGUMENTS = process.argv;
const PLATFORM = process.platform;
const STANDING: Standing = {
  sign: 'good',
  store: 'S001',
  sentence: 'All sent',
  questions: { store: 0, others: 0, newestMs: null },
  notices: [],
};

afterEach(() => {
  process.argv = ARGUMENTS;
  Object.defineProperty(process, 'platform', { value: PLATFORM });
  vi.doUnmock('electron');
});

type Start = { words?: string[]; userData?: string; before?: (electron: FakeElectron) => unknown; platform?: string };

/** Installed as it was packed, but for the change. */
function packed(change: (resources: string) => void = () => {}): Pick<Start, 'before'> {
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

const isSecond = ({ app }: FakeElectron): unknown => Object.assign(app, { isFirst: false });

async function start({ words = [], userData = temporaryFolder(), before, platform = 'linux' }: Start = {}) {
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
    ready(mode: 'attached' | 'own') {
      child?.emit('message', { kind: 'ready', mode });
      child?.emit('message', { kind: 'standing', standing: STANDING });
    },
    ask: (from: unknown, ...args: unknown[]) => electron.ipcMain.emit('agent-port', { senderFrame: from }, ...args),
    choose: (label: RegExp) => tray?.menu.find((item) => label.test(item.label))?.click(),
    ports: () => window?.webContents.sent.filter(({ ports }) => ports.length > 0).length ?? 0,
  };
}

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
  expect(electron.done.indexOf('sandbox')).toBeLessThan(electron.done.indexOf('ready'));
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
  ready('attached');
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

test('the first instance shows itself when a second one is started, which ends', async () => {
  const { electron, window } = await start({ words: ['--hidden'] });
  expect([window, electron.windows.length]).toEqual([undefined, 0]);
  electron.app.emit('second-instance', {}, ['electron', '.', '--hidden']);
  expect(electron.windows).toEqual([]);
  electron.app.emit('second-instance', {}, ['electron', '.']);
  expect(electron.windows[0]?.isShown).toBe(true);
  const second = await start({ before: isSecond });
  expect(second.electron.app.hasQuit).toBe(true);
  expect([second.electron.children, second.electron.trays, second.electron.windows]).toEqual([[], [], []]);
});

test('started at login it stays in the tray', async () => {
  const { electron, tray, choose } = await start({ words: ['--hidden'] });
  expect(electron.windows).toEqual([]);
  expect(tray?.tooltips.at(-1)).toBe('Tillwire: Starting…');
  choose(/open/i);
  expect(electron.windows[0]?.urls).toEqual(['app://store/']);
});

test('the tray has a picture for each state, that exists in all sizes', async () => {
  const { tray, say } = await start();
  for (const sign of ['good', 'busy', 'safe', 'needs', 'stop', 'lost'] as const) {
    say({ kind: 'standing', standing: { ...STANDING, sign } });
    expect(tray?.images.at(-1)).toMatch(new RegExp(`tray-${sign}-24\\.png$`));
    for (const name of [16, 24, 32].flatMap((size) => [`${sign}-${size}.png`, `${sign}-${size}@2x.png`])) {
      expect(existsSync(join('build/icons/tray', `tray-${name}`)), name).toBe(true);
    }
  }
});

test('a message leads to its room when it is clicked', async () => {
  const { electron, window, say } = await start();
  say({ kind: 'standing', standing: { ...STANDING, questions: { store: 1, others: 0, newestMs: 5 } } });
  expect(electron.notifications).toHaveLength(1);
  electron.notifications[0]?.emit('click');
  expect(window?.urls).toEqual(['app://store/', 'app://store/#needs']);
  expect(window?.isShown).toBe(true);
});

test('closing the window hides it and remembers its place', async () => {
  const { electron, window, userData } = await start();
  expect(window?.close()).toBe(false);
  expect(window?.isShown).toBe(false);
  expect(electron.app.hasQuit).toBe(false);
  const next = await start({ userData });
  expect(next.window?.options).toMatchObject({ x: 10, y: 20, width: 1_000, height: 700, show: false });
});

test('a page that crashes is loaded anew, not without end', async () => {
  const { electron, window } = await start();
  for (let time = 0; time < PAGE_CRASHES.max; time++)
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  expect(window?.webContents.reloads).toBe(PAGE_CRASHES.max);
  window?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  expect(window?.isDestroyed).toBe(true);
  electron.app.emit('second-instance', {}, []);
  expect(electron.windows).toHaveLength(2);
});

test('waking up and unlocking are passed on', async () => {
  const { electron, child, ready } = await start();
  ready('own');
  electron.powerMonitor.emit('resume');
  electron.powerMonitor.emit('unlock-screen');
  expect(child?.posted.filter(({ message }) => message.kind === 'woken')).toHaveLength(2);
});

test('one background process, with a log; it is started again where it ends', async () => {
  const { electron, child, userData } = await start();
  expect(child?.file).toMatch(/agent-process\.js$/);
  child?.stderr.emit('data', Buffer.from('what went wrong\n'));
  expect(readFileSync(join(userData, 'tillwire.log'), 'utf8')).toBe('what went wrong\n');
  child?.emit('exit', 1);
  await until(() => expect(electron.children).toHaveLength(2));
});

test('quitting beside a service asks nobody; the background process ends first, then the window', async () => {
  const { electron, child, window, ready, choose } = await start();
  ready('attached');
  choose(/quit/i);
  expect(electron.dialog.asked).toEqual([]);
  expect(child?.posted.at(-1)?.message).toEqual({ kind: 'end' });
  expect([electron.app.hasQuit, window?.isDestroyed]).toEqual([false, false]);
  child?.emit('exit', 0);
  await until(() => expect(electron.app.hasQuit).toBe(true));
  expect(window?.isDestroyed).toBe(true);
  expect(electron.children).toHaveLength(1);
});

test('where tills rely on this program, quitting warns in words, and is not the first button', async () => {
  const { electron, child, ready, choose } = await start();
  ready('own');
  choose(/quit/i);
  await until(() => expect(electron.dialog.asked).toHaveLength(1));
  expect(electron.dialog.asked[0]).toMatchObject({
    buttons: ['Keep running', 'Quit'],
    detail: expect.stringContaining('tills cannot hand over their sales'),
  });
  expect(child?.posted.at(-1)?.message.kind).toBe('begin');
  electron.dialog.answer = 1;
  choose(/quit/i);
  await until(() => expect(child?.posted.at(-1)?.message.kind).toBe('end'));
});

test('asked to quit twice it ends once', async () => {
  const { electron, child, ready } = await start();
  ready('attached');
  electron.app.quit();
  electron.app.quit();
  expect(child?.posted.filter(({ message }) => message.kind === 'end')).toHaveLength(1);
  child?.emit('exit', 0);
  await until(() => expect(electron.app.hasQuit).toBe(true));
});

test.each<[string, (box: FakeElectron['safeStorage']) => unknown, boolean]>([
  ['a key store of the system', () => {}, true],
  ['none', (box) => Object.assign(box, { isAvailable: false }), false],
  ['one with a password that everybody knows', (box) => Object.assign(box, { backend: 'basic_text' }), false],
  ['one that is not known', (box) => Object.assign(box, { backend: 'unknown' }), false],
])('with %s the key is sealed or kept plain', async (_what, change, isSealed) => {
  const { child, userData, say } = await start({ before: ({ safeStorage }) => change(safeStorage) });
  mkdirSync(join(userData, 'store'));
  say({ kind: 'key-wanted' });
  await until(() =>
    expect(child?.posted.at(-1)?.message).toMatchObject({ kind: 'key', pem: expect.stringContaining('KEY') }),
  );
  expect(existsSync(join(userData, 'store/device.key.sealed'))).toBe(isSealed);
  expect(existsSync(join(userData, 'store/device.key'))).toBe(!isSealed);
});

test('on Windows every such key store is one of the system', async () => {
  const { userData, child, say } = await start({
    platform: 'win32',
    before: ({ safeStorage }) => Object.assign(safeStorage, { backend: 'unknown' }),
  });
  mkdirSync(join(userData, 'store'));
  say({ kind: 'key-wanted' });
  await until(() => expect(child?.posted.at(-1)?.message.kind).toBe('key'));
  expect(existsSync(join(userData, 'store/device.key.sealed'))).toBe(true);
});

test.each(['linux', 'win32'])('packed for %s it starts as it was packed, and not otherwise', async (platform) => {
  const good = await start({ platform, ...packed() });
  expect(good.electron.windows).toHaveLength(1);
  expect(good.child?.file).toMatch(/agent[/\\]desktop[/\\]agent-process\.js$/);
  const bad = await start({
    platform,
    ...packed((resources) => writeFileSync(join(resources, 'app.asar'), 'The program')),
  });
  expect(bad.electron.dialog.boxes).toEqual([
    ['Tillwire was not started', expect.stringContaining('app.asar is not as it')],
  ]);
  expect(bad.electron.app.exitCode).toBe(73);
  expect([bad.electron.children, bad.electron.windows, bad.electron.trays]).toEqual([[], [], []]);
});

test('what goes wrong at the start is told, and the program ends', async () => {
  const cannot = (electron: FakeElectron): void => {
    electron.Tray = class {
      constructor() {
        throw new Error('There is no tray.');
      }
    } as never;
  };
  const { electron } = await start({ before: cannot });
  expect(electron.dialog.boxes).toEqual([['Tillwire was not started', 'There is no tray.']]);
  expect(electron.app.exitCode).toBe(73);
});

test('packed for Windows it asks once to be started at login, hidden; from source it never does', async () => {
  const userData = temporaryFolder();
  const options: Start = { userData, platform: 'win32', ...packed() };
  expect((await start(options)).electron.app.loginItems).toEqual([{ openAtLogin: true, args: ['--hidden'] }]);
  expect((await start(options)).electron.app.loginItems).toEqual([]);
  expect((await start({ platform: 'win32' })).electron.app.loginItems).toEqual([]);
  const byInstaller = ({ app }: FakeElectron): unknown =>
    Object.assign(app, { isPackaged: true, isStartedForAll: true });
  expect((await start({ platform: 'win32', before: byInstaller })).electron.app.loginItems).toEqual([]);
});
