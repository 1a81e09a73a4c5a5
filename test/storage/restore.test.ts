// The database is lost, old, torn or flipped: the mirror gives back what it held, and the journal says so.
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalOptions } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';
import { expectWhole, flip, flipEach, mirrorFiles, SMALL, shopAfterPowerCut } from './damage.ts';
import { DAY, noticeCodes, numbers, openTest, receiptsOf, sale, sales } from './shop.ts';

const RESTORED = ['restored-from-mirror'];

/** Copies the database of a stopped journal; answers how to put the copy back. */
function keepCopy(folder: string): () => void {
  const old = temporaryFolder();
  cpSync(join(folder, 'journal.db'), join(old, 'journal.db'));
  return () => cpSync(join(old, 'journal.db'), join(folder, 'journal.db'));
}

/** A stopped journal of ten sales, some of them settled, and a copy of it. */
function copied(settled: number, options: Partial<JournalOptions> = {}) {
  const folder = temporaryFolder();
  const journal = openTest(folder, options);
  journal.appendGroup(sales(1, 10));
  journal.settle(journal.heads().epoch, settled, `mark ${settled}`, null);
  journal.close();
  return { folder, putBack: keepCopy(folder) };
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
    { ...sale(2), clientKey: 'another' },
    { ...sale(1), clientKey: 'another' },
    { ...sale(2), clientKey: 'c1' },
    { ...sale(3), clientKey: 'c1' },
  ];
  expect(journal.appendGroup(retries)).toMatchObject([
    { kind: 'conflict', by: 'idempotency-key' },
    { ...first[0], kind: 'duplicate' },
    { ...first[1], kind: 'duplicate' },
    { kind: 'conflict', by: 'idempotency-key' },
  ]);
  expectWhole(folder, journal, 20);
});

test('an old copy of the database is put back: the tail comes back, what was settled stays so (F12)', () => {
  const { folder, putBack } = copied(7, SMALL);
  let journal = openTest(folder, SMALL);
  journal.appendGroup(sales(11, 30));
  const before = journal.heads();
  journal.close();
  putBack();
  journal = openTest(folder, SMALL);
  expect(noticeCodes(journal)).toEqual(RESTORED);
  expect(journal.heads()).toEqual(before);
  expectWhole(folder, journal, 30);
});

test('an old copy from before an epoch: the epoch and what it carried come back', () => {
  const { folder, putBack } = copied(4);
  let journal = openTest(folder);
  journal.settle(journal.heads().epoch, 6, 'mark 6', null);
  journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
  journal.appendGroup(sales(11, 12));
  const before = journal.heads();
  journal.close();
  putBack();
  journal = openTest(folder);
  expect(journal.heads()).toEqual(before);
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 12, settled: 6, waiting: 6 });
  expectWhole(folder, journal, 12);
});

test('an old copy, and a mirror that holds only some of what its last epoch carried: the rest is carried too', () => {
  const { folder, putBack } = copied(4);
  let journal = openTest(folder);
  journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
  journal.close();
  putBack();
  const carried = join(folder, 'mirror', mirrorFiles(folder).at(-1) ?? '');
  truncateSync(carried, Math.floor(statSync(carried).size / 2));
  journal = openTest(folder);
  expect(journal.heads()).toMatchObject({ epoch: { ordinal: 2 }, seq: 6, settled: 0 });
  expectWhole(folder, journal, 10);
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

test('an old copy that knows more than the epoch behind it was begun on: nothing of either is left behind', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  for (const captured of sales(1, 10)) journal.appendGroup([captured]);
  journal.close();
  const putBack = keepCopy(folder);
  const [name = ''] = mirrorFiles(folder);
  truncateSync(join(folder, 'mirror', name), Math.floor(statSync(join(folder, 'mirror', name)).size / 2));
  rmSync(join(folder, 'journal.db'));
  journal = openTest(folder);
  expect(journal.heads().seq).toBeLessThan(6);
  journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
  journal.appendGroup(sales(11, 12));
  journal.close();
  putBack();
  journal = openTest(folder);
  expect(receiptsOf(journal)).toEqual(numbers(1, 12));
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 12, waiting: 12 });
});

test('an old copy, and an unreadable file in the middle of its last epoch: what that file carried is carried again', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder, SMALL);
  journal.appendGroup(sales(1, 12));
  journal.close();
  const putBack = keepCopy(folder);
  journal = openTest(folder, SMALL);
  journal.beginEpoch('test', journal.heads().epoch.ordinal + 1);
  journal.appendGroup(sales(13, 14));
  journal.close();
  putBack();
  const carried = mirrorFiles(folder).filter((name) => name.startsWith('0002-'));
  flip(join(folder, 'mirror', carried[1] ?? ''), 1);
  journal = openTest(folder, SMALL);
  expect(receiptsOf(journal).toSorted()).toEqual(numbers(1, 14).toSorted());
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 14, waiting: 14 });
});
