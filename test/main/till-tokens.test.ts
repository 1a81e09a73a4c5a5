// Tokens of tills: told once, kept as hashes, taken away at once.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openIdentity } from '../../main/data-folder.ts';
import { addTill, listTills, revokeTill, tillTokens } from '../../main/till-tokens.ts';
import { temporaryFolder } from '../temporary.ts';

function folderOfAgent(): string {
  const folder = join(temporaryFolder(), 'data');
  openIdentity(folder, { store: 'S001' });
  return folder;
}

const now = (): number => Date.now();

test('a token opens for its till from the moment it is made to the moment it is revoked', () => {
  const folder = folderOfAgent();
  const till = tillTokens(folder, now);
  expect(till('till_anything')).toBeNull();
  const seven = addTill(folder, 'seven', '7', now());
  const eight = addTill(folder, 'eight', null, now());
  expect(till(seven)).toEqual({ name: 'seven', workstation: '7' });
  expect(till(eight)).toEqual({ name: 'eight', workstation: null });
  for (const wrong of ['', `${seven}x`, seven.slice(0, -1), seven.toUpperCase(), 'seven'])
    expect(till(wrong)).toBeNull();
  revokeTill(folder, 'seven', now());
  expect([till(seven), till(eight)?.name]).toEqual([null, 'eight']);
  const again = addTill(folder, 'seven', null, now());
  expect([till(seven), till(again)?.workstation]).toEqual([null, null]);
  expect(till(again)?.name).toBe('seven');
});

test('what was read is read again only after a change, long after it', () => {
  const folder = folderOfAgent();
  const token = addTill(folder, 'seven', null, now());
  const later = (): number => Date.now() + 60_000;
  const till = tillTokens(folder, later);
  expect(till(token)?.name).toBe('seven');
  const file = join(folder, 'tills', 'seven.json');
  // Written in place, which no command does: the folder is as it was.
  writeFileSync(file, readFileSync(file, 'utf8').replace('"seven"', '"other"'));
  expect(till(token)?.name).toBe('seven');
  revokeTill(folder, 'other', now());
  expect(till(token)?.name).toBe('other');
});

test('256 random bits, of which only a hash is kept, for the owner only', () => {
  const folder = folderOfAgent();
  const token = addTill(folder, 'seven', '7', now());
  expect(token).toMatch(/^till_[A-Za-z0-9_-]{43}$/);
  const files = readdirSync(join(folder, 'tills'));
  expect(files).toEqual(['seven.json']);
  const file = join(folder, 'tills', 'seven.json');
  expect(readFileSync(file, 'utf8')).not.toContain(token.slice(5));
  if (process.platform === 'win32') return;
  expect([statSync(file).mode & 0o777, statSync(join(folder, 'tills')).mode & 0o777]).toEqual([0o600, 0o700]);
});

test.each(['', '.', '../x', 'a/b', 'a b', '-x', 'x'.repeat(41)])('%j is no name of a till', (name) => {
  expect(() => addTill(folderOfAgent(), name, null, 0)).toThrow('Name a till');
});

test('a name that is taken, a till that is not there and a folder of nobody are told', () => {
  const folder = folderOfAgent();
  addTill(folder, 'seven', null, 0);
  expect(() => addTill(folder, 'Seven', null, 0)).toThrow('already');
  expect(() => addTill(folder, 'eight', 'a|b', 0)).toThrow('workstation');
  expect(() => revokeTill(folder, 'nine', 0)).toThrow('no till nine');
  expect(() => addTill(temporaryFolder(), 'seven', null, 0)).toThrow('no data folder');
  expect(listTills(temporaryFolder())).toEqual([]);
});

test('a file that is damaged keeps its own till out only, and is told', () => {
  const folder = folderOfAgent();
  const seven = addTill(folder, 'seven', null, now());
  const eight = addTill(folder, 'eight', null, now());
  writeFileSync(join(folder, 'tills', 'eight.json'), '{');
  const till = tillTokens(folder, now);
  expect([till(seven)?.name, till(eight)]).toEqual(['seven', null]);
  expect(() => listTills(folder)).toThrow('eight.json cannot be read');
});
