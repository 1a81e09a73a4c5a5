// Exact quantities and money.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDecimal, lineAmount, parseDecimal } from '../../core/amounts.ts';

test.each([
  ['1', 3, 1_000],
  ['-0.355', 3, -355],
  ['+2.50', 2, 250],
  ['007.1', 1, 71],
  ['1.', 3, 1_000],
  ['-0', 3, 0],
  ['1.2300000', 3, 1_230],
])('%s at scale %i is %i', (text, scale, value) => expect(parseDecimal(text, scale)).toBe(value));

test.each(['', '.', '1e3', '1,5', '1.2345', '0x10', 'NaN', '9007199254740993', '--1', '1 000'])(
  'refuses %j rather than round or guess',
  (text) => expect(parseDecimal(text, 3)).toBeNull(),
);

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 4 }), (value, scale) => {
      expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value);
    }),
  );
});

test('a line amount is rounded once, half away from zero', () => {
  expect(lineAmount(355, 18_900, 2)).toBe(67);
  expect(lineAmount(1_000, 50, 2)).toBe(1);
  expect(lineAmount(-1_000, 50, 2)).toBe(-1);
  expect(lineAmount(3_000, 10, 2)).toBe(0);
  expect(lineAmount(2_000, 12_345, 0)).toBe(2);
  expect(lineAmount(48_000, 135_413_300, 2)).toBe(64_998_384);
});
