// When a program that ended is started again, and when its endings are so many that people must be told.
import { ENDINGS_MAX, ENDINGS_WITHIN_MS, RESTART_WAIT_MS_MAX, RESTART_WAIT_MS_MIN } from './limits/desktop.ts';

/** When it ended by itself, oldest first, as far back as it counts. All times by one clock that never goes back. */
export type Supervision = { endings: readonly number[] };

export type Restart = {
  next: Supervision;
  waitMs: number;
  /** It ended so often that it does not get up by itself: a person must be told. */
  isLoop: boolean;
};

export const UNSUPERVISED: Supervision = { endings: [] };

/** It ended without being asked to. The wait doubles with each ending that still counts, up to a limit. */
export function afterEnding({ endings }: Supervision, nowMs: number): Restart {
  const counted = [...endings.filter((atMs) => nowMs - atMs < ENDINGS_WITHIN_MS), nowMs].slice(-ENDINGS_MAX * 10);
  return {
    next: { endings: counted },
    waitMs: Math.min(RESTART_WAIT_MS_MAX, RESTART_WAIT_MS_MIN * 2 ** (counted.length - 1)),
    isLoop: counted.length >= ENDINGS_MAX,
  };
}
