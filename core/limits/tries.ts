// The bounds of dry runs of a configuration (L11); all others are in core/limits.ts.

const MIB = 1024 * 1024;
const SECOND_MS = 1_000;

/** Days back that a dry run looks at. */
export const TRY_DAYS_USUAL = 7;
export const TRY_DAYS_MAX = 31;
/** Stores of one dry run: of a larger chain a share says as much. */
export const TRY_STORES_MAX = 500;
/** Hours until a store that did not begin it does not begin it any more. */
export const TRY_HOURS = 24;
/** Dry runs that central keeps; older ones are removed. */
export const TRIES_KEPT_MAX = 50;
/** Stores that one answer of central tells of. */
export const TRY_PAGE_STORES_MAX = 50;

/** Files of one store that are read again, newest first, and their bytes as they lie on the disk. */
export const TRY_FILES_MAX = 500;
export const TRY_FILES_BYTES_MAX = 256 * MIB;
/** A larger one is left: a file that was begun is read to its end. */
export const TRY_FILE_BYTES_MAX = 64 * MIB;
/** How long a store may take to read them again: other commands wait meanwhile. What is left is told. */
export const TRY_TIME_MS = 180 * SECOND_MS;
/** Documents of one file that are compared one by one; all are counted. */
export const TRY_DOCUMENTS_MAX = 50_000;
/** Documents of one drop folder that are shown, and characters of the reason of each. */
export const TRY_EXAMPLES_MAX = 10;
export const TRY_REASON_LENGTH_MAX = 400;
/** Entries of the journal that are counted, newest first, and how many are read at once. */
export const TRY_ENTRIES_MAX = 200_000;
export const TRY_ENTRIES_PAGE = 500;
/** Ways in that are counted apart; the rest together. */
export const TRY_WAYS_MAX = 20;
/** What a batch has besides its entries, about: names, chains, signature. */
export const BATCH_HEAD_BYTES = 700;
/** Bytes of what a store tells of one dry run. */
export const TRY_RESULT_BYTES_MAX = MIB;

/** How long the command line waits for the stores, and how often it looks. */
export const TRY_WAIT_SECONDS = 600;
export const TRY_WATCH_MS = SECOND_MS;
