// Articles by words that begin so, as tills told them and as head office calls them.
import { SEARCH_ARTICLES_MAX, SEARCH_WORD_ARTICLES_MAX } from '../core/limits/search.ts';
import { articleWords, matchesWords, prefixRange, type ToldArticle, wordsOf } from '../core/search-keys.ts';
import { openListedNames } from './catalogue/names.ts';
import type { Db } from './database.ts';

export function openArticleSearch(db: Db) {
  const begins = db
    .prepare<[string, string, number], number>('SELECT article FROM search_word WHERE word >= ? AND word < ? LIMIT ?')
    .pluck();
  const told = db.prepare<[number], ToldArticle>('SELECT sku, gtin, description FROM search_article WHERE id = ?');

  const listedAs = openListedNames(db);

  /** Null where more articles fit than one looks through together. */
  return (terms: readonly string[]): number[] | null => {
    const typed = terms.flatMap(wordsOf);
    if (typed.length === 0) return [];
    const sets = typed.map((word) => begins.all(...prefixRange(word), SEARCH_WORD_ARTICLES_MAX + 1));
    const fewest = sets.reduce((a, b) => (b.length < a.length ? b : a));
    if (fewest.length > SEARCH_WORD_ARTICLES_MAX) return null;
    const fits = (id: number): boolean => {
      const article = told.get(id);
      if (article === undefined) return false;
      const named = wordsOf(listedAs(article.sku) ?? '');
      return matchesWords([...articleWords(article), ...named], typed);
    };
    const found = [...new Set(fewest)].filter((id) => typed.length === 1 || fits(id));
    return found.length > SEARCH_ARTICLES_MAX ? null : found;
  };
}
