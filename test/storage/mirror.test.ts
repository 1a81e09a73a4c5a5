// The mirror is torn, flipped, lost or out of reach: the database completes it, and capture never waits for it.
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { expectWhole, flip, mirroredReceipts, mirrorFiles, SMALL, shopAfterPowerCut } from './damage.ts';
import { DAY, noticeCodes, numbers, openTest, sale, sales } from './shop.ts';

test('a torn mirror tail is cut, and written again from the database', () => {
  const folder = shopAfterPowerCut(10);
  const [name = ''] = mirrorFiles(folder);
  truncateSync(join(folder, 'mirror', name), statSync(join(folder, 'mirror', name)).size - 5);
  const journal = openTest(folder);
  expect(noticeCodes(journal)).toEqual([]);
  expectWhole(folder, journal, 10);
});

test('a mirror file torn before its first record is begun again', () => {
  const folder = shopAfterPowerCut(3);
  const [name = ''] = mirrorFiles(folder);
  truncateSync(join(folder, 'mirror', name), 6);
  expectWhole(folder, openTest(folder), 3);
});

test('files cut back to their header leave a gap that is seen', () => {
  const folder = temporaryFolder();
  const journal = openTest(folder, SMALL);
  for (const captured of sales(1, 30)) journal.appendGroup([captured]);
  journal.close();
  for (const name of mirrorFiles(folder).slice(1, 3)) {
    const path = join(folder, 'mirror', name);
    truncateSync(path, readFileSync(path).readUInt32LE(0) + 8);
  }
  expectWhole(folder, openTest(folder, SMALL), 30);
});

test('a byte flipped in the middle of the mirror: the file is put aside and written again', () => {
  const folder = shopAfterPowerCut(10);
  const [name = ''] = mirrorFiles(folder);
  const path = join(folder, 'mirror', name);
  flip(path, Math.floor(statSync(path).size / 2));
  const journal = openTest(folder);
  expectWhole(folder, journal, 10);
  expect(readdirSync(join(folder, 'mirror', 'aside'))).toHaveLength(1);
});

test('a complete file that rots while its sales wait is found at the next start', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder, SMALL);
  for (const captured of sales(1, 20)) journal.appendGroup([captured]);
  journal.close();
  const path = join(folder, 'mirror', mirrorFiles(folder)[1] ?? '');
  flip(path, Math.floor(statSync(path).size / 2));
  openTest(folder, SMALL).close();
  rmSync(join(folder, 'journal.db'));
  journal = openTest(folder, SMALL);
  expectWhole(folder, journal, 20);
});

test('files of the mirror, or all of it, are lost: written again from the database', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder, SMALL);
  for (const captured of sales(1, 40)) journal.appendGroup([captured]);
  journal.close();
  const files = mirrorFiles(folder);
  for (const index of [0, 2, 3, files.length - 1]) rmSync(join(folder, 'mirror', files[index] ?? ''));
  journal = openTest(folder, SMALL);
  expect(noticeCodes(journal)).toEqual([]);
  expectWhole(folder, journal, 40);
  journal.close();
  rmSync(join(folder, 'mirror'), { recursive: true });
  expectWhole(folder, openTest(folder, SMALL), 41);
});

test('a mirror on another disk: where that is missing, capture goes on with one copy, says so, and mends it later', () => {
  const folder = temporaryFolder();
  const disk = join(temporaryFolder(), 'disk');
  const options = { mirrorFolder: join(disk, 'mirror') };
  const journal = openTest(folder, options);
  journal.appendGroup(sales(1, 3));
  expect(noticeCodes(journal)).toEqual(['one-copy-only']);
  journal.mendMirror();
  expect(noticeCodes(journal)).toEqual(['one-copy-only']);
  cpSync(temporaryFolder(), disk, { recursive: true });
  journal.mendMirror();
  expect(noticeCodes(journal)).toEqual([]);
  expectWhole(disk, journal, 3);
});

test('a mirror that fails while capturing gives up one copy, not the capture', () => {
  const folder = temporaryFolder();
  const journal = openTest(folder, SMALL);
  journal.appendGroup(sales(1, 2));
  // The next file cannot be made; the open one is still written to until it is full.
  const mirror = join(folder, 'mirror');
  renameSync(mirror, join(folder, 'away'));
  for (const captured of sales(3, 30)) expect(journal.appendGroup([captured])).toMatchObject([{ kind: 'captured' }]);
  expect(noticeCodes(journal)).toEqual(['one-copy-only']);
  renameSync(join(folder, 'away'), mirror);
  journal.mendMirror();
  expect(noticeCodes(journal)).toEqual([]);
  expectWhole(folder, journal, 30);
});

test('the mirror of another store is left alone', () => {
  const disk = temporaryFolder();
  const options = { mirrorFolder: join(disk, 'mirror') };
  const first = openTest(temporaryFolder(), options);
  first.appendGroup(sales(1, 3));
  first.close();
  const second = openTest(temporaryFolder(), { ...options, store: 'S002' });
  second.appendGroup([sale(9)]);
  expect(second.snapshot(DAY).notices).toMatchObject([
    { code: 'one-copy-only', message: expect.stringContaining('S001') },
  ]);
  expect(mirroredReceipts(disk)).toEqual(numbers(1, 3));
});
