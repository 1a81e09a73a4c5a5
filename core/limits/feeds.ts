// The bounds of feeds other than CSV (L11): every reader adds its own here.

/** Characters of a number in a document: more is no quantity and no amount. */
export const FIGURE_LENGTH_MAX = 40;
/** Places behind the point that an exponent may move; a till writes 1e3 at most. */
export const FIGURE_EXPONENT_MAX = 20;
/** Characters of a time in a document. */
export const TIME_LENGTH_MAX = 40;
