// Waits that are spread by chance, so that a fleet never does anything in step (F33).
import { ASK_DOUBLINGS_MAX } from '../core/limits/uplink.ts';
import { REPLY_WAIT_MS } from '../core/limits.ts';
import type { Timers } from './ports.ts';

/** Up to half as long again; `chance` is uniform in [0, 1). */
export const spread = (ms: number, chance: number): number => Math.round(ms * (1 + chance / 2));

/** How long to wait for a welcome or a mark, doubling with each one missed. */
export const replyWaitMs = (misses: number, chance: number): number => spread(REPLY_WAIT_MS * 2 ** misses, chance);

/** The same for what was asked again so often. */
export const askAgainMs = (tries: number, chance: number): number =>
  replyWaitMs(Math.min(tries, ASK_DOUBLINGS_MAX), chance);

/** Resolves when the work is done, or has had so long. Rejects only with the work, in time. */
export async function within(ms: number, work: Promise<void>, timers: Timers): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = timers.after(ms, resolve);
  await Promise.race([work, late]).finally(cancel);
}
