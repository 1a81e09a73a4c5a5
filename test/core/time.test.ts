// Clocks: the logical clock, clock frames, capture intervals, back-off.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextWaitMs } from '../../core/backoff.ts';
import { captureInterval, clockStepped } from '../../core/clock.ts';
import { compareHlc, HLC_ZERO, tickHlc } from '../../core/hlc.ts';
import { CLOCK_STEP_BOUND_MS, REDIAL_WAIT_MS_MAX, REDIAL_WAIT_MS_MIN } from '../../core/limits.ts';

test('the logical clock strictly increases however the wall clock jumps', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1_000 })), (walls) => {
      let last = HLC_ZERO;
      for (const wall of walls) {
        const next = tickHlc(last, wall);
        expect(compareHlc(next, last)).toBeGreaterThan(0);
        expect(next.ms).toBeGreaterThanOrEqual(wall);
        last = next;
      }
    }),
  );
});

test('an interval holds the corrected till time and never ends after it was recorded (R6)', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), fc.nat(), fc.integer(), (occurred, ms, boundMs, recorded) => {
      const { lo, hi } = captureInterval(occurred, { ms, boundMs }, recorded);
      expect(hi).toBeLessThanOrEqual(recorded);
      expect(lo).toBeLessThanOrEqual(hi);
      if (occurred + ms <= recorded) {
        expect(lo).toBeLessThanOrEqual(occurred + ms);
        expect(hi).toBeGreaterThanOrEqual(Math.min(occurred + ms, recorded));
      }
    }),
  );
});

test('without a measured skew the lower end is open', () => {
  expect(captureInterval(5, undefined, 1_000)).toEqual({ lo: null, hi: 1_000 });
});

test('a clock step beyond the bound is noticed, a drift within it is not', () => {
  const frame = { frame: 1, startMs: 1_000_000, monotonicStartMs: 500 };
  expect(clockStepped(frame, 1_000_000 + 60_000, 60_500)).toBe(false);
  expect(clockStepped(frame, 1_000_000 + 60_000 + CLOCK_STEP_BOUND_MS, 60_500)).toBe(false);
  expect(clockStepped(frame, 1_000_000 + 60_001 + CLOCK_STEP_BOUND_MS, 60_500)).toBe(true);
  expect(clockStepped(frame, 1_000_000 - 7_200_000, 60_500)).toBe(true);
});

test('back-off stays within its bounds and spreads', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 10 * REDIAL_WAIT_MS_MAX }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (previous, chance) => {
        const wait = nextWaitMs(previous, chance);
        expect(wait).toBeGreaterThanOrEqual(REDIAL_WAIT_MS_MIN);
        expect(wait).toBeLessThanOrEqual(REDIAL_WAIT_MS_MAX);
      },
    ),
  );
  expect(nextWaitMs(10_000, 0)).toBeLessThan(nextWaitMs(10_000, 0.9));
});
