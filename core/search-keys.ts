// How documents are looked for: numbers and words folded alike on paper, in the journal and in a search field.
import { SEARCH_WORD_LENGTH_MAX, SEARCH_WORDS_MAX } from './limits/search.ts';

/** Digits behind the point of the amounts that are searched: in thousandths of any currency's unit. */
export const SEARCH_AMOUNT_SCALE = 3;

const MARKS = /\p{M}/gu;
const ZEROS = /(?<!\d)0+(?=\d)/g;
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u;
/** Sorts behind whatever begins with the same letters. */
const BEHIND_ALL = '\u{10FFFF}';

/** Without case, accents and zeros in front of a number: "Äpfel 007" is "apfel 7". */
const folded = (text: string): string =>
  text.normalize('NFKD').replace(MARKS, '').toLowerCase().replaceAll('ß', 'ss').replace(ZEROS, '');

/** `tail`: the last number in it, where it is more than that: "T1-001042" is "t1-1042" and "1042". */
export type NumberKeys = { whole: string; tail: string | null };

export function numberKeys(number: string): NumberKeys {
  const whole = folded(number).replace(/\s+/g, '');
  const tail = /\d+(?=\D*$)/.exec(whole)?.[0] ?? null;
  return { whole, tail: tail === whole ? null : tail };
}

/** What a typed number begins with; zeros at its end are perhaps only those in front of the digits still to come. */
export function numberPrefix(typed: string): string {
  const { whole } = numberKeys(typed);
  return whole.replace(/(?<=\D)0$/, '');
}

/** A number begins so, or the last number in it does. */
export const hasNumberPrefix = ({ whole, tail }: NumberKeys, prefix: string): boolean =>
  whole.startsWith(prefix) || (tail?.startsWith(prefix) ?? false);

/** Ends of the stretch of keys that begin with a prefix: from, and before. */
export const prefixRange = (prefix: string): [from: string, before: string] => [prefix, prefix + BEHIND_ALL];

/** Words of one text, each once. */
export const wordsOf = (text: string): string[] => [
  ...new Set(
    folded(text)
      .split(BETWEEN_WORDS)
      .map((word) => word.slice(0, SEARCH_WORD_LENGTH_MAX))
      .filter((word) => word !== ''),
  ),
];

/** An article as a till told it; empty where it told nothing. */
export type ToldArticle = { sku: string; gtin: string; description: string };

/** What an article is found by, at most SEARCH_WORDS_MAX of them. */
export const articleWords = ({ sku, gtin, description }: ToldArticle): string[] =>
  [...new Set([...wordsOf(sku), ...wordsOf(gtin), ...wordsOf(description)])].slice(0, SEARCH_WORDS_MAX);

/** Each typed word begins one of the article's. */
export const matchesWords = (words: readonly string[], typed: readonly string[]): boolean =>
  typed.every((prefix) => words.some((word) => word.startsWith(prefix)));

/** A till by what is painted on it or typed of it: "2" is "Till 2", "T02" and "2", but no "Till 12". */
export function isTillNamed(workstation: string, typed: string): boolean {
  const { whole, tail } = numberKeys(workstation);
  const asked = numberKeys(typed).whole;
  return asked !== '' && (whole === asked || tail === asked);
}

/** Trading day as days since 1970. */
export const dayNumber = (businessDate: string): number => Math.floor(Date.parse(`${businessDate}T00:00:00Z`) / DAY_MS);
const DAY_MS = 86_400_000;

/** What was paid or paid back, without its sign, in thousandths of the currency's unit; null where nobody said. */
export function searchAmount(total: number | null, digits: number): number | null {
  if (total === null) return null;
  return Math.round(Math.abs(total) * 10 ** (SEARCH_AMOUNT_SCALE - digits));
}
