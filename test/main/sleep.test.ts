// A computer that slept is noticed once, whoever tells of it; one that is merely busy is not.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SLEEP_LOOK_MS, SLEPT_MS } from '../../core/limits/desktop.ts';
import { type SleepWatch, watchSleep } from '../../main/sleep.ts';

let nowMs = 1_000_000;
let woken = 0;
let watch: SleepWatch;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  woken = 0;
  watch = watchSleep({
    wallMs: () => nowMs,
    onWoken() {
      woken++;
    },
  });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

/** The timer rings after its time, which by the wall clock was longer. */
function look(passedMs = SLEEP_LOOK_MS): void {
  nowMs += passedMs;
  vi.advanceTimersByTime(SLEEP_LOOK_MS);
}

test('time that passes as it should is no sleep, nor is a look that comes late', () => {
  for (let time = 0; time < 100; time++) look();
  look(SLEPT_MS - 1);
  expect(woken).toBe(0);
});

test('a sleep is noticed at the first look after it', () => {
  look(SLEPT_MS);
  expect(woken).toBe(1);
  look();
  expect(woken).toBe(1);
  look(8 * 3_600_000);
  expect(woken).toBe(2);
});

test('the system, the unlocked screen and the clock tell of the same sleep', () => {
  nowMs += 3_600_000;
  watch.woken();
  watch.woken();
  vi.advanceTimersByTime(SLEEP_LOOK_MS);
  expect(woken).toBe(1);
});

test('unlocking hours later is heard again', () => {
  watch.woken();
  for (let time = 0; time < 20; time++) look();
  watch.woken();
  expect(woken).toBe(2);
});

test('a clock that is set back wakes nobody, and sleeps are still noticed', () => {
  look(-3_600_000);
  expect(woken).toBe(0);
  look(SLEPT_MS);
  expect(woken).toBe(1);
});

test('after its end nothing is heard', () => {
  watch.close();
  look(SLEPT_MS);
  expect(woken).toBe(0);
});
