// Waits that are spread by chance, so that a fleet never does anything in step (F33).
import { REPLY_WAIT_MS } from '../core/limits.ts';

/** Up to half as long again; `chance` is uniform in [0, 1). */
export const spread = (ms: number, chance: number): number => Math.round(ms * (1 + chance / 2));

/** How long to wait for a welcome or a mark, doubling with each one missed. */
export const replyWaitMs = (misses: number, chance: number): number => spread(REPLY_WAIT_MS * 2 ** misses, chance);
