// The bounds of a run, in one place.

/** Virtual time in which everything must have settled once the weather is calm. */
export const CALM_MS_MAX = 3_600_000;
/** How often it is asked whether it has. */
export const CALM_LOOK_MS = 2_000;
/** More events than this in one run is a storm. */
export const EVENTS_MAX = 400_000;
/** Lines of a trace that are kept for a failure. */
export const LINES_KEPT = 200;
/** How often a person looks after stores that are held. */
export const PERSON_LOOK_MS = 120_000;
/** Tills ask again after this, and ever more seldom. */
export const TILL_WAIT_MS = 10_000;
export const TILL_WAIT_MS_MAX = 600_000;
