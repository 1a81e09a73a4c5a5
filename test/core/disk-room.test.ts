// How long a disk lasts: measured over what came in, and not fooled by one large import.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { daysOfRoom, wholeDays } from '../../core/disk-room.ts';

const GB = 1e9;
const use = { freeBytes: 10 * GB, keptBytes: 2_000_000, entries: 1_000 };

test.each([
  ['a thousand sales a day of 2 kB each', [1_000, 1_000, 1_000], 5_000],
  ['busier on one day', [1_000, 1_000, 2_000], 3_750],
  ['one import counts as three days', [1_000, 1_000, 900_000], 3_000],
  ['closed on Sundays', [1_200, 1_200, 1_200, 1_200, 1_200, 0], 5_000],
  ['nothing is known of a first day', [], null],
  ['nothing came in', [0, 0], null],
])('%s', (_, byDay, days) => expect(daysOfRoom({ ...use, byDay })).toBe(days));

test('a disk without room lasts no day, a quiet store for ever', () => {
  expect(daysOfRoom({ ...use, freeBytes: 0, byDay: [10] })).toBe(0);
  expect(daysOfRoom({ ...use, freeBytes: 1e18, byDay: [1] })).toBe(36_500);
  expect(daysOfRoom({ ...use, entries: 0, byDay: [1] })).toBeNull();
});

test('more room never lasts shorter, more sales never longer', () => {
  const ByDay = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 28 });
  fc.assert(
    fc.property(ByDay, fc.nat(1e12), fc.nat(1e12), (byDay, free, more) => {
      const days = daysOfRoom({ ...use, freeBytes: free, byDay });
      const longer = daysOfRoom({ ...use, freeBytes: free + more, byDay });
      const busier = daysOfRoom({ ...use, freeBytes: free, byDay: byDay.map((count) => count * 2) });
      if (days === null) return expect([longer, busier]).toEqual([null, null]);
      expect(longer).toBeGreaterThanOrEqual(days);
      expect(busier).toBeLessThanOrEqual(days);
    }),
  );
});

test('days count from the first sale on, and the present one is not over', () => {
  expect(wholeDays([0, 0, 5, 0, 7, 3])).toEqual([5, 0, 7]);
  expect(wholeDays([0, 0, 3])).toEqual([]);
  expect(wholeDays([])).toEqual([]);
});
