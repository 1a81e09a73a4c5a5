// When a device asks for a new certificate: in time, at once where it is refused, never in a storm.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RENEW_WAIT_MS_MAX } from '../../../core/limits/joining.ts';
import {
  asked,
  declined,
  failed,
  NOT_ASKED,
  type Renewal,
  refused,
  renewed,
  renewsInMs,
  taken,
  waitMs,
} from '../../../main/enrol/renewal-machine.ts';

const DAY_MS = 86_400_000;
const LIFE = { fromMs: 1_000 * DAY_MS, untilMs: 1_090 * DAY_MS };
const at = (days: number, monotonicMs = 0) => ({ centralMs: LIFE.fromMs + days * DAY_MS, monotonicMs });

test('after two thirds of its life, and not before (S14)', () => {
  expect(renewsInMs(NOT_ASKED, LIFE, at(0))).toBe(60 * DAY_MS);
  expect(renewsInMs(NOT_ASKED, LIFE, at(59))).toBe(DAY_MS);
  expect(renewsInMs(NOT_ASKED, LIFE, at(60))).toBe(0);
  expect(renewsInMs(NOT_ASKED, LIFE, at(900))).toBe(0);
});

test('at once where broker or central refuses what there is', () => {
  expect(renewsInMs(refused(NOT_ASKED), LIFE, at(1))).toBe(0);
});

test('a broker that refuses what central just gave is not asked for in a storm; one that takes it ends that', () => {
  let renewal: Renewal = NOT_ASKED;
  const waits: number[] = [];
  for (let time = 0; time < 12; time++) {
    renewal = renewed(asked(refused(renewal), 0));
    waits.push(renewsInMs(refused(renewal), LIFE, at(1)));
  }
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
  expect(waits.at(-1)).toBe(RENEW_WAIT_MS_MAX);
  expect(waitMs(taken(renewal))).toBeLessThan(waits[2] ?? 0);
  expect(renewsInMs(taken(renewal), LIFE, at(1))).toBe(59 * DAY_MS);
});

test('central that says no is asked again, but rarely', () => {
  expect(renewsInMs(declined(asked(refused(NOT_ASKED), 0)), LIFE, at(70))).toBe(RENEW_WAIT_MS_MAX);
});

test('whatever happens, two times are never closer than the shortest wait, and it never waits for ever', () => {
  const happening = fc.constantFrom(refused, failed, declined, renewed, taken, (was: Renewal) => asked(was, 0));
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), fc.integer({ min: 0, max: 200 }), (happenings, days) => {
      const renewal = asked(
        happenings.reduce((was, happen) => happen(was), NOT_ASKED),
        0,
      );
      const inMs = renewsInMs(renewal, LIFE, at(days));
      expect(inMs).toBeGreaterThanOrEqual(5_000);
      expect(inMs).toBeLessThanOrEqual(Math.max(60 * DAY_MS, RENEW_WAIT_MS_MAX));
    }),
  );
});
