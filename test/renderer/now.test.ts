// What the chart, the progress and the tills' sum are made of.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bucket } from '../../protocol/local/rooms/now.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import { nextBacklog, sentShare, timeLeftMs } from '../../renderer/store/now/backlog.ts';
import { fromFirst, rising, thinned, totals } from '../../renderer/store/now/series.ts';
import { allTills } from '../../renderer/store/now/tills.tsx';

const flow = fc.array(fc.record({ captured: fc.nat(50), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
  minLength: 1,
  maxLength: 60,
});

/** Buckets in which nothing is confirmed before it was taken in. */
function bucketsFrom(before: number, steps: { captured: number; share: number }[]): Bucket[] {
  let waiting = before;
  return steps.map(({ captured, share }, index) => {
    waiting += captured;
    const settled = Math.floor(waiting * share);
    waiting -= settled;
    return { atMs: index * 10_000, captured, settled, waiting };
  });
}

test('the gap between the chart’s lines is what waited, and neither line ever falls', () => {
  fc.assert(
    fc.property(fc.nat(500), flow, (before, steps) => {
      const buckets = bucketsFrom(before, steps);
      const { captured, confirmed } = rising(buckets, 10_000);
      buckets.forEach((bucket, at) => {
        expect((captured[at] ?? 0) - (confirmed[at] ?? 0)).toBe(bucket.waiting);
        expect(captured[at]).toBeGreaterThanOrEqual(captured[at - 1] ?? 0);
        expect(confirmed[at]).toBeGreaterThanOrEqual(confirmed[at - 1] ?? 0);
      });
    }),
  );
});

test('the quiet before the first sale is not drawn, but a little always is', () => {
  const quiet = Array.from({ length: 90 }, (_, at) => ({ atMs: at, captured: 0, settled: 0, waiting: 0 }));
  expect(fromFirst(quiet)).toHaveLength(90);
  const sold = (at: number): Bucket[] => quiet.with(at, { atMs: at, captured: 1, settled: 1, waiting: 0 });
  expect(fromFirst(sold(0))).toHaveLength(90);
  expect(fromFirst(sold(40))[0]?.atMs).toBe(39);
  expect(fromFirst(sold(88))).toHaveLength(12);
});

test('a thinned table says the same in fewer rows', () => {
  fc.assert(
    fc.property(flow, (steps) => {
      const buckets = bucketsFrom(0, steps);
      const rows = thinned(buckets, 12);
      expect(rows.length).toBeLessThanOrEqual(12);
      expect(totals(rows)).toEqual(totals(buckets));
    }),
  );
});

const snapshot = (waiting: number, nowMs: number, line: Snapshot['line'] = 'online'): Snapshot =>
  ({ waiting, nowMs, line }) as Snapshot;

test('progress counts from the most that waited since the line came back', () => {
  expect(nextBacklog(null, snapshot(80, 0, 'offline'))).toBeNull();
  const begun = nextBacklog(null, snapshot(80, 1_000));
  const grown = nextBacklog(begun, snapshot(100, 2_000));
  expect(grown).toEqual({ peak: 100, atStart: 80, startedMs: 1_000 });
  if (grown === null) throw new Error('no backlog');
  expect(sentShare(grown, 25)).toBe(0.75);
  expect(timeLeftMs(grown, 40, 9_000)).toBe(8_000);
  expect(timeLeftMs(grown, 90, 9_000)).toBeNull();
  expect(nextBacklog(grown, snapshot(0, 10_000))).toBeNull();
});

test('amounts of different currencies are not added up', () => {
  const till = { workstation: '1', sales: 1, returns: 2, voids: 3, amount: 100, currency: 'EUR', lastMs: 5 };
  expect(allTills([till, { ...till, amount: 50 }])).toMatchObject({ sales: 2, returns: 4, voids: 6, amount: 150 });
  expect(allTills([till, { ...till, currency: 'GBP' }])).toMatchObject({ amount: null, currency: null });
  expect(allTills([till, { ...till, amount: null }]).amount).toBeNull();
});
