// The bounds of counting in the store window (L11).

/** Counts that are open at one time, and finished ones that this PC still shows. */
export const OPEN_SHEETS_MAX = 20;
export const KEPT_SHEETS_MAX = 100;
/** Lines that people write on one sheet; removed ones count. */
export const COUNT_LINES_MAX = 50_000;
/** Changes of one sheet that can be taken back, or that are known again when they are asked for twice. */
export const COUNT_CHANGES_MAX = 2_000;
/** Articles that an area should have. */
export const AREA_SKUS_MAX = 10_000;
/** Articles that a person lists by hand when a count begins, or that are marked as not found at one time. */
export const AREA_LIST_MAX = 2_000;
export const ABSENT_MAX = 500;
/** Characters of the name of an area and of a person who counts. */
export const AREA_LENGTH_MAX = 60;
export const COUNTER_LENGTH_MAX = 40;
/** Lines, articles or figures in one answer. */
export const COUNT_PAGE_MAX = 500;
/** A figure is questioned beyond so many units at once, where the sum is more than so many times what the books have. */
export const SURPRISE_UNITS_MIN = 10;
export const SURPRISE_SUM_MIN = 20;
export const SURPRISE_TIMES = 3;
/** The same where the books know nothing of the article. */
export const SURPRISE_UNKNOWN_MIN = 999;
/** Blank lines of a printed sheet for what nobody expected. */
export const PAPER_BLANKS = 20;
/** How often, and how long apart, a window asks again for a sheet that another one is just handing over. */
export const COUNT_BUSY_TRIES = 50;
export const COUNT_BUSY_WAIT_MS = 100;
