// The catalogues of all languages say the same things: same shape, plurals where English has them, nothing left over.
import { describe, expect, test } from 'vitest';
import { HQ_CATALOGUES } from '../../renderer/hq/words.ts';
import { CATALOGUES } from '../../renderer/kit/words.ts';

type Leaf = { at: string; text: (count: number) => string; isText: boolean };

/** Names and signs that are the same in every language. */
const SAME_EVERYWHERE = /^(Tillwire|POSLog \(XML\)|Square|Shopify|Vend|WooCommerce|–|GTIN|SKU|Node|System|Name)$/;
/** Messages whose word for one is also that for many ("1 Artikel", "2 Artikel"). */
const ONE_LIKE_MANY = new Set([
  'articles.found',
  'count.begin.tooLong',
  'count.write.sums',
  'count.missing.absent',
  'count.paper.articles',
  'stock.total',
  'goods.begun',
  'goods.left',
  'goods.document',
  'goods.sum',
  'desktop.loop',
]);

function leaves(part: unknown, at = ''): Leaf[] {
  if (typeof part === 'string') return [{ at, isText: true, text: () => part }];
  if (typeof part === 'function') {
    return [{ at, isText: false, text: (count) => String(part(count, count, count, count, count)) }];
  }
  // Words that people may type: each language has as many as it has, and some are those of another one.
  if (Array.isArray(part)) return [{ at, isText: false, text: () => '' }];
  return Object.entries(part as Record<string, unknown>).flatMap(([name, inner]) =>
    leaves(inner, at === '' ? name : `${at}.${name}`),
  );
}

const shapeOf = (catalogue: unknown): string[] =>
  leaves(catalogue)
    .map(({ at, isText }) => `${at} ${isText}`)
    .sort();
/** What is said of so many, without the number itself. */
const wordsOf = (leaf: Leaf, count: number): string => leaf.text(count).replace(/\d[\d.,:\s]*/g, '#');

/** Messages that English says otherwise of one than of two, and the other catalogue does not. */
function flat(english: unknown, other: unknown): string[] {
  const others = new Map(leaves(other).map((leaf) => [leaf.at, leaf]));
  return leaves(english)
    .filter((leaf) => !leaf.isText && !ONE_LIKE_MANY.has(leaf.at) && wordsOf(leaf, 1) !== wordsOf(leaf, 2))
    .map(({ at }) => others.get(at))
    .flatMap((leaf) => (leaf !== undefined && wordsOf(leaf, 1) === wordsOf(leaf, 2) ? [leaf.at] : []));
}

/** Messages that read as they do in English. */
function untranslated(english: unknown, other: unknown): string[] {
  const others = new Map(leaves(other).map((leaf) => [leaf.at, leaf]));
  return leaves(english)
    .filter(({ isText, text }) => isText && !SAME_EVERYWHERE.test(text(0)) && /\p{L}{4}/u.test(text(0)))
    .filter(({ at, text }) => others.get(at)?.text(0) === text(0))
    .map(({ at }) => at);
}

/** The store window's, and of head office's page. */
const en = { ...CATALOGUES.en, hq: HQ_CATALOGUES.en };
const others = { de: { ...CATALOGUES.de, hq: HQ_CATALOGUES.de } };
const translations = Object.entries(others as Record<string, unknown>);

describe.each(translations.length === 0 ? [['en', en] as const] : translations)('%s', (name, catalogue) => {
  test('has the shape of English', () => expect(shapeOf(catalogue)).toEqual(shapeOf(en)));
  test('has plurals where English has them', () => expect(flat(en, catalogue)).toEqual([]));
  test('is translated', () => expect(name === 'en' ? [] : untranslated(en, catalogue)).toEqual([]));
});

test('a catalogue that lacks something, a plural or a translation is seen', () => {
  const english = { a: 'All sent', b: { c: (n: number) => (n === 1 ? `${n} sale` : `${n} sales`) } };
  const good = { a: 'Alles gesendet', b: { c: (n: number) => (n === 1 ? `${n} Verkauf` : `${n} Verkäufe`) } };
  expect([shapeOf(good), flat(english, good), untranslated(english, good)]).toEqual([shapeOf(english), [], []]);
  expect(shapeOf({ a: 'Alles gesendet', b: {} })).not.toEqual(shapeOf(english));
  expect(flat(english, { ...good, b: { c: (n: number) => `${n} Verkäufe` } })).toEqual(['b.c']);
  expect(untranslated(english, { ...good, a: 'All sent' })).toEqual(['a']);
});
