// How long to wait before the next dial: decorrelated jitter, so that a fleet does not return as a herd (F33).
import { REDIAL_WAIT_MS_MAX, REDIAL_WAIT_MS_MIN } from './limits.ts';

/** `chance` is uniform in [0, 1). Grows up to three times the previous wait, never beyond the limit. */
export function nextWaitMs(previousMs: number, chance: number): number {
  const top = Math.max(REDIAL_WAIT_MS_MIN, previousMs * 3);
  return Math.min(REDIAL_WAIT_MS_MAX, Math.round(REDIAL_WAIT_MS_MIN + chance * (top - REDIAL_WAIT_MS_MIN)));
}
