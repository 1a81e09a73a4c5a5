// Time as a parameter: clocks, clock frames, and the interval in which something happened (R6).
import { CLOCK_STEP_BOUND_MS } from './limits.ts';

export type Clock = {
  /** Milliseconds since 1970, may step. */
  wallMs(): number;
  /** Milliseconds since some start, never steps back. */
  monotonicMs(): number;
};

/** One stretch in which the agent's wall clock did not step: a new one at each boot and each step (R6). */
export type ClockFrame = { frame: number; startMs: number; monotonicStartMs: number };

export function clockStepped(frame: ClockFrame, wallMs: number, monotonicMs: number): boolean {
  const drift = wallMs - frame.startMs - (monotonicMs - frame.monotonicStartMs);
  return Math.abs(drift) > CLOCK_STEP_BOUND_MS;
}

/** How far a till's clock is behind ours, and how wrong that measurement can be. */
export type Skew = { ms: number; boundMs: number };

/** Agent time in which it happened; lo null means minus infinity. */
export type Interval = { lo: number | null; hi: number };

/**
 * Till time corrected once, at capture, by the measured skew and widened by its bound; it cannot have happened after
 * it was recorded. Without a measured skew the lower end stays open (R6, D29).
 */
export function captureInterval(occurredMs: number, skew: Skew | undefined, recordedMs: number): Interval {
  if (skew === undefined) return { lo: null, hi: recordedMs };
  const corrected = occurredMs + skew.ms;
  const hi = Math.min(corrected + skew.boundMs, recordedMs);
  return { lo: Math.min(corrected - skew.boundMs, hi), hi };
}
