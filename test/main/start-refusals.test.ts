// What keeps a program from starting: told in one sentence, and nothing is made or changed before it.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openIdentity, openPrivateKey } from '../../main/data-folder.ts';
import { fileSentence } from '../../main/file-error.ts';
import { reviveError, tellError } from '../../storage/errors.ts';
import { openJournal } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';

const BROKER = 'mqtt://127.0.0.1:1';
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

function tillwire(...args: string[]): { code: number | null; said: string } {
  const program = join(import.meta.dirname, '../../main/tillwire.ts');
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  return { code: status, said: stderr.trim() };
}

const openStorage = (folder: string): void => {
  const clock = { wallMs: () => 0, monotonicMs: () => 0 };
  openJournal({ folder, store: 'S001', clock, randomHex: (bytes) => '0'.repeat(2 * bytes) }).close();
};
const WAYS: [string, (folder: string) => unknown][] = [
  ['identity', (folder) => openIdentity(folder, { store: 'S001' })],
  ['journal', openStorage],
];

test.each(WAYS)('a folder that holds other files is refused and left as it is: %s', (_, open) => {
  const folder = join(temporaryFolder(), 'home');
  mkdirSync(folder);
  writeFileSync(join(folder, 'letters.txt'), '');
  chmodSync(folder, 0o755);
  expect(() => open(folder)).toThrow(`${folder} holds other files: give the agent a folder of its own.`);
  expect(modeOf(folder)).toBe('755');
  expect(readdirSync(folder)).toEqual(['letters.txt']);
});

test.runIf(process.platform !== 'win32').each(WAYS)('an empty folder and an own one become private: %s', (_, open) => {
  const folder = join(temporaryFolder(), 'data');
  mkdirSync(join(folder, 'drop'), { recursive: true });
  for (const found of ['drop', 'what the start made']) {
    chmodSync(folder, 0o755);
    open(folder);
    expect(modeOf(folder), found).toBe('700');
    writeFileSync(join(folder, 'notes.txt'), 'beside a journal, nothing is a stranger');
  }
});

test('without a store or a broker no folder is made', () => {
  const folder = join(temporaryFolder(), 'new');
  expect(() => openIdentity(folder, { broker: BROKER, needsBroker: true })).toThrow('--store');
  expect(() => openIdentity(folder, { store: 'S001', needsBroker: true })).toThrow('--broker');
  expect(existsSync(folder)).toBe(false);
});

test('the folders above a key file are made', () => {
  const path = join(temporaryFolder(), 'keys', 'central', 'signing.key');
  expect(openPrivateKey(path)).toContain('PRIVATE KEY');
  expect(openPrivateKey(path)).toBe(openPrivateKey(path));
});

test.each(['EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'EROFS', 'ENOSPC', 'EDQUOT'])('%s is one sentence', (code) => {
  const error = Object.assign(new Error(`${code}: no, open '/data'`), { code, path: '/data' });
  expect(fileSentence(error)).toMatch(/^[^\n]*\/data[^\n]*\.$/);
  // What the storage worker meets comes over from another thread.
  expect(fileSentence(reviveError(structuredClone(tellError(error))))).toBe(fileSentence(error));
  expect(fileSentence(new Error(code))).toBeNull();
  expect(fileSentence(Object.assign(error, { code: 'EBADF' }))).toBeNull();
});

test('programs say why they cannot start, in one line', { timeout: 60_000 }, () => {
  const folder = temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const agent = tillwire('agent', '--store', 'S001', '--broker', BROKER, '--data', join(file, 'data'));
  expect(agent).toEqual({ code: 1, said: `tillwire: ${notAFolder(join(file, 'data'))}` });
  const database = join(folder, 'database');
  const central = tillwire('central', '--database', database, '--broker', 'embedded', '--data', file);
  expect(central).toEqual({
    code: 1,
    said: `tillwire: ${file} is a file, not a folder: name another place.`,
  });
  expect(tillwire('agent', '--store', 'S001', '--broker', BROKER, '--data', folder)).toEqual({
    code: 2,
    said: `tillwire: ${folder} holds other files: give the agent a folder of its own.`,
  });
  expect(readdirSync(folder)).toEqual(['file']);
});

const notAFolder = (path: string): string => `A part of ${path} is a file, not a folder: name another place.`;
