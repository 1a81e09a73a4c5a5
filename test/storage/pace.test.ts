// How large a slice of work may be, by a clock that the test owns.
import { expect, test } from 'vitest';
import { BOOK_SLICE_ENTRIES, BOOK_SLICE_MS } from '../../core/limits.ts';
import { openPace } from '../../storage/pace.ts';

function paceAt(msPerEntry: () => number, most?: number) {
  let nowMs = 0;
  const pace = openPace({ monotonicMs: () => nowMs }, most);
  return {
    /** Entries that were taken of so many. */
    take(waiting = BOOK_SLICE_ENTRIES): number {
      const taken = Math.min(waiting, pace.begin());
      nowMs += taken * msPerEntry();
      pace.end(taken);
      return taken;
    },
  };
}

const TENTH = BOOK_SLICE_MS / 100;

test('slices grow until they take as long as they may, and no longer', () => {
  const { take } = paceAt(() => TENTH);
  const sizes = Array.from({ length: 10 }, () => take());
  expect(sizes[0]).toBe(BOOK_SLICE_ENTRIES / 20);
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  expect(sizes.at(-1)).toBe(100);
});

test('one slice that took too long makes the next one smaller, but work never stops', () => {
  let each = 0;
  const { take } = paceAt(() => each);
  for (let n = 0; n < 10; n++) take();
  expect(take()).toBe(BOOK_SLICE_ENTRIES);
  each = TENTH;
  take();
  expect(take()).toBe(100);
  each = 1_000 * TENTH;
  take();
  expect(take()).toBe(BOOK_SLICE_ENTRIES / 20);
});

test('a few entries that were quick say nothing of many', () => {
  const { take } = paceAt(() => TENTH);
  for (let n = 0; n < 10; n++) take();
  take(1);
  expect(take()).toBe(100);
});

test('never more entries than the caller bounds it to', () => {
  const { take } = paceAt(() => 0, 3);
  expect(Array.from({ length: 4 }, () => take())).toEqual([1, 2, 3, 3]);
});
