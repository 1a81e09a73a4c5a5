// The second copy: whichever of database and mirror is lost, old, torn or flipped, the other one gives it back, and says so.
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Journal, JournalOptions } from '../../storage/journal.ts';
import { scanRecords } from '../../storage/mirror-record.ts';
import { DAY, noticeCodes, numbers, openTest, receiptsOf, sale, sales, temporaryFolder } from './shop.ts';

const RESTORED = ['restored-from-mirror'];
/** Few entries to a file, so that there are many files. */
const SMALL = { mirrorSegmentBytes: 3_000 };

const mirrorFiles = (folder: string): string[] =>
  readdirSync(join(folder, 'mirror'))
    .filter((name) => name.endsWith('.mirror'))
    .sort();

function mirroredReceipts(folder: string): string[] {
  return mirrorFiles(folder).flatMap((name) => {
    const found: string[] = [];
    scanRecords(join(folder, 'mirror', name), (meta, payload) => {
      if (meta.kind === 'entry' && meta.carried !== true)
        found.push(JSON.parse(Buffer.from(payload).toString()).content.receipt);
      return true;
    });
    return found;
  });
}

/** The folder as a power cut would leave it: a copy taken while the journal is open. */
function cutPower(folder: string): string {
  const left = temporaryFolder();
  cpSync(folder, left, { recursive: true });
  return left;
}

/** Captures 1 to `last` one by one and leaves the folder as a power cut would. */
function shopAfterPowerCut(last: number, options: Partial<JournalOptions> = {}): string {
  const folder = temporaryFolder();
  const journal = openTest(folder, options);
  for (const captured of sales(1, last)) journal.appendGroup([captured]);
  const left = cutPower(folder);
  journal.close();
  return left;
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}

/** Wherever the text lies in the file: SQLite leaves older copies of a page behind. */
function flipEach(path: string, text: string): void {
  const bytes = readFileSync(path);
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + text.length)) {
    bytes[at + text.length - 2] = 0x39;
  }
  writeFileSync(path, bytes);
}

/** All there, in order, in both copies, and the next sale goes behind them. */
function expectWhole(folder: string, journal: Journal, last: number): void {
  expect(receiptsOf(journal)).toEqual(numbers(1, last));
  expect(mirroredReceipts(folder)).toEqual(numbers(1, last));
  expect(journal.appendGroup([sale(1), sale(last + 1)]).map((outcome) => outcome.kind)).toEqual([
    'duplicate',
    'captured',
  ]);
  expect(mirroredReceipts(folder)).toEqual(numbers(1, last + 1));
}

test('a power cut alone loses nothing and is no news', () => {
  const folder = shopAfterPowerCut(12);
  const journal = openTest(folder);
  expect(noticeCodes(journal)).toEqual([]);
  expectWhole(folder, journal, 12);
});

test('the mirror goes on in new files of bounded size, over restarts', () => {
  const folder = temporaryFolder();
  for (const [from, to] of [
    [1, 10],
    [11, 20],
    [21, 30],
  ] as const) {
    const journal = openTest(folder, SMALL);
    for (const captured of sales(from, to)) journal.appendGroup([captured]);
    journal.close();
  }
  const sizes = mirrorFiles(folder).map((name) => statSync(join(folder, 'mirror', name)).size);
  expect(sizes.length).toBeGreaterThan(4);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(SMALL.mirrorSegmentBytes);
  expectWhole(folder, openTest(folder, SMALL), 30);
});

test.each([
  ['one file', {}],
  ['many files', SMALL],
])('the database is deleted: everything comes back from the mirror (%s)', (_, options) => {
  const folder = temporaryFolder();
  let journal = openTest(folder, options);
  const cursor = { till: 'T1', position: 'p' };
  const first = journal.appendGroup(
    sales(1, 20).map((captured, index) => ({ ...captured, clientKey: `c${index}`, cursor })),
  );
  journal.appendGroup([{ ...sale(1), clientKey: 'another' }]);
  const aside = {
    feed: 'csv',
    source: 'f',
    place: 'line 2',
    code: 'bad-row',
    reason: 'r',
    raw: 'x',
    masked: [[0, 1]],
    rows: 1,
    fingerprint: 'f',
  } as const;
  journal.keepAside([{ ...aside, masked: [[0, 1]] }]);
  const before = journal.heads();
  journal.close();
  for (const name of readdirSync(folder)) if (name.startsWith('journal.db')) rmSync(join(folder, name));
  journal = openTest(folder, options);
  expect(noticeCodes(journal)).toEqual(RESTORED);
  expect(journal.snapshot(DAY).notices[0]?.message).toContain('20 entries');
  expect(journal.heads()).toEqual({ ...before, settled: 0 });
  expect(journal.cursor('http', 'T1')).toBe('p');
  expect(journal.listAside({ limit: 5 })).toMatchObject([aside]);
  const retries = [
    { ...sale(1), clientKey: 'another' },
    { ...sale(2), clientKey: 'c1' },
    { ...sale(3), clientKey: 'c1' },
  ];
  expect(journal.appendGroup(retries)).toMatchObject([
    { ...first[0], kind: 'duplicate' },
    { ...first[1], kind: 'duplicate' },
    { kind: 'conflict', by: 'idempotency-key' },
  ]);
  expectWhole(folder, journal, 20);
});

test('an old copy of the database is put back: the tail comes back, what was settled stays so (F12)', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder, SMALL);
  journal.appendGroup(sales(1, 10));
  journal.settle(journal.heads().epoch, 7, 'mark 7');
  journal.close();
  const old = temporaryFolder();
  cpSync(join(folder, 'journal.db'), join(old, 'journal.db'));
  journal = openTest(folder, SMALL);
  journal.appendGroup(sales(11, 30));
  const before = journal.heads();
  journal.close();
  cpSync(join(old, 'journal.db'), join(folder, 'journal.db'));
  journal = openTest(folder, SMALL);
  expect(noticeCodes(journal)).toEqual(RESTORED);
  expect(journal.heads()).toEqual(before);
  expectWhole(folder, journal, 30);
});

test('an old copy from before an epoch: the epoch and what it carried come back', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.appendGroup(sales(1, 10));
  journal.settle(journal.heads().epoch, 4, 'mark 4');
  journal.close();
  const old = temporaryFolder();
  cpSync(join(folder, 'journal.db'), join(old, 'journal.db'));
  journal = openTest(folder);
  journal.settle(journal.heads().epoch, 6, 'mark 6');
  journal.beginEpoch('test');
  journal.appendGroup(sales(11, 12));
  const before = journal.heads();
  journal.close();
  cpSync(join(old, 'journal.db'), join(folder, 'journal.db'));
  journal = openTest(folder);
  expect(journal.heads()).toEqual(before);
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 12, settled: 6, waiting: 6 });
  expectWhole(folder, journal, 12);
});

test.each([
  ['truncated in the middle of a frame (F9)', (wal: string) => truncateSync(wal, statSync(wal).size - 2_000)],
  ['a byte flipped in a frame (F10)', (wal: string) => flip(wal, Math.floor(statSync(wal).size / 2))],
  ['deleted (F11)', (wal: string) => rmSync(wal)],
])('the write-ahead log is %s: what it held comes back', (_, damage) => {
  const folder = shopAfterPowerCut(20);
  damage(join(folder, 'journal.db-wal'));
  const journal = openTest(folder);
  expect(noticeCodes(journal)).toEqual(RESTORED);
  expectWhole(folder, journal, 20);
});

test.each([
  ['a byte of an entry is flipped', (file: string) => flipEach(file, '"receipt":"R7"')],
  [
    'a page is overwritten',
    (file: string) => writeFileSync(file, Buffer.from(readFileSync(file)).fill(0x55, 8_192, 20_480)),
  ],
  ['it is no database at all', (file: string) => writeFileSync(file, 'gone')],
])('the database is damaged (%s): it is put aside and built again', (_, damage) => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.appendGroup(sales(1, 20));
  journal.writeSetting('incarnation', 'x');
  journal.close();
  damage(join(folder, 'journal.db'));
  journal = openTest(folder);
  expect(noticeCodes(journal)).toEqual(RESTORED);
  expect(readdirSync(folder).some((name) => name.startsWith('damaged-'))).toBe(true);
  expectWhole(folder, journal, 20);
});

test('a damaged database without a mirror: what is readable is kept', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.appendGroup(sales(1, 20));
  journal.writeSetting('incarnation', 'x');
  journal.close();
  rmSync(join(folder, 'mirror'), { recursive: true });
  flipEach(join(folder, 'journal.db'), '"receipt":"R7"');
  journal = openTest(folder);
  expect(receiptsOf(journal)).toEqual(numbers(1, 20).filter((receipt) => receipt !== 'R7'));
  expect(journal.readSetting('incarnation')).toBe('x');
});

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

test('a byte flipped in the middle of the mirror: the file is put aside and written again', () => {
  const folder = shopAfterPowerCut(10);
  const [name = ''] = mirrorFiles(folder);
  const path = join(folder, 'mirror', name);
  flip(path, Math.floor(statSync(path).size / 2));
  const journal = openTest(folder);
  expectWhole(folder, journal, 10);
  expect(readdirSync(join(folder, 'mirror', 'aside'))).toHaveLength(1);
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

/** Two histories behind entry 10: the database has 11 to 13, the mirror 21 to 24. */
function forkedShop(): { folder: string; options: Partial<JournalOptions> } {
  const folder = temporaryFolder();
  const disk = join(temporaryFolder(), 'disk');
  const options = { mirrorFolder: join(disk, 'mirror') };
  cpSync(temporaryFolder(), disk, { recursive: true });
  let journal = openTest(folder, options);
  journal.appendGroup(sales(1, 10));
  journal.settle(journal.heads().epoch, 8, 'mark 8');
  journal.close();
  const old = temporaryFolder();
  cpSync(join(folder, 'journal.db'), join(old, 'journal.db'));
  journal = openTest(folder, options);
  journal.appendGroup([...sales(21, 24), sale(13, { total: 1 })]);
  journal.close();
  renameSync(disk, `${disk}-away`);
  cpSync(join(old, 'journal.db'), join(folder, 'journal.db'));
  journal = openTest(folder, options);
  journal.appendGroup(sales(11, 13));
  journal.close();
  renameSync(`${disk}-away`, disk);
  return { folder, options };
}

test('a fork: both histories are kept, a new epoch begins by itself, nothing is lost or doubled (L7)', () => {
  const { folder, options } = forkedShop();
  let journal = openTest(folder, options);
  expect(noticeCodes(journal)).toContain('new-epoch');
  expect(journal.heads()).toMatchObject({ epoch: { ordinal: 2 }, seq: 9, settled: 0 });
  expect(receiptsOf(journal)).toEqual([...numbers(1, 13), ...numbers(21, 24)]);
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 17, settled: 8, waiting: 9, setAside: 1 });
  expect(journal.listAside({ limit: 5 })).toMatchObject([{ code: 'key-conflict', receipt: 'R13' }]);
  expect(readdirSync(join(options.mirrorFolder ?? '', 'aside'))).toHaveLength(1);
  journal.close();
  journal = openTest(folder, options);
  expect(journal.heads()).toMatchObject({ epoch: { ordinal: 2 }, seq: 9 });
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 17, setAside: 1 });
});

test('a fork that is found again after a kill does not begin yet another epoch', () => {
  const { folder, options } = forkedShop();
  const before = temporaryFolder();
  cpSync(options.mirrorFolder ?? '', before, { recursive: true });
  openTest(folder, options).close();
  // As if killed after the commit and before the files were moved.
  rmSync(options.mirrorFolder ?? '', { recursive: true });
  cpSync(before, options.mirrorFolder ?? '', { recursive: true });
  const journal = openTest(folder, options);
  expect(journal.heads()).toMatchObject({ epoch: { ordinal: 2 }, seq: 9 });
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 17, waiting: 9, setAside: 1 });
});

test('both copies lost: a new life begins, and never under an old name', () => {
  const folder = temporaryFolder();
  const first = openTest(folder);
  const { epoch } = first.heads();
  first.close();
  rmSync(folder, { recursive: true });
  const journal = openTest(folder);
  expect(journal.heads()).toMatchObject({ epoch: { ordinal: 1 }, seq: 0 });
  expect(journal.heads().epoch.life).not.toBe(epoch.life);
  expect(existsSync(join(folder, 'mirror'))).toBe(true);
});
