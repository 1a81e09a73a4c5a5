// Silent tills: only in opening hours, only tills that sell on such a day; over midnight and where the clock is changed.
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { openThroughout, type Silence, silentTills, type WallMinute } from '../../core/opening-hours.ts';
import type { Span } from '../../core/weekly.ts';

const BERLIN = 'Europe/Berlin';
const MINUTE_MS = 60_000;
const wallMinute: WallMinute = (ms) => {
  const at = DateTime.fromMillis(ms, { zone: BERLIN });
  return (at.weekday - 1) * 24 * 60 + at.hour * 60 + at.minute;
};
const at = (iso: string): number => DateTime.fromISO(iso, { zone: BERLIN }).toMillis();
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const SHOP: Span[] = [{ days: [...DAYS], from: '08:00', to: '20:00' }];
const BAR: Span[] = [{ days: ['fri', 'sat'], from: '18:00', to: '02:00' }];

function silentAt(now: string, last: string, spans = SHOP, isExpected = true): boolean {
  const silence: Silence = { spans, silentMinutes: 60, nowMs: at(now), wallMinute };
  return silentTills(silence, [{ workstation: 'T1', lastMs: at(last), isExpected }]).length === 1;
}

test.each([
  ['an hour without a sale', '2026-11-21T15:00', '2026-11-21T14:00', true],
  ['not yet an hour', '2026-11-21T15:00', '2026-11-21T14:01', false],
  ['open for less than an hour: the night is no silence', '2026-11-21T08:59', '2026-11-20T19:58', false],
  ['open for an hour, and nothing yet', '2026-11-21T09:00', '2026-11-20T19:58', true],
  ['after closing time', '2026-11-21T20:00', '2026-11-21T17:00', false],
  ['on a Sunday', '2026-11-22T15:00', '2026-11-21T14:00', false],
])('%s', (_, now, last, isSilent) => expect(silentAt(now, last)).toBe(isSilent));

test('a till that is not expected on such a day is never silent, nor is any without opening hours', () => {
  expect(silentAt('2026-11-21T15:00', '2026-11-07T14:00', SHOP, false)).toBe(false);
  expect(silentAt('2026-11-21T15:00', '2026-11-21T10:00', [])).toBe(false);
});

test.each([
  ['half past midnight belongs to the evening', '2026-11-22T00:30', '2026-11-21T23:15', true],
  ['until two', '2026-11-22T01:59', '2026-11-22T00:30', true],
  ['not after', '2026-11-22T02:00', '2026-11-22T00:30', false],
  ['Monday has no such night', '2026-11-24T00:30', '2026-11-23T22:00', false],
])('a bar: %s', (_, now, last, isSilent) => expect(silentAt(now, last, BAR)).toBe(isSilent));

test('an hour is an hour where the clock is put ahead or back', () => {
  const night: Span[] = [{ days: ['sun'], from: '00:00', to: '06:00' }];
  // 29 March 2026: 2:00 becomes 3:00. 25 October 2026: 3:00 becomes 2:00 again.
  expect(silentAt('2026-03-29T03:30', '2026-03-29T01:31', night)).toBe(false);
  expect(silentAt('2026-03-29T03:30', '2026-03-29T01:30', night)).toBe(true);
  const first = Date.parse('2026-10-25T02:30:00+02:00');
  const again = first + 60 * MINUTE_MS;
  expect(wallMinute(first)).toBe(wallMinute(again));
  const silence: Silence = { spans: night, silentMinutes: 60, nowMs: again, wallMinute };
  expect(silentTills(silence, [{ workstation: 'T1', lastMs: first, isExpected: true }])).toHaveLength(1);
  expect(silentTills(silence, [{ workstation: 'T1', lastMs: first + 1, isExpected: true }])).toHaveLength(0);
});

test('open throughout means open at each minute between', () => {
  const Minute = fc.integer({ min: 0, max: 3 * 7 * 24 * 60 });
  const begin = at('2026-10-12T00:00');
  fc.assert(
    fc.property(Minute, fc.integer({ min: 0, max: 600 }), (from, length) => {
      const fromMs = begin + from * MINUTE_MS;
      const each = Array.from({ length: length + 1 }, (_, minute) => fromMs + minute * MINUTE_MS);
      const isOpen = (ms: number): boolean => {
        const { weekday, hour } = DateTime.fromMillis(ms, { zone: BERLIN });
        return weekday <= 6 && hour >= 8 && hour < 20;
      };
      const toMs = fromMs + length * MINUTE_MS;
      expect(openThroughout({ spans: SHOP, wallMinute }, fromMs, toMs)).toBe(each.every(isOpen));
    }),
    { numRuns: 60 },
  );
});
