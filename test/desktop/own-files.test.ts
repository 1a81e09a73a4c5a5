// A program that is not as it was packed is not started, and a sentence says which file it is (S27).
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkOwnFiles, HASHES_FILE, hashesOf, watchOwnFiles } from '../../main/desktop-parts/own-files.ts';
import { temporaryFolder } from '../temporary.ts';

const PATHS = ['app.asar', 'agent/tillwire.js', 'agent/node_modules/better-sqlite3/prebuilds/linux-x64.node'];

function installed(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'agent/node_modules/better-sqlite3/prebuilds'), { recursive: true });
  for (const path of PATHS) writeFileSync(join(folder, path), `content of ${path}`);
  writeList(folder, hashesOf(folder, PATHS));
  return folder;
}

const writeList = (folder: string, hashes: unknown): void =>
  writeFileSync(join(folder, HASHES_FILE), JSON.stringify(hashes));

test('as it was packed', () => expect(checkOwnFiles(installed())).toBeNull());

test.each<[string, string, (folder: string) => void]>([
  ['a byte of the program', 'app.asar', (folder) => writeFileSync(join(folder, 'app.asar'), 'content of App.asar')],
  ['a byte of the agent', 'agent/tillwire.js', (folder) => writeFileSync(join(folder, PATHS[1] ?? ''), 'x')],
  ['a file that is gone', 'app.asar', (folder) => rmSync(join(folder, 'app.asar'))],
  [
    'a file that is a folder',
    'app.asar',
    (folder) => {
      renameSync(join(folder, 'app.asar'), join(folder, 'other.asar'));
      mkdirSync(join(folder, 'app.asar'));
    },
  ],
  ['no list', HASHES_FILE, (folder) => rmSync(join(folder, HASHES_FILE))],
  ['an empty list', HASHES_FILE, (folder) => writeList(folder, {})],
  ['a list without the program', HASHES_FILE, (folder) => writeList(folder, hashesOf(folder, PATHS.slice(1)))],
  ['a list that is none', HASHES_FILE, (folder) => writeFileSync(join(folder, HASHES_FILE), '{')],
  [
    'a list that leads out',
    HASHES_FILE,
    (folder) => writeList(folder, { 'app.asar': 'a'.repeat(64), '../x': 'a'.repeat(64) }),
  ],
  ['an endless list', HASHES_FILE, (folder) => writeFileSync(join(folder, HASHES_FILE), ' '.repeat(2_000_000))],
])('%s: refused, and %s is named', (_what, file, harm) => {
  const folder = installed();
  harm(folder);
  expect(checkOwnFiles(folder)).toBe(
    `Tillwire was not started: ${join(folder, file)} is not as it was installed. Install Tillwire again; the sales on this PC are safe.`,
  );
});

test.each(['../x', '/etc/passwd', 'a/../../b', './a', 'C:\\x', 'a\\..\\b', ''])('%s is no path of ours', (path) => {
  expect(() => hashesOf('/', [path])).toThrow();
});

test('another version in its place is noticed; half of one, or none, is not', () => {
  const folder = installed();
  const isReplaced = watchOwnFiles(folder);
  expect(isReplaced()).toBe(false);
  rmSync(join(folder, HASHES_FILE));
  expect(isReplaced()).toBe(false);
  writeFileSync(join(folder, 'app.asar'), 'the next version');
  writeList(folder, hashesOf(folder, PATHS));
  expect(isReplaced()).toBe(true);
  expect(watchOwnFiles('/nowhere')()).toBe(false);
});
