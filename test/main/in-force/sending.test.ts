// How the configuration of a store bounds sending at a moment, by the clock on the wall.
import { expect, test } from 'vitest';
import { policyOf, sendsFromMs } from '../../../main/in-force/sending.ts';
import { UNBOUNDED } from '../../../sync/policy.ts';

const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();

test('nothing is bounded that is not named', () => {
  expect(policyOf({}, 0)).toEqual(UNBOUNDED);
  expect(policyOf({ sync: {} }, 0)).toEqual(UNBOUNDED);
  expect(policyOf({ sync: { bytesPerSecond: 9_000 } }, 0)).toEqual({ ...UNBOUNDED, bytesPerSecond: 9_000 });
  expect(policyOf({ sync: { batchEntries: 5, windowEntries: 50 } }, 0)).toEqual({
    ...UNBOUNDED,
    batchEntries: 5,
    windowEntries: 50,
  });
});

test('hours begin and end by the clock of the PC, also over midnight', () => {
  const isOpen = (ms: number): boolean =>
    !policyOf({ sync: { times: [{ days: ['sat'], from: '22:00', to: '06:00' }] } }, ms).outOfHours;
  // 21 November 2026 is a Saturday.
  expect([at(21, 21, 59), at(21, 22), at(22, 5, 59), at(22, 6), at(20, 23)].map(isOpen)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

test('outside of the hours it is known when they begin again, to the minute', () => {
  const night = { sync: { times: [{ days: ['sat' as const], from: '22:00', to: '06:00' }] } };
  expect(sendsFromMs(night, at(21, 20, 30) + 12_345)).toBe(at(21, 22));
  expect(sendsFromMs(night, at(21, 23))).toBeNull();
  expect(sendsFromMs({}, at(21, 20))).toBeNull();
});
