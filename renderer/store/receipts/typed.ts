// What somebody types into the search field, understood: a number, an article, an amount, a till, a day, a time.
import type { FactKind } from '../../../core/fact.ts';
import { SEARCH_TERMS_MAX } from '../../../core/limits/search.ts';
import { IDENTIFIER_LENGTH_MAX } from '../../../core/limits.ts';
import type { ReceiptQuery } from '../../../protocol/local/rooms/receipts.ts';
import { dayReader } from './typed-day.ts';

/** Words of the language, in lower case. */
export type TypedWords = {
  till: readonly string[];
  about: readonly string[];
  between: readonly string[];
  currency: readonly string[];
  today: readonly string[];
  yesterday: readonly string[];
  /** From Sunday. */
  weekdays: readonly string[];
  waiting: readonly string[];
  confirmed: readonly string[];
  kinds: Partial<Record<FactKind, readonly string[]>>;
  fillers: readonly string[];
};

export type TypedContext = {
  words: TypedWords;
  /** Milliseconds since 1970, by the agent's clock. */
  nowMs: number;
  /** The day stands before the month where both are numbers. */
  dayFirst: boolean;
};

type Amount = { from: number; to: number };

const MONEY = String.raw`[€$£]?\d{1,9}(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?:€|\$|£|,-|eur|chf|gbp|usd)?`;
const ONE_AMOUNT = new RegExp(`^(~?)(${MONEY})$`, 'i');
const TWO_AMOUNTS = new RegExp(String.raw`^(${MONEY})(?:-|–|\.\.)(${MONEY})$`, 'i');
const SIGN = /[€$£]|,-$|eur|chf|gbp|usd/i;
const THOUSANDTHS = 1_000;
/** "About 40" is as far off as this. */
const ABOUT = 0.1;

/** "1.234,50", "19,99", "€40" in thousandths. */
export function amountOf(text: string): number {
  const digits = text.replace(/,-$/, '').replace(/[^\d.,]/g, '');
  const cents = /[.,](\d{1,2})$/.exec(digits);
  const whole = (cents === null ? digits : digits.slice(0, cents.index)).replace(/[.,]/g, '');
  return Math.round(Number(`${whole}.${cents?.[1] ?? '0'}`) * THOUSANDTHS);
}

/** A whole number may be a receipt's: it is an amount where something says so. */
const looksLikeMoney = (text: string): boolean => SIGN.test(text) || /[.,]\d{1,2}$/.test(text);

const spread = (amount: number, isAbout: boolean): Amount =>
  isAbout
    ? { from: Math.floor(amount * (1 - ABOUT)), to: Math.ceil(amount * (1 + ABOUT)) }
    : { from: amount, to: amount };

/** Reads the tokens one after the other; each is taken by the first that understands it. */
export function readTyped(text: string, { words, nowMs, dayFirst }: TypedContext): ReceiptQuery {
  const tokens = text.split(/\s+/).filter((token) => token !== '');
  const days = dayReader(words, nowMs, dayFirst);
  const query: ReceiptQuery = { terms: [] };
  const isOne = (list: readonly string[], at: number): boolean => list.includes((tokens[at] ?? '').toLowerCase());
  for (let at = 0; at < tokens.length; ) at += readOne(at);
  const times = days.times();
  if (times !== undefined) query.times = times;
  return { ...query, ...days.days(), terms: query.terms.slice(0, SEARCH_TERMS_MAX) };

  /** How many tokens it took. */
  function readOne(at: number): number {
    const token = (tokens[at] ?? '').replace(/[,;]$/, '');
    if (isOne(words.till, at) && tokens[at + 1] !== undefined) {
      query.till = (tokens[at + 1] ?? '').slice(0, IDENTIFIER_LENGTH_MAX);
      return 2;
    }
    if (days.read(token)) return 1;
    return readAmount(at) || readWord(token.toLowerCase()) || readTerm(token);
  }

  function readAmount(at: number): number {
    const isAbout = isOne(words.about, at);
    const first = at + (isAbout ? 1 : 0);
    const range = TWO_AMOUNTS.exec(tokens[first] ?? '');
    const named = isOne(words.currency, first + 1) ? 1 : 0;
    if (range !== null && (named === 1 || range.slice(1).some(looksLikeMoney))) {
      const ends = range
        .slice(1)
        .map(amountOf)
        .sort((a, b) => a - b);
      query.amount = { from: ends[0] ?? 0, to: ends[1] ?? 0 };
      return first - at + 1 + named;
    }
    const one = ONE_AMOUNT.exec(tokens[first] ?? '');
    const about = isAbout || one?.[1] === '~';
    if (one === null || !(about || named === 1 || looksLikeMoney(one[2] ?? ''))) return 0;
    query.amount = spread(amountOf(one[2] ?? ''), about);
    return first - at + 1 + named;
  }

  function readWord(word: string): number {
    const kinds = Object.entries(words.kinds) as [FactKind, readonly string[]][];
    const kind = kinds.find(([, names]) => names.includes(word))?.[0];
    if (kind !== undefined) query.kinds = [...(query.kinds ?? []), kind];
    else if (words.waiting.includes(word)) query.state = 'waiting';
    else if (words.confirmed.includes(word)) query.state = 'confirmed';
    else if (!words.fillers.includes(word)) return 0;
    return 1;
  }

  function readTerm(token: string): number {
    if (token !== '') query.terms.push(token.slice(0, IDENTIFIER_LENGTH_MAX));
    return 1;
  }
}

/** True where nothing is looked for. */
export const isNothing = ({ terms, ...more }: ReceiptQuery): boolean =>
  terms.length === 0 && Object.values(more).every((asked) => asked === undefined);
