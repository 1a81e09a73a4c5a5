// The bounds of looking for documents (L11); all others are in core/limits.ts.

/** Characters of what is typed, and terms and words in it. */
export const SEARCH_TEXT_LENGTH_MAX = 200;
export const SEARCH_TERMS_MAX = 6;
/** Words that one article is found by, and characters of one of them. */
export const SEARCH_WORDS_MAX = 24;
export const SEARCH_WORD_LENGTH_MAX = 32;
/** Articles whose documents are looked through together; words that fit more are too few letters. */
export const SEARCH_ARTICLES_MAX = 200;
/** Articles that one word may fit before another word is asked first. */
export const SEARCH_WORD_ARTICLES_MAX = 2_000;
/** Documents of a number that are gathered and sorted; a number that more begin with is looked for from the newest. */
export const SEARCH_NUMBERS_MAX = 1_000;
/**
 * What one step of a search looks at, lest a till that captures waits: rows of the narrow table one after the other,
 * single documents that an index named, and rows that it answers. Together a few milliseconds.
 */
export const SEARCH_SCANNED_ROWS_MAX = 20_000;
export const SEARCH_CANDIDATES_MAX = 1_000;
export const SEARCH_STEP_ROWS_MAX = 50;
/** Steps of one search before it says how far it has looked. */
export const SEARCH_STEPS_MAX = 400;
/** Tills that a search knows by name. */
export const SEARCH_TILLS_MAX = 1_000;
/** Documents that refer to one, as its life lists them. */
export const REFERENCES_MAX = 50;
