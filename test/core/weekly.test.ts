// Spans of a week: when one is open, how long still, and when the next one begins.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutesLeft, minutesUntil, type Span, WEEK_DAYS } from '../../core/weekly.ts';

const at = (day: number, hours: number, minutes = 0): number => (day * 24 + hours) * 60 + minutes;
const NIGHT: Span = { days: ['mon', 'sun'], from: '22:00', to: '05:30' };

test.each<[string, Span[], number, number, number | null]>([
  ['before it', [NIGHT], at(0, 21), 0, 60],
  ['at its first minute', [NIGHT], at(0, 22), 450, 0],
  ['after midnight', [NIGHT], at(1, 5), 30, 0],
  ['at its end', [NIGHT], at(1, 5, 30), 0, at(6, 22) - at(1, 5, 30)],
  ['over the end of the week', [NIGHT], at(0, 1), 270, 0],
  ['none at all', [], at(0, 1), 0, null],
  ['one that goes on in another', [NIGHT, { days: ['tue'], from: '05:00', to: '06:00' }], at(1, 5), 60, 0],
  ['a whole day', [{ days: ['wed'], from: '00:00', to: '00:00' }], at(2, 23), 60, 0],
  ['all week', [{ days: WEEK_DAYS, from: '00:00', to: '00:00' }], at(2, 23), 7 * 24 * 60, 0],
])('%s', (_name, spans, minute, left, until) => {
  expect(minutesLeft(spans, minute)).toBe(left);
  expect(minutesUntil(spans, minute)).toBe(until);
});

test('it is open when it was said to open, and closed when it was said to end', () => {
  const time = fc.tuple(fc.nat(23), fc.nat(59)).map((two) => two.map((one) => String(one).padStart(2, '0')).join(':'));
  const span = fc.record({ days: fc.subarray([...WEEK_DAYS], { minLength: 1 }), from: time, to: time });
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 4 }), fc.nat(7 * 24 * 60 - 1), (spans, minute) => {
      const week = 7 * 24 * 60;
      const left = minutesLeft(spans, minute);
      if (left > 0 && left < week) expect(minutesLeft(spans, (minute + left) % week)).toBe(0);
      const wait = minutesUntil(spans, minute) ?? 0;
      expect(minutesLeft(spans, (minute + wait) % week)).toBeGreaterThan(0);
    }),
  );
});
