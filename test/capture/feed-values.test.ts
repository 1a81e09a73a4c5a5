// Figures and times as documents of feeds write them.
import fc from 'fast-check';
import { LosslessNumber } from 'lossless-json';
import { expect, test } from 'vitest';
import { decimalOf, fromMinor } from '../../capture/feeds/figures.ts';
import { businessDay, instantOf } from '../../capture/feeds/times.ts';
import { formatDecimal, parseDecimal } from '../../core/amounts.ts';

test.each([
  [2, '2'],
  [-0, '0'],
  [0.1, '0.1'],
  [-12.5, '-12.5'],
  [1e-7, '0.0000001'],
  [3n, '3'],
  ['+007.50', '7.5'],
  ['-0.00', '0'],
  ['.5', '0.5'],
  ['5.', '5'],
  [' 12.30 ', '12.3'],
  ['1e3', '1000'],
  ['12.5E-1', '1.25'],
  ['9007199254740991', '9007199254740991'],
  [new LosslessNumber('2.500'), '2.5'],
])('%s is the figure %s', (value, text) => expect(decimalOf(value)).toEqual({ ok: true, text }));

test.each([
  [Number.NaN, 'is no number'],
  [Number.POSITIVE_INFINITY, 'is no number'],
  [0.1 + 0.2, 'is 0.30000000000000004, which no till means'],
  [2 ** 53, 'is larger than 2^53'],
  [1e20, 'is larger than 2^53'],
  ['9007199254740992', 'is larger than 2^53'],
  ['1e9999', 'is written with an exponent that no till means'],
  ['1e21', 'is written with an exponent that no till means'],
  ['', 'is empty'],
  [null, 'is empty'],
  [undefined, 'is missing'],
  ['1,5', 'is no number'],
  ['0x10', 'is no number'],
  ['١٢', 'is no number'],
  ['.', 'is no number'],
  [true, 'is no number'],
  [[2], 'is no number'],
  [{ value: '2' }, 'is no number'],
  ['1'.repeat(41), 'is longer than a number can be'],
])('%s is told as a figure that %s', (value, problem) =>
  expect(decimalOf(value)).toMatchObject({ ok: false, problem }),
);

test('a figure written in any of its ways is the same exact figure', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e14, max: 1e14 }), fc.integer({ min: 0, max: 6 }), (digits, scale) => {
      const plain = formatDecimal(digits, scale);
      const text = digits < 0 ? `-00${plain.slice(1)}` : `+00${plain}`;
      expect(decimalOf(text)).toEqual({ ok: true, text: plain === '-0' ? '0' : plain });
      expect(decimalOf(`${digits}e-${scale}`)).toEqual(decimalOf(text));
      expect(parseDecimal(plain, scale)).toBe(digits);
    }),
  );
});

test('a float is the decimal that it was written as, or told', () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const read = decimalOf(value);
      if (read.ok) expect(Number(read.text)).toBe(value === 0 ? 0 : value);
      else expect(read.problem).not.toBe('');
    }),
  );
});

test.each([
  [1250, 'EUR', '12.5'],
  ['-5', 'EUR', '-0.05'],
  [1250, 'JPY', '1250'],
  [1250, 'BHD', '1.25'],
  [0, 'USD', '0'],
])('%s minor units of %s are %s', (value, currency, text) =>
  expect(fromMinor(value, currency)).toEqual({ ok: true, text }),
);

test.each([
  [12.5, 'EUR', 'is no whole number of minor units'],
  [null, 'EUR', 'is empty'],
  [1, 'euro', 'has no known currency'],
])('%s of %s is told: %s', (value, currency, problem) =>
  expect(fromMinor(value, currency)).toMatchObject({ ok: false, problem }),
);

test.each([
  ['2026-11-21T10:15:00Z', '2026-11-21T10:15:00Z', '2026-11-21'],
  ['2026-11-21t10:15:00.123456789z', '2026-11-21T10:15:00.123Z', '2026-11-21'],
  ['2026-11-21T00:15:00-0500', '2026-11-21T00:15:00-05:00', '2026-11-21'],
  ['2026-11-21T10:15:00+01', '2026-11-21T10:15:00+01:00', '2026-11-21'],
  ['2026-11-21 10:15', '2026-11-21T10:15:00+01:00', '2026-11-21'],
  ['2026-11-20T24:00:00', '2026-11-21T00:00:00+01:00', '2026-11-21'],
  ['2026-07-01T10:15:00.5', '2026-07-01T10:15:00.500+02:00', '2026-07-01'],
  // The hour that comes twice: the first.
  ['2026-10-25T02:30:00', '2026-10-25T02:30:00+02:00', '2026-10-25'],
])('%s in Berlin is %s', (text, instant, localDay) =>
  expect(instantOf(text, 'Europe/Berlin')).toEqual({ ok: true, instant, localDay }),
);

test.each([
  ['2026-03-29T02:30:00', 'does not exist in Europe/Berlin: the clocks were put forward then'],
  ['2026-02-30T10:00:00Z', 'is no time'],
  ['2026-11-21', 'is no time'],
  ['2026-11-21T10:60:00Z', 'is no time'],
  ['2026-11-21T10:15:60Z', 'is no time'],
  ['2026-11-21T24:00:01Z', 'is no time'],
  ['2026-11-21T10:15:00+15:00', 'has no real offset'],
  ['2026-11-21T10:15:00+01:75', 'has no real offset'],
  ['0026-11-21T10:15:00Z', 'is no time'],
  ['10:15', 'is no time'],
  [1_795_000_000, 'is no time'],
  ['2'.repeat(500), 'is no time'],
])('%s is told as a time that %s', (text, problem) =>
  expect(instantOf(text, 'Europe/Berlin')).toMatchObject({ ok: false, problem }),
);

test('every instant that is read means the moment that was written', () => {
  const zones = fc.constantFrom('Europe/London', 'America/St_Johns', 'Pacific/Auckland', 'Asia/Kathmandu');
  const times = fc.date({ min: new Date('1971-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(times, zones, (time, zone) => {
      const read = instantOf(time.toISOString(), zone);
      expect(read.ok && Date.parse(read.instant)).toBe(time.getTime());
      const local = instantOf(time.toISOString().slice(0, -1), zone);
      if (local.ok) expect(local.instant.startsWith(time.toISOString().slice(0, 19))).toBe(true);
    }),
  );
});

test.each([
  ['2026-11-21T02:59:59Z', '04:00', '2026-11-20'],
  ['2026-11-21T03:00:00Z', '04:00', '2026-11-21'],
  ['2026-11-20T23:30:00Z', '00:00', '2026-11-21'],
  ['2026-11-20T22:30:00-05:00', '00:00', '2026-11-21'],
])('%s with days from %s belongs to %s in Berlin', (instant, dayStartsAt, day) =>
  expect(businessDay(instant, 'Europe/Berlin', dayStartsAt)).toBe(day),
);
