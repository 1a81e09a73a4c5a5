// The bounds of what a new computer of a store gets of its past (L11); all others are in core/limits.ts.

const SECOND_MS = 1_000;

/** Shelves in one page of positions. */
export const POSITIONS_PAGE_ROWS = 2_000;
/** Shelves of one store that are told to its new computer; those beyond come with its history. */
export const POSITIONS_MAX = 500_000;
/** Positions of stores that central keeps in memory while they are fetched, their shelves together, and how long. */
export const POSITIONS_KEPT_MAX = 16;
export const POSITIONS_KEPT_ROWS_MAX = 1_000_000;
export const POSITIONS_KEPT_MS = 600 * SECOND_MS;
/** When a store asks again that got no page, and at most; up to twice as long by chance (F33). */
export const POSITIONS_RETRY_MS = 2 * SECOND_MS;
export const POSITIONS_RETRY_MS_MAX = 300 * SECOND_MS;
/** How often it is looked whether the store's own book has caught up. */
export const HISTORY_LOOK_MS = SECOND_MS;
/** Names that are asked of the journal at once, for tills capture meanwhile; and how long they count as fresh. */
export const POSITIONS_NAMES_MAX = 1_000;
export const POSITIONS_NAMES_MS = 10 * SECOND_MS;
/** Stores of a chain that one of them is told of; how often it asks, and where it got no answer. */
export const STORES_MAX = 100_000;
export const STORES_LOOK_MS = 6 * 3_600 * SECOND_MS;
export const STORES_RETRY_MS = 60 * SECOND_MS;
/** Fewer entries of other journals are there before anybody could read that they come. */
export const HISTORY_TOLD_ENTRIES = 200;
