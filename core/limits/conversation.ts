// The bounds of what central says and waits for (L11); all others are in core/limits.ts.
import { DIRECTIVES_MAX } from '../limits.ts';

/** Directives that are on their way to a store before it has to acknowledge some. */
export const DELIVERY_DIRECTIVES_MAX = 10 * DIRECTIVES_MAX;
/** Hellos that a restored central answers without a grant while it waits for entries that the store was told to have. */
export const OWED_HELLOS_MAX = 5;
/** Batches that central answers to one request for entries of a closed epoch; the store asks for what follows. */
export const RECALL_FRAMES_MAX = 8;
