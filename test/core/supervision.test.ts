// A program that ends is started again with growing waits; endings that never stop are told.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ENDINGS_MAX, ENDINGS_WITHIN_MS, RESTART_WAIT_MS_MAX, RESTART_WAIT_MS_MIN } from '../../core/limits/desktop.ts';
import { hear } from '../../core/rate.ts';
import { afterEnding, type Restart, UNSUPERVISED } from '../../core/supervision.ts';

/** It ends at once whenever it is started. */
function crashAtOnce(times: number): Restart[] {
  const restarts: Restart[] = [];
  let nowMs = 0;
  let supervision = UNSUPERVISED;
  for (let time = 0; time < times; time++) {
    const restart = afterEnding(supervision, nowMs);
    restarts.push(restart);
    supervision = restart.next;
    nowMs += restart.waitMs;
  }
  return restarts;
}

test('the first ending is answered at once, each further one after twice the wait, up to the limit', () => {
  const waits = crashAtOnce(12).map(({ waitMs }) => waitMs);
  expect(waits.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
  expect(waits.at(-1)).toBe(RESTART_WAIT_MS_MAX);
});

test('so many endings are a loop, one less is not', () => {
  const loops = crashAtOnce(ENDINGS_MAX).map(({ isLoop }) => isLoop);
  expect(loops).toEqual([...Array(ENDINGS_MAX - 1).fill(false), true]);
});

test('endings that lie far apart are each the first one', () => {
  let supervision = UNSUPERVISED;
  for (let time = 0; time < 50; time++) {
    const { next, waitMs, isLoop } = afterEnding(supervision, time * ENDINGS_WITHIN_MS);
    expect({ waitMs, isLoop }).toEqual({ waitMs: RESTART_WAIT_MS_MIN, isLoop: false });
    supervision = next;
  }
});

test('what crashes at once for ever stays told, and what is remembered stays small', () => {
  const restarts = crashAtOnce(5_000);
  expect(restarts.slice(ENDINGS_MAX - 1).every(({ isLoop }) => isLoop)).toBe(true);
  expect(Math.max(...restarts.map(({ next }) => next.endings.length))).toBeLessThan(100);
});

test('whatever the times: waits within bounds, told exactly where so many lie within the time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: ENDINGS_WITHIN_MS }), { maxLength: 40 }), (pauses) => {
      let nowMs = 0;
      let supervision = UNSUPERVISED;
      const all: number[] = [];
      for (const pause of pauses) {
        nowMs += pause;
        all.push(nowMs);
        const { next, waitMs, isLoop } = afterEnding(supervision, nowMs);
        const lately = all.filter((atMs) => nowMs - atMs < ENDINGS_WITHIN_MS).length;
        expect(isLoop).toBe(lately >= ENDINGS_MAX);
        expect(waitMs).toBeGreaterThanOrEqual(RESTART_WAIT_MS_MIN);
        expect(waitMs).toBeLessThanOrEqual(RESTART_WAIT_MS_MAX);
        supervision = next;
      }
    }),
  );
});

test('so many are heard within the time, and again when it is over', () => {
  const rate = { max: 2, withinMs: 1_000 };
  const once = hear([], 0, rate);
  const twice = hear(once ?? [], 500, rate);
  expect(hear(twice ?? [], 999, rate)).toBeNull();
  expect(hear(twice ?? [], 1_000, rate)).toEqual([500, 1_000]);
});
