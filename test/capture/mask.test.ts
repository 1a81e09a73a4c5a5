// Card numbers are found in free text, and only there where a number can be one (D23, L12).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findCardNumbers, maskText } from '../../capture/mask.ts';

const CARDS = {
  visa: '4111111111111111',
  visaShort: '4222222222222',
  mastercard: '5555555555554444',
  mastercardTwo: '2223003122003222',
  amex: '378282246310005',
  discover: '6011111111111117',
  jcb: '3530111333300000',
  diners: '30569309025904',
  maestro: '6759649826438453',
  unionPay: '6240008631401148',
};

test.each(Object.entries(CARDS))('%s is painted over, whatever stands around and between', (_name, card) => {
  const spaced = card.replace(/(\d{4})(?=\d)/g, '$1 ');
  const dashed = card.replace(/(\d{4})(?=\d)/g, '$1-');
  for (const written of [card, spaced, dashed]) {
    const { text, ranges } = maskText(`paid by ${written}, thanks`);
    expect(text).toBe(`paid by ${'*'.repeat(written.length)}, thanks`);
    expect(ranges).toEqual([[8, 8 + written.length]]);
  }
});

test('a card behind another number is found', () => {
  expect(maskText('order 12345 4111 1111 1111 1111').text).toBe(`order 12345 ${'*'.repeat(19)}`);
  expect(maskText('4111 1111 1111 1111 12/27').text).toBe(`${'*'.repeat(19)} 12/27`);
});

test('track data goes whole, even where its number fails the check', () => {
  const one = '%B4111111111111112^DOE/JANE^27121010000000000000?';
  const two = ';4111111111111112=27121010000012345678?';
  expect(maskText(`swipe ${one}`).text).toBe(`swipe ${'*'.repeat(one.length)}`);
  expect(maskText(`swipe ${two}`).text).toBe(`swipe ${'*'.repeat(two.length)}`);
});

test.each([
  ['fails Luhn', '4111111111111112'],
  ['no issuer has it', '9999999999999995'],
  ['too short', '411111111117'],
  ['a telephone number', '+49 30 901820 0'],
  ['an EAN of a German article', '4006381333931'],
])('left alone: %s', (_why, text) => expect(findCardNumbers(text)).toEqual([]));

test('masking keeps the length, masks nothing twice and never makes a card number', () => {
  const piece = fc.oneof(fc.constantFrom(...Object.values(CARDS)), fc.string(), fc.constantFrom(' ', '-', ';'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join(' ');
      const masked = maskText(text);
      expect(masked.text).toHaveLength(text.length);
      expect(findCardNumbers(masked.text)).toEqual([]);
      for (const card of Object.values(CARDS)) {
        if (pieces.includes(card)) expect(masked.text).not.toContain(card);
      }
    }),
  );
});

test.each(['6 ', '4 ', '6', '4111-', '%B6'])(
  'a million characters of %s are masked or left, in a little while',
  (bit) => {
    const text = bit.repeat(1_000_000 / bit.length);
    expect(maskText(text).text).toHaveLength(text.length);
  },
);
