// Numbers and times as files write them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLocalDecimal } from '../../capture/csv/numbers.ts';
import { timeReader } from '../../capture/csv/times.ts';
import { formatDecimal } from '../../core/amounts.ts';
import { mappingOf } from './imports.ts';

const english = { decimalComma: false, thousandsSeparator: ',' as const };
const german = { decimalComma: true, thousandsSeparator: '.' as const };

test.each([
  ['1,234.50', english, 1_234_500],
  ['1.234,50', german, 1_234_500],
  ['-0,125', german, -125],
  ['−3', german, -3_000],
  ['1 234,5', { decimalComma: true, thousandsSeparator: ' ' as const }, 1_234_500],
  ['.5', { decimalComma: false, thousandsSeparator: undefined }, 500],
  ['1.200', german, 1_200_000],
  ['1.200', { decimalComma: false, thousandsSeparator: undefined }, 1_200],
])('%s is read by its mapping', (text, style, expected) => expect(parseLocalDecimal(text, 3, style)).toBe(expected));

test.each([
  ['1.5', german],
  ['12,34.5', english],
  ['1,5', { decimalComma: false, thousandsSeparator: undefined }],
  ['1.5', { decimalComma: true, thousandsSeparator: undefined }],
  ['1,2345', german],
  ['1E+05', english],
  ['two', english],
  ['', english],
  ['-', english],
  ['12-', english],
])('%s is refused rather than guessed', (text, style) => expect(parseLocalDecimal(text, 3, style)).toBeNull());

test('whatever is written with a style is read back by it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.boolean(), (value, comma) => {
      const [whole = '', fraction] = formatDecimal(value, 3).split('.');
      const grouped = whole.replace(/\B(?=(\d{3})+$)/g, comma ? '.' : ',');
      const text = fraction === undefined ? grouped : `${grouped}${comma ? ',' : '.'}${fraction}`;
      expect(parseLocalDecimal(text, 3, comma ? german : english)).toBe(value);
    }),
  );
});

const read = (text: string, changes: Record<string, unknown> = {}): string => {
  const time = timeReader(mappingOf(changes))(text);
  return 'problem' in time ? time.problem : `${time.occurred} ${time.day}`;
};

test('local times get the offset of their zone; summer time is decided by one rule', () => {
  expect(read('2010-12-01 08:26:00')).toBe('2010-12-01T08:26:00+00:00 2010-12-01');
  expect(read('2011-06-01T08:26:00')).toBe('2011-06-01T08:26:00+01:00 2011-06-01');
  expect(read('2011-10-30 01:30:00')).toBe('2011-10-30T01:30:00+01:00 2011-10-30');
  expect(read('2011-03-27 01:30:00')).toContain('does not exist in Europe/London');
  expect(read('2011-03-27 01:30:00', { timeZone: 'America/New_York' })).toBe('2011-03-27T01:30:00-04:00 2011-03-27');
});

test("a time with its own offset keeps it; the trading day is the store's all the same", () => {
  expect(read('2026-11-21T23:30:00-05:00')).toBe('2026-11-21T23:30:00-05:00 2026-11-22');
  expect(read('2026-11-22T01:30:00Z', { timeZone: 'America/New_York' })).toBe('2026-11-22T01:30:00+00:00 2026-11-21');
  expect(read('2026-11-21T10:15:00.250Z')).toBe('2026-11-21T10:15:00.250+00:00 2026-11-21');
  expect(read('21.11.2026 10:15 +0100', { timeFormat: 'dd.MM.yyyy HH:mm ZZZ' })).toBe(
    '2026-11-21T10:15:00+01:00 2026-11-21',
  );
});

test('the trading day begins when the mapping says', () => {
  const late = { businessDate: { dayStartsAt: '04:00' } };
  expect(read('2026-11-21T03:59:59', late)).toBe('2026-11-21T03:59:59+00:00 2026-11-20');
  expect(read('2026-11-21T04:00:00', late)).toBe('2026-11-21T04:00:00+00:00 2026-11-21');
});

test.each(['2026-02-30T10:00:00', '21/11/2026', '', 'noon', '10:15:00', 'T10:15', '2026', '2026-11'])(
  '%s is no time',
  (text) => expect(read(text)).toContain('is no time'),
);
