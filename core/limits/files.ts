// The bounds of files that are imported (L11); all others are in core/limits.ts.
import { LINES_MAX } from '../limits.ts';

const KIB = 1024;
const SECOND_MS = 1_000;

/** Files that are imported at the same time through the capture API. */
export const IMPORTS_AT_ONCE_MAX = 2;
/** Quiet time after which a file that is being handed over counts as broken off. */
export const IMPORT_IDLE_MS = 60 * SECOND_MS;
/** Bytes of one imported file, after decompression. */
export const IMPORT_BYTES_MAX = 8 * KIB * KIB * KIB;
/** Bytes of one row of a CSV file: a wrong quotation mark swallows no more than this. */
export const CSV_ROW_BYTES_MAX = 64 * KIB;
/** Bytes of a mapping file. */
export const MAPPING_BYTES_MAX = 64 * KIB;
/** Bytes of all headers of one HTTP request: a mapping travels in a header of an import. */
export const HEADERS_BYTES_MAX = 2 * MAPPING_BYTES_MAX;
/** What a mapping file names at most, and characters of each. */
export const COLUMNS_MAX = 500;
export const NOT_GOODS_CODES_MAX = 2_000;
export const NOT_GOODS_PATTERNS_MAX = 100;
export const COLUMN_NAME_LENGTH_MAX = 200;
export const PATTERN_LENGTH_MAX = 500;
export const DATE_FORMAT_LENGTH_MAX = 60;
export const RECEIPT_PREFIX_LENGTH_MAX = 20;
/** Facts of an import that go to the journal together. */
export const IMPORT_GROUP_MAX = 200;
/** Rows and bytes of input that an import holds in memory until the journal has answered. */
export const IMPORT_GROUP_ROWS_MAX = 5 * LINES_MAX;
export const IMPORT_GROUP_BYTES_MAX = 4 * KIB * KIB;
/** How often an import asks again where the journal's queue is full, and how long it waits between. */
export const IMPORT_RETRIES_MAX = 100;
export const IMPORT_RETRY_WAIT_MS = 300;
/** Bytes of input in one set-aside item; a larger receipt is kept in parts. */
export const SET_ASIDE_BYTES_MAX = 1 * KIB * KIB;
/** Rows of input in one set-aside item. */
export const SET_ASIDE_ROWS_MAX = 1_000;
/** Set-aside items that a redrive holds at the same time. */
export const REDRIVE_PAGE_ITEMS = 20;
/** What one reason lists: rows with a problem, ranges of rows; and the reasons that one run of a redrive lists. */
export const PROBLEMS_TOLD_MAX = 10;
export const RANGES_TOLD_MAX = 20;
export const REASONS_TOLD_MAX = 100;
/** Lost decisions that one notice names. */
export const DECISIONS_TOLD_MAX = 5;
/** Characters of a cell that a reason shows, and of the reason why a file was not imported. */
export const CELL_SHOWN_LENGTH_MAX = 60;
export const FILE_REASON_LENGTH_MAX = 2_000;
/** Rows of an import that are sorted in one transaction, receipts read back together, and memory for both. */
export const SPILL_COMMIT_ROWS = 5_000;
export const SPILL_PAGE_GROUPS = 500;
export const SPILL_CACHE_KIB = 32_000;
/** Texts of times whose meaning an import remembers. */
export const TIMES_CACHED_MAX = 1_000;
/** How often the drop folders are looked at. */
export const DROP_LOOK_MS = 2 * SECOND_MS;
/** Bytes of the store's settings file, and how often it is looked at. */
export const SETTINGS_BYTES_MAX = 64 * KIB;
export const SETTINGS_LOOK_MS = 2 * SECOND_MS;
