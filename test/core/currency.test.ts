// Digits of a currency: those of ISO 4217, and two for what is no code, whoever wrote it.
import { expect, test } from 'vitest';
import { minorDigits } from '../../core/currency.ts';

test.each([
  ['EUR', 2],
  ['JPY', 0],
  ['BHD', 3],
  ['XQX', 2],
  ['gold', 2],
  ['', 2],
  ['eur', 2],
])('%s has %i', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits);
});
