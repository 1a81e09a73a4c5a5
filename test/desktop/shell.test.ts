// The shell against a fake Electron: what it shows, how it starts and ends, where it keeps the key.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PAGE_CRASHES } from '../../core/limits/desktop.ts';
import { HASHES_FILE } from '../../main/desktop-parts/own-files.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';
import type { FakeElectron } from './fake-electron.ts';
import { isSecond, packed, STANDING, type Start, start } from './shell-rig.ts';

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
  ready('service');
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

test('a fault that nobody caught is written down, and the program runs on', async () => {
  const before = process.listeners('uncaughtException');
  const { electron, userData } = await start();
  const [own] = process.listeners('uncaughtException').filter((listener) => !before.includes(listener));
  own?.(new Error('the unexpected'), 'uncaughtException');
  expect(readFileSync(join(userData, 'tillwire.log'), 'utf8')).toContain('the unexpected');
  expect([electron.app.hasQuit, electron.app.exitCode]).toEqual([false, null]);
});

test('asked to quit twice it ends once', async () => {
  const { electron, child, ready } = await start();
  ready('service');
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

test.each([
  ['open', [], ['.']],
  ['closed', ['--hidden'], ['.', '--hidden', '--hidden']],
])('after an update it starts itself anew, with its window %s as it was', async (_how, words, args) => {
  const { electron, child, ready } = await start({ words, platform: 'win32', ...packed() });
  ready('service');
  expect(electron.app.relaunches).toEqual([]);
  const { resourcesPath } = process as unknown as { resourcesPath: string };
  writeFileSync(join(resourcesPath, HASHES_FILE), '{"app.asar":"another"}');
  ready('service');
  expect(electron.app.relaunches).toEqual([args]);
  child?.emit('exit', 0);
  await until(() => expect(electron.app.hasQuit).toBe(true));
});
