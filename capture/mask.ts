// Card numbers never enter (L12, D23): finds them in free text and paints them over.

/** Character ranges [from, to) of a text. */
export type Ranges = [from: number, to: number][];
export type Masked = { text: string; ranges: Ranges };

/** A run of at least 13 digits, perhaps with spaces or dashes between; what separates columns does not join digits. */
const DIGIT_RUN = /\d(?:[ \u00a0\u2013-]{0,2}\d){12,}/g;
const DIGIT_GROUP = /\d+/g;
/** Magnetic stripe: track 1 (%B number ^ name ^ data ?) and track 2 (; number = data ?). */
const TRACKS = [/%?B\d{12,19}\^[^^\r\n]{2,30}\^\d{4}[^?\r\n]*\??/gi, /;?\d{12,19}[=D]\d{7,}\??/g];

const CARD_DIGITS_MIN = 13;
const CARD_DIGITS_MAX = 19;

/** First digits and lengths of the issuers. Maestro holds most of 6; Discover, UnionPay and RuPay lie inside it. */
const ISSUERS: { digits: RegExp; lengths: number[] }[] = [
  { digits: /^4/, lengths: [13, 16, 19] }, // Visa
  { digits: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { digits: /^3[47]/, lengths: [15] }, // American Express
  { digits: /^(6011|64[4-9]|65|622)/, lengths: [16, 17, 18, 19] }, // Discover
  { digits: /^35(2[89]|[3-8])/, lengths: [16, 17, 18, 19] }, // JCB
  { digits: /^3(0[0-5]|095|6|[89])/, lengths: [14, 15, 16, 17, 18, 19] }, // Diners Club
  { digits: /^(50|5[6-8]|6)/, lengths: [13, 14, 15, 16, 17, 18, 19] }, // Maestro
  { digits: /^(62|81)/, lengths: [16, 17, 18, 19] }, // UnionPay
];

/** What a number of so many digits begins with, of all issuers. */
const BY_LENGTH = new Map(
  Array.from({ length: CARD_DIGITS_MAX - CARD_DIGITS_MIN + 1 }, (_, nth) => {
    const length = CARD_DIGITS_MIN + nth;
    const issuers = ISSUERS.filter(({ lengths }) => lengths.includes(length));
    return [length, new RegExp(issuers.map(({ digits }) => digits.source).join('|'))];
  }),
);

/** Paints card numbers and track data over with "*", so that places and lengths stay. */
export function maskText(text: string): Masked {
  const ranges = findCardNumbers(text);
  return { text: paintOver(text, ranges), ranges };
}

export function paintOver(text: string, ranges: Ranges): string {
  let out = '';
  let at = 0;
  for (const [from, to] of ranges) {
    out += text.slice(at, from) + '*'.repeat(to - from);
    at = to;
  }
  return out + text.slice(at);
}

/** Ranges in order, without overlap. */
export function findCardNumbers(text: string): Ranges {
  const found: Ranges = [];
  for (const track of TRACKS) {
    for (const match of text.matchAll(track)) found.push([match.index, match.index + match[0].length]);
  }
  for (const match of text.matchAll(DIGIT_RUN)) cardsInRun(match[0], match.index, found);
  return merge(found);
}

export const holdsCardNumber = (text: string): boolean => findCardNumbers(text).length > 0;

/** "order 12345 4111 1111 1111 1111" is one run of digits: a card may begin and end at each of its groups. */
function cardsInRun(run: string, offset: number, found: Ranges): void {
  const groups = [...run.matchAll(DIGIT_GROUP)].map((match) => ({ digits: match[0], at: match.index }));
  for (let first = 0; first < groups.length; first++) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length <= CARD_DIGITS_MAX; last++) {
      const group = groups[last];
      digits += group?.digits ?? '';
      if (!isCardNumber(digits)) continue;
      found.push([offset + (groups[first]?.at ?? 0), offset + (group?.at ?? 0) + (group?.digits.length ?? 0)]);
    }
  }
}

function isCardNumber(digits: string): boolean {
  return (BY_LENGTH.get(digits.length)?.test(digits) ?? false) && luhn(digits);
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function merge(ranges: Ranges): Ranges {
  const out: Ranges = [];
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}
