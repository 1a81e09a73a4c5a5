// The bounds of receipt numbers that are compared and of product attributes (L11); all others are in core/limits.ts.

/** Receipt numbers that may lack in a row; what is farther apart is a new beginning, not missing receipts. */
export const RECEIPT_GAP_MAX = 5_000;
/** Numberings of one till on one day, and receipts; beyond either no gaps are told. */
export const RECEIPT_SERIES_MAX = 64;
export const RECEIPTS_OF_DAY_MAX = 20_000;
/** Ranges of missing receipt numbers that are listed, and that a sentence names. */
export const MISSING_RANGES_MAX = 50;
export const MISSING_RANGES_NAMED_MAX = 3;
/** Proposals that wait for the owner of one attribute of a product. */
export const PROPOSALS_MAX = 20;
/** Stores that a sentence names, of those that have not reported since central was restored. */
export const MISSING_STORES_NAMED_MAX = 10;
/** Tills that are compared on one trading day. */
export const TILLS_OF_DAY_MAX = 200;
/** Entries that may have come in since the tills' days were last looked at; beyond that they are read anew. */
export const TILL_DAYS_BEHIND_MAX = 20_000;
