// The bounds of the stock and goods rooms of the store window (L11); all others are in core/limits.ts.
import { assert } from '../assert.ts';
import { PAGE_ROWS_MAX } from '../limits.ts';

const DAY_MS = 24 * 3_600 * 1_000;

/** Shelves in one page of the stock list. */
export const STOCK_PAGE_ROWS_MAX = 200;
/** Characters of what is searched for, and words of it. */
export const SEARCH_LENGTH_MAX = 80;
export const SEARCH_WORDS_MAX = 6;
/** Articles that are offered while somebody types. */
export const ARTICLES_FOUND_MAX = 8;
/** Orders of transfers that are shown, the newest ones; those older than this are folded away. */
export const TRANSFERS_SHOWN_MAX = 200;
export const TRANSFER_OLD_MS = 30 * DAY_MS;
/** Articles of one transfer that are shown in that list, those that are open first. */
export const TRANSFER_LINES_SHOWN_MAX = 10;
/** Documents of goods that are shown, the newest ones. */
export const GOODS_DOCUMENTS_MAX = 50;
/** How long a document of goods can be taken back in the window; older ones are a matter for head office. */
export const TAKE_BACK_MS_MAX = 7 * DAY_MS;
/** Documents that are begun and not kept yet. */
export const GOODS_DRAFTS_MAX = 50;
/** How long a draft that was kept is remembered, so that a window that asks once more gets the same answer (L1). */
export const GOODS_DRAFT_DONE_MS = 7 * DAY_MS;

assert(STOCK_PAGE_ROWS_MAX <= PAGE_ROWS_MAX, 'a page of the stock list is a page');
