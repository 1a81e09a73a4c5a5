// Where the window opens, what is remembered, what the program was started with, how it starts at login, its log.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DESKTOP_LOG_BYTES_MAX, TILLS_PORT } from '../../core/limits/desktop.ts';
import { startAtLogin } from '../../main/desktop-parts/autostart.ts';
import { openKeptState } from '../../main/desktop-parts/kept-state.ts';
import { openLogFile } from '../../main/desktop-parts/log-file.ts';
import { startOptions, windowFileOf } from '../../main/desktop-parts/start-options.ts';
import { placeWindow, SMALLEST } from '../../main/desktop-parts/window-place.ts';
import { temporaryFolder } from '../temporary.ts';

const LEFT = { x: 0, y: 0, width: 1_366, height: 728 };
const RIGHT = { x: 1_366, y: 0, width: 1_920, height: 1_040 };
const KEPT = { x: 1_500, y: 100, width: 1_200, height: 700 };

test('the window opens where it was, as long as its screen is there', () => {
  expect(placeWindow(KEPT, [LEFT, RIGHT])).toEqual(KEPT);
  expect(placeWindow(KEPT, [LEFT])).toEqual({ width: 1_200, height: 700 });
});

test('it is never larger than its screen, nor too small, and has a size without a memory', () => {
  expect(placeWindow({ ...KEPT, x: 10, width: 5_000, height: 5_000 }, [LEFT])).toEqual({
    ...{ x: 10, y: 100, width: 1_366, height: 728 },
  });
  expect(placeWindow({ x: 0, y: 0, width: 10, height: 10 }, [LEFT])).toMatchObject(SMALLEST);
  expect(placeWindow(null, [LEFT])).toEqual({ width: 1_280, height: 728 });
  expect(placeWindow(null, [])).toEqual({ width: 1_280, height: 800 });
});

test.each([
  ['left of all screens', { x: -1_150 }],
  ['above', { y: -20 }],
  ['below', { y: 720 }],
])('a title bar that cannot be taken hold of (%s) is not opened there', (_where, moved) => {
  expect(placeWindow({ ...LEFT, width: 1_200, height: 700, ...moved }, [LEFT])).not.toHaveProperty('x');
});

test('what is remembered comes back; a file that is not as it was counts as none', () => {
  const path = join(temporaryFolder(), 'desktop.json');
  const problems: unknown[] = [];
  const open = () => openKeptState(path, (error) => problems.push(error));
  const first = open();
  expect(first.now().window).toBeNull();
  first.change({ window: KEPT, isMaximized: true });
  expect(open().now()).toMatchObject({ window: KEPT, isMaximized: true, hadService: false });
  const { mtimeMs } = statSync(path);
  first.change({ isMaximized: true });
  expect(statSync(path).mtimeMs).toBe(mtimeMs);
  for (const text of ['{', '{"window":{"x":"<script>"}}', ' '.repeat(100_000)]) {
    writeFileSync(path, text);
    expect(open().now().window).toBeNull();
  }
  expect(problems).toEqual([]);
});

test('a place that cannot be written to is told, and it is remembered until the end', () => {
  const problems: unknown[] = [];
  const kept = openKeptState(join(temporaryFolder(), 'not', 'there.json'), (error) => problems.push(error));
  kept.change({ hadService: true });
  expect(kept.now().hadService).toBe(true);
  expect(problems).toHaveLength(1);
});

test('started without words it looks for the service and has a folder of its own', () => {
  const { isHidden, begin } = startOptions(['.'], '/home/anna/.config/Tillwire');
  expect(isHidden).toBe(false);
  expect(begin).toMatchObject({ folder: '/home/anna/.config/Tillwire/store', isNamed: false, port: TILLS_PORT });
  expect(begin.windowFile).toBe(windowFileOf(process.platform, process.env['ProgramData']));
});

test('started with words, those of Electron among them', () => {
  const words = [
    '--no-sandbox',
    '--hidden',
    '--data=shop',
    '--store',
    'S001',
    '--port',
    '7080',
    '--enable-logging=stderr',
  ];
  const { isHidden, begin } = startOptions(words, '/own');
  expect(isHidden).toBe(true);
  const caller = process.env['INIT_CWD'] ?? process.cwd();
  expect(begin).toMatchObject({ folder: resolve(caller, 'shop'), isNamed: true, store: 'S001', port: 7_080 });
});

test.each(['x', '-1', '65536', '1.5', ''])('a port of %s is none: it stays where tills look for it', (port) => {
  expect(startOptions([`--port=${port}`], '/own').begin.port).toBe(TILLS_PORT);
});

test('where a service tells its address', () => {
  expect(windowFileOf('linux')).toBe('/run/tillwire/window.json');
  expect(windowFileOf('win32', 'D:/Data').replaceAll('\\', '/')).toBe('D:/Data/Tillwire/window/window.json');
});

test('starts at login where no package does it, and never over a file that is there', () => {
  const configFolder = temporaryFolder();
  const forAll = join(configFolder, 'for-all.desktop');
  const path = join(configFolder, 'autostart/tillwire.desktop');
  const start = (program: string) => startAtLogin({ configFolder, program, forAll });
  writeFileSync(forAll, '');
  start('/opt/a');
  expect(existsSync(path)).toBe(false);
  const other = temporaryFolder();
  startAtLogin({ configFolder: other, program: '/home/a b/Till"wire$%u`.AppImage', forAll: join(other, 'none') });
  const entry = readFileSync(join(other, 'autostart/tillwire.desktop'), 'utf8');
  expect(entry).toContain('Exec="/home/a b/Till\\\\"wire\\\\$%%u\\\\`.AppImage" --hidden\n');
  mkdirSync(join(configFolder, 'autostart'));
  writeFileSync(path, 'mine');
  startAtLogin({ configFolder, program: '/opt/a', forAll: join(other, 'none') });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  startAtLogin({ configFolder: temporaryFolder(), program: 'a\nExec=b', forAll: '/none' });
  startAtLogin({ configFolder: path, program: '/opt/a', forAll: '/none' });
  expect(existsSync(join(path, 'autostart'))).toBe(false);
});

test('the log begins anew before it is too large, one old one stays', () => {
  const path = join(temporaryFolder(), 'logs', 'tillwire.log');
  const log = openLogFile(path);
  log('first\n');
  log('x'.repeat(DESKTOP_LOG_BYTES_MAX - 10));
  log(Buffer.from('third\n'));
  expect(readFileSync(path, 'utf8')).toBe('third\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toMatch(/^first\nx+$/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
