// A book that is not central's: the shelves are named, folded anew from the journal, or everything is.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { bucketOf } from '../../core/digest.ts';
import { openReader } from '../../storage/reader.ts';
import { temporaryFolder } from '../temporary.ts';
import { makeCentralBook, settle, workOff } from './central-book.ts';
import { openTest, sale, sales, shelvesOf } from './shop.ts';

const PEAR = { lines: [{ sku: 'PEAR', quantity: 2000 }] };

function agreeing() {
  const folder = temporaryFolder();
  const journal = openTest(folder);
  journal.appendGroup([...sales(1, 3), sale(4, PEAR)]);
  const central = makeCentralBook();
  central.take(journal, 2);
  central.decide({ kind: 'correction', sku: 'PEAR', delta: 5000 });
  central.take(journal, 2);
  journal.applyDirectives(central.log);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  journal.close();
  return { folder, central };
}

const meddle = (folder: string, sql: string): void => {
  const db = new Database(join(folder, 'journal.db'));
  db.exec(sql);
  db.close();
};

test('a shelf that is not what was folded is found and mended from the journal', () => {
  const { folder, central } = agreeing();
  meddle(
    folder,
    `UPDATE shelf SET book = replace(book, '"shelf":3000', '"shelf":9000'), hash = zeroblob(16) WHERE sku = 'PEAR';
    UPDATE confirmed SET buckets = zeroblob(4096)`,
  );
  const journal = openTest(folder);
  settle(journal, central.mark());
  const [confirmed] = workOff(journal);
  expect(confirmed?.agrees).toBe(false);
  const { cut } = journal.sums();
  expect(journal.mend({ ...cut, dseq: 9 }, [bucketOf('PEAR')], [])).toBeNull();
  const theirs = central.sums();
  const buckets = theirs.map(([sku]) => bucketOf(sku));
  expect(journal.mend(cut, buckets, theirs)).toEqual([]);
  expect(shelvesOf(folder)).toEqual(new Map(theirs));
  expect(journal.explainSku('PEAR')).toMatchObject({ onHand: 3000 });
});

test('what a wrong shelf asked of people is taken back with it', () => {
  const { folder, central } = agreeing();
  meddle(
    folder,
    `UPDATE shelf SET book = replace(replace(book, '"shelf":3000', '"shelf":1000'), '"known":false', '"known":true')
    WHERE sku = 'PEAR'`,
  );
  const journal = openTest(folder);
  journal.appendGroup([sale(5, PEAR)]);
  central.take(journal, 1);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: false }]);
  expect(journal.exceptions().map(({ type }) => type)).toEqual(['oversold']);
  const { cut } = journal.sums();
  const theirs = central.sums();
  expect(
    journal.mend(
      cut,
      theirs.map(([sku]) => bucketOf(sku)),
      theirs,
    ),
  ).toBeNull();
  expect(workOff(journal)).toEqual([{ cut, agrees: true }]);
  expect(journal.exceptions()).toEqual([]);
});

test('where no shelf differs and the books do, everything is folded anew, once', () => {
  const { folder, central } = agreeing();
  meddle(folder, `UPDATE confirmed SET outcomes = '${'0'.repeat(64)}'`);
  const journal = openTest(folder);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: false }]);
  const { cut } = journal.sums();
  expect(journal.mend(cut, [], [])).toBeNull();
  expect(workOff(journal)).toEqual([{ cut, agrees: true }]);
});

test('what still differs after all is answered', () => {
  const { folder, central } = agreeing();
  const journal = openTest(folder);
  const { cut } = journal.sums();
  const theirs = central.sums().map(([sku, hash]): [string, string] => [sku, sku === 'PEAR' ? 'f'.repeat(32) : hash]);
  expect(journal.mend(cut, [bucketOf('PEAR'), bucketOf('APPLE')], [...theirs, ['NONE', 'e'.repeat(32)]])).toEqual([
    'PEAR',
    'NONE',
  ]);
  expect(journal.mend(cut, [bucketOf('PEAR')], [])).toEqual(['PEAR']);
});

test('a reader says the same of the book as its agent', () => {
  const { folder, central } = agreeing();
  const reader = openReader(folder);
  onTestFinished(reader.close);
  const journal = openTest(folder);
  const { outcomes } = central.mark();
  expect(reader.book()).toEqual({
    ...{ ...central.at(), dseq: 1, outcomes, shelves: new Map(central.sums()) },
    buckets: central.bucketSums(),
  });
  expect(journal.sums()).toEqual({ cut: { at: central.at(), dseq: 1 }, sums: central.bucketSums() });
  expect(journal.explainSku('PEAR')).toMatchObject({ onHand: 3000, soFar: false });
});

test('a row that cannot be folded on is no end: the book is made again from the logs, once', () => {
  const { folder, central } = agreeing();
  meddle(folder, `UPDATE shelf SET book = replace(book, '"shelf":3000', '"shelf":"x"') WHERE sku = 'PEAR'`);
  const journal = openTest(folder);
  journal.appendGroup([sale(5, PEAR)]);
  central.take(journal, 1);
  settle(journal, central.mark());
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  expect(journal.explainSku('PEAR')).toMatchObject({ onHand: 1000 });
});

test('a row that cannot be read does not keep the agent from starting, also with facts behind it', () => {
  const { folder } = agreeing();
  const before = openTest(folder);
  before.appendGroup([sale(5, PEAR)]);
  before.close();
  meddle(folder, `UPDATE shelf SET book = replace(book, '"shelf":3000', '"shelf":03000') WHERE sku = 'PEAR'`);
  const journal = openTest(folder);
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
  expect(journal.explainSku('PEAR')).toMatchObject({ onHand: 1000 });
});

test('what is asked while a row cannot be read is answered from the logs', () => {
  const { folder } = agreeing();
  const journal = openTest(folder);
  meddle(folder, `UPDATE shelf SET book = replace(book, '"shelf":3000', '"shelf":03000') WHERE sku = 'PEAR'`);
  journal.appendGroup([sale(5, PEAR)]);
  expect(journal.exceptions()).toEqual([]);
  expect(journal.explainSku('PEAR')).toMatchObject({ onHand: 1000 });
  expect(workOff(journal)).toMatchObject([{ agrees: true }]);
});
