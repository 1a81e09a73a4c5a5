// Whether a clock is right: the truth lies within the bound whatever the line does, and jumps are seen.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isClockWrong, jumpBetween, measureSkew } from '../../core/clock-check.ts';

test('the measured skew is off by no more than its bound, however the way there and back differ', () => {
  const Way = fc.integer({ min: 0, max: 60_000 });
  fc.assert(
    fc.property(Way, Way, fc.integer({ min: -1e7, max: 1e7 }), (there, back, skew) => {
      const asked = 5_000;
      const other = 1_795_000_000_000 + there;
      const heard = { wallMs: other + back + skew, monotonicMs: asked + there + back };
      const sample = measureSkew(asked, heard, other);
      expect(Math.abs((sample?.ms ?? Number.NaN) - skew)).toBeLessThanOrEqual((sample?.boundMs ?? 0) + 0.5);
    }),
  );
  expect(measureSkew(10, { wallMs: 0, monotonicMs: 9 }, 0)).toBeNull();
});

test('only what is surely off by more than two minutes is wrong', () => {
  expect(isClockWrong({ ms: 120_000, boundMs: 0 })).toBe(false);
  expect(isClockWrong({ ms: 120_001, boundMs: 0 })).toBe(true);
  expect(isClockWrong({ ms: -150_000, boundMs: 29_999 })).toBe(true);
  expect(isClockWrong({ ms: -150_000, boundMs: 30_000 })).toBe(false);
});

test('a step of the wall clock is a jump, drift is not', () => {
  const before = { wallMs: 1_000_000, monotonicMs: 500 };
  expect(jumpBetween(before, { wallMs: 1_005_100, monotonicMs: 5_500 })).toBeNull();
  expect(jumpBetween(before, { wallMs: 1_005_000 - 3_600_000, monotonicMs: 5_500 })).toBe(-3_600_000);
  expect(jumpBetween(before, { wallMs: 1_005_000 + 8_000, monotonicMs: 5_500 })).toBe(8_000);
});
