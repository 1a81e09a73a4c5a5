// What every reader of a feed needs: figures as exact decimal text, and the form of what it sets aside.
import type { SetAsideCode } from '../../core/captured.ts';
import { minorDigits } from '../../core/currency.ts';
import { FIGURE_EXPONENT_MAX, FIGURE_LENGTH_MAX } from '../../core/limits/feeds.ts';
import type { FeedItem } from './feed.ts';

/** `problem` and `fix` stand behind the name of the field: "lines.0.quantity is empty: send ...". */
export type Figure = { ok: true; text: string } | { ok: false; problem: string; fix: string };

const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,4}))?$/;
/** A binary fraction is one decimal only up to so many digits. */
const FLOAT_DIGITS_MAX = 15;
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);
const FIX = 'send it as text with a decimal point, for example "2.5"';

const wrong = (problem: string, fix = FIX): Figure => ({ ok: false, problem, fix });

/**
 * An integer, a finite float, decimal text or a number of lossless-json to its shortest decimal text without exponent:
 * "+007.50" is "7.5". Nothing is rounded.
 */
export function decimalOf(value: unknown): Figure {
  switch (typeof value) {
    case 'number':
      return ofNumber(value);
    case 'bigint':
      return ofText(String(value));
    case 'string':
      return ofText(value);
    case 'object':
      return ofObject(value);
    default:
      return wrong(value === undefined ? 'is missing' : 'is no number');
  }
}

/** Whole minor units (cents, or yen, or fils) to the decimal text of the currency's unit; ISO 4217. */
export function fromMinor(value: unknown, currency: string): Figure {
  const fix = `send whole minor units of ${currency}, for example 1250`;
  const whole = decimalOf(value);
  if (!whole.ok) return { ...whole, fix };
  if (whole.text.includes('.')) return wrong('is no whole number of minor units', fix);
  if (!/^[A-Z]{3}$/.test(currency)) return wrong('has no known currency', 'name the ISO 4217 code, for example EUR');
  return plain(whole.text.startsWith('-'), whole.text.replace('-', ''), -minorDigits(currency));
}

function ofNumber(value: number): Figure {
  if (!Number.isFinite(value)) return wrong('is no number');
  if (Number.isInteger(value)) return ofText(value.toFixed(0));
  const text = String(value);
  const digits = text.replace(/e.*$/, '').replace(/\D/g, '').replace(/^0+/, '');
  if (digits.length > FLOAT_DIGITS_MAX) return wrong(`is ${text}, which no till means`);
  return ofText(text);
}

/** A number as lossless-json reads it carries its text as `value`. */
function ofObject(value: object | null): Figure {
  if (value === null) return wrong('is empty');
  if ('isLosslessNumber' in value && 'value' in value && typeof value.value === 'string') return ofText(value.value);
  return wrong('is no number');
}

function ofText(given: string): Figure {
  if (given.length > FIGURE_LENGTH_MAX) return wrong('is longer than a number can be');
  const text = given.trim();
  if (text === '') return wrong('is empty');
  const match = NUMBER.exec(text);
  if (match === null) return wrong('is no number');
  const [, sign, whole = '', fraction = '', onlyFraction = '', exponent = '0'] = match;
  const shift = Number(exponent);
  if (Math.abs(shift) > FIGURE_EXPONENT_MAX) return wrong('is written with an exponent that no till means');
  const behind = fraction + onlyFraction;
  return plain(sign === '-', whole + behind, shift - behind.length);
}

/** digits x 10^shift. */
function plain(negative: boolean, digits: string, shift: number): Figure {
  const shifted = shift > 0 ? digits + '0'.repeat(shift) : digits.padStart(1 - shift, '0');
  const point = shift > 0 ? shifted.length : shifted.length + shift;
  const whole = shifted.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const fraction = shifted.slice(point).replace(/0+$/, '');
  if (BigInt(whole) > LARGEST) return wrong('is larger than 2^53', 'send a smaller number');
  const zero = whole === '0' && fraction === '';
  return { ok: true, text: `${negative && !zero ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}` };
}

/** What a reader cannot express; `raw` word for word, so that the same reader can read it again alone. */
export const asideItem = (
  place: string,
  raw: string,
  code: SetAsideCode,
  reason: string,
  receipt?: string | undefined,
): Extract<FeedItem, { kind: 'aside' }> => ({ kind: 'aside', place, raw, code, reason, receipt });
