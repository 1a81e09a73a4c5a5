// Drafts of documents: only the newest version is written, frozen once, never after they were kept; they outlive damage.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GOODS_DRAFT_DONE_MS, GOODS_DRAFTS_MAX } from '../../core/limits/goods.ts';
import { temporaryFolder } from '../temporary.ts';
import { flipEach } from './damage.ts';
import { NOON_MS, noticeCodes, openTest, sales } from './shop.ts';

const begun = (id: string, nowMs: number = NOON_MS) => ({ id, number: `IN-${id}`, content: '{"a":1}', nowMs });

test('only what was typed into the newest version is taken; what is handed over is said once, and then it is done', () => {
  const journal = openTest(temporaryFolder());
  expect(journal.beginGoodsDraft(begun('a'))).toMatchObject({ version: 1, frozen: null, kept: null });
  expect(journal.saveGoodsDraft('a', 1, 'mine', NOON_MS + 1)).toMatchObject({ version: 2, content: 'mine' });
  expect(journal.saveGoodsDraft('a', 1, 'late', NOON_MS + 2)).toMatchObject({ version: 2, content: 'mine' });
  expect(journal.freezeGoodsDraft('a', 'first')).toMatchObject({ frozen: 'first' });
  expect(journal.freezeGoodsDraft('a', 'second')).toMatchObject({ frozen: 'first' });
  expect(journal.saveGoodsDraft('a', 2, 'again', NOON_MS + 3)).toMatchObject({ version: 3, frozen: null });
  expect(journal.goodsDraftKept('a', 'as D1')).toMatchObject({ kept: 'as D1' });
  expect(journal.goodsDraftKept('a', 'as D2')).toMatchObject({ kept: 'as D1' });
  expect(journal.saveGoodsDraft('a', 3, 'more', NOON_MS + 4)).toMatchObject({ version: 3, content: 'again' });
  expect(journal.dropGoodsDraft('a')).toBe(false);
  expect(journal.goodsDrafts()).toEqual([]);
  expect(journal.goodsDraft('b')).toBeNull();
});

test('there are so many at most, and those that were kept are forgotten in the end', () => {
  const journal = openTest(temporaryFolder());
  for (let index = 0; index < GOODS_DRAFTS_MAX; index++) journal.beginGoodsDraft(begun(`n${index}`));
  expect(journal.beginGoodsDraft(begun('more'))).toBeNull();
  journal.goodsDraftKept('n0', 'kept');
  expect(journal.beginGoodsDraft(begun('more'))).not.toBeNull();
  expect(journal.goodsDraft('n0')).not.toBeNull();
  journal.dropGoodsDraft('n1');
  journal.beginGoodsDraft(begun('later', NOON_MS + GOODS_DRAFT_DONE_MS + 1));
  expect(journal.goodsDraft('n0')).toBeNull();
});

test('what somebody typed is there again after the database was damaged', () => {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup(sales(1, 3));
  const draft = journal.beginGoodsDraft(begun('a'));
  journal.close();
  flipEach(join(folder, 'journal.db'), '"receipt":"R2"');
  const again = openTest(folder);
  expect(noticeCodes(again)).toContain('restored-from-mirror');
  expect(again.goodsDraft('a')).toEqual(draft);
});
