// Whether this computer's clock is right: measured against another one with the round trip, and watched for jumps.
import type { Clock } from './clock.ts';
import { CLOCK_WRONG_MS } from './limits/this-pc.ts';
import { CLOCK_STEP_BOUND_MS } from './limits.ts';

/** Both clocks of one moment. */
export type Reading = { wallMs: number; monotonicMs: number };

/** Our wall clock less the other one, wrong by at most `boundMs`, as it was measured at `at`. */
export type ClockSample = { ms: number; boundMs: number; at: Reading };

export const readClock = (clock: Clock): Reading => ({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });

/**
 * The other clock was read somewhere between our question and its answer: in the middle, give or take half the round
 * trip. Null where time seems to have run backwards.
 */
export function measureSkew(askedMonotonicMs: number, heard: Reading, otherMs: number): ClockSample | null {
  const roundTripMs = heard.monotonicMs - askedMonotonicMs;
  if (roundTripMs < 0) return null;
  const middle = heard.wallMs - roundTripMs / 2;
  return { ms: Math.round(middle - otherMs), boundMs: Math.ceil(roundTripMs / 2), at: heard };
}

/** How far the wall clock jumped between two readings; null where it did not. Sleep looks like a jump ahead (R6). */
export function jumpBetween(before: Reading, after: Reading): number | null {
  const drift = after.wallMs - before.wallMs - (after.monotonicMs - before.monotonicMs);
  return Math.abs(drift) > CLOCK_STEP_BOUND_MS ? Math.round(drift) : null;
}

/** Surely more wrong than people are left alone with. */
export const isClockWrong = ({ ms, boundMs }: Pick<ClockSample, 'ms' | 'boundMs'>): boolean =>
  Math.abs(ms) - boundMs > CLOCK_WRONG_MS;
