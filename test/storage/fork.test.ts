// Two histories of one journal: both are kept, and it goes on under a new epoch by itself (L7).
import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalOptions } from '../../storage/journal.ts';
import { temporaryFolder } from '../temporary.ts';
import { DAY, noticeCodes, numbers, openTest, receiptsOf, sale, sales } from './shop.ts';

/** Two histories behind entry 10: the database has 11 to 13, the mirror 21 to 24. */
function forkedShop(): { folder: string; options: Partial<JournalOptions> } {
  const folder = temporaryFolder();
  const disk = join(temporaryFolder(), 'disk');
  const options = { mirrorFolder: join(disk, 'mirror') };
  cpSync(temporaryFolder(), disk, { recursive: true });
  let journal = openTest(folder, options);
  journal.appendGroup(sales(1, 10));
  journal.settle(journal.heads().epoch, 8, 'mark 8', null);
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

test('a fork that is found while the agent runs, when its mirror comes back, is joined and told', () => {
  const { folder, options } = forkedShop();
  const mirror = options.mirrorFolder ?? '';
  const disk = dirname(mirror);
  renameSync(disk, `${disk}-away`);
  const journal = openTest(folder, options);
  expect(noticeCodes(journal)).toEqual(['one-copy-only']);
  journal.appendGroup([sale(14)]);
  renameSync(`${disk}-away`, disk);
  journal.mendMirror();
  expect(noticeCodes(journal)).toEqual(['new-epoch']);
  expect(receiptsOf(journal)).toEqual([...numbers(1, 14), ...numbers(21, 24)]);
  expect(journal.appendGroup([sale(15)])).toMatchObject([
    { kind: 'captured', kept: { epoch: { ordinal: 2 }, seq: 11 } },
  ]);
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
