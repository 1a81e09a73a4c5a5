// The bounds of what goes on beside a store's entries: new epochs, what goes first, comparisons, asking again (L11).

const SECOND_MS = 1_000;

/** New epochs that a store begins by itself within such a time; then a person must look at it (D9). */
export const FORKS_MAX = 3;
export const FORKS_WITHIN_MS = 3_600 * SECOND_MS;
/** Times in one session that the sums of a cut are told again because the cut moved on. */
export const COMPARES_MAX = 20;

/** What goes before the first batch (directives given back) may take so long until the session is begun anew. */
export const PREPARE_WAIT_MS = 60 * SECOND_MS;
/** How long a backlog waits for the provisional digest to go first, and the share of time that telling it may take. */
export const DIGEST_WAIT_MS = 2 * SECOND_MS;
export const DIGEST_PAUSE_FACTOR = 10;
/** Where bytes in a second are bounded, one offer is what the line may take in such a time. */
export const PACE_MS = 2 * SECOND_MS;
/** Doublings of the wait before the same is asked again where nothing comes of it. */
export const ASK_DOUBLINGS_MAX = 5;
