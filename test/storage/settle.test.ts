// What the uplink does with a journal: read pages, settle by marks, begin a new epoch.
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary.ts';
import { DAY, numbers, openTest, receiptsOf, sale, sales } from './shop.ts';

test('pages are bounded in entries and bytes, and hold at least one', () => {
  const journal = openTest(temporaryFolder());
  journal.appendGroup(sales(1, 10));
  const { epoch } = journal.heads();
  const seqs = (...args: [number, number, number]): number[] => journal.page(epoch, ...args).map((entry) => entry.seq);
  const [first] = journal.page(epoch, 0, 1, 1);
  const size = first?.bytes.length ?? 0;
  expect(seqs(0, 4, 1_000_000)).toEqual([1, 2, 3, 4]);
  expect(seqs(8, 100, 1_000_000)).toEqual([9, 10]);
  expect(seqs(3, 100, size * 2 + 1)).toEqual([4, 5]);
  expect(seqs(3, 100, 1)).toEqual([4]);
  expect(seqs(10, 100, 1_000_000)).toEqual([]);
  expect(journal.page({ ...epoch, life: 'f'.repeat(32) }, 0, 10, 1_000)).toEqual([]);
});

test('marks settle forward only, never beyond the tip, and the newest is kept as proof', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  journal.appendGroup(sales(1, 5));
  const { epoch } = journal.heads();
  expect(journal.lastProof()).toBeNull();
  journal.settle(epoch, 3, 'mark 3', null);
  journal.settle(epoch, 2, 'mark 2', null);
  expect(journal.heads().settled).toBe(3);
  expect(() => journal.settle(epoch, 6, 'mark 6', null)).toThrow(/never captured/);
  expect(() => journal.settle({ ...epoch, ordinal: 9 }, 1, 'mark', null)).toThrow(/never captured/);
  journal.close();
  journal = openTest(folder);
  expect(journal.heads().settled).toBe(3);
  expect(journal.lastProof()).toBe('mark 3');
});

test('a new epoch carries on what waits; answers and keys stay those of the first time', () => {
  const folder = temporaryFolder();
  let journal = openTest(folder);
  const first = journal.appendGroup(sales(1, 5));
  const old = journal.heads().epoch;
  journal.settle(old, 2, 'mark 2', null);
  journal.beginEpoch('central knows another history', journal.heads().epoch.ordinal + 1);
  const open = journal.heads();
  expect(open).toMatchObject({ epoch: { ordinal: 2 }, seq: 3, settled: 0 });
  expect(open.epoch.life).not.toBe(old.life);
  journal.appendGroup([sale(6)]);
  const sameAsFirst = first.map((outcome) => ({ ...outcome, kind: 'duplicate' }));
  expect(journal.appendGroup(sales(1, 5))).toEqual(sameAsFirst);
  expect(receiptsOf(journal)).toEqual(numbers(1, 6));
  expect(journal.snapshot(DAY)).toMatchObject({ captured: 6, settled: 2, waiting: 4, tills: [{ sales: 6 }] });
  journal.settle(old, 5, 'late mark of the old epoch', null);
  journal.settle(open.epoch, 4, 'mark 4', null);
  journal.close();
  journal = openTest(folder);
  expect(journal.snapshot(DAY)).toMatchObject({
    captured: 6,
    settled: 6,
    waiting: 0,
    notices: [{ code: 'new-epoch' }],
  });
  expect(journal.recent({ limit: 10 }).map((row) => row.number)).toEqual(numbers(1, 6).toReversed());
});
