// Entries that central has had for long and that rot on the disk: put back from the mirror, or told, and never sent.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { noticeCodes, numbers, openTest, receiptsOf, sales } from './shop.ts';

/** Ten entries, eight of them settled; the fifth is rotten. */
function rotten(): string {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, 10));
  journal.settle(journal.heads().epoch, 8, 'mark', null);
  journal.close();
  const db = new Database(join(folder, 'journal.db'));
  db.exec(`UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'R5', 'R9') AS BLOB) WHERE id % 1000 = (
    SELECT (id + 4) % 1000 FROM entry ORDER BY id LIMIT 1)`);
  db.close();
  return folder;
}

test('looked at when there is time, and put back from the mirror', () => {
  const journal = openTest(rotten());
  while (journal.checkSettled());
  expect(receiptsOf(journal)).toEqual(numbers(1, 10));
  expect(noticeCodes(journal)).toEqual([]);
});

test('put back at once where it is to be sent to a central that lost it', () => {
  const folder = rotten();
  const journal = openTest(folder);
  const page = journal.page(journal.heads().epoch, 2, 6, 1e6);
  expect(page.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).content.receipt)).toEqual(numbers(3, 8));
});

test('where the mirror lacks it too, it is told once, and no page holds it or what is behind it', () => {
  const folder = rotten();
  const journal = openTest(folder);
  rmSync(join(folder, 'mirror'), { recursive: true });
  while (journal.checkSettled());
  expect(noticeCodes(journal)).toEqual(['entry-damaged']);
  const { epoch } = journal.heads();
  expect(journal.page(epoch, 0, 100, 1e6).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(journal.page(epoch, 4, 100, 1e6)).toEqual([]);
  expect(journal.page(epoch, 8, 100, 1e6).map(({ seq }) => seq)).toEqual([9, 10]);
});
