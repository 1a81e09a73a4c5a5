// Looks for work that is due, again and again: nothing that was asked for is forgotten, whichever central asked for it.
import { DESK_LOOK_MS, DESK_TASKS_MAX } from '../core/limits.ts';
import { workOff } from './desk.ts';
import type { Desk } from './desk-decide.ts';
import { messageOf } from './log.ts';

export type DeskTimer = {
  /** Looks now rather than at the next look. */
  wake(): void;
  /** Ends after what is at work. */
  stop(): Promise<void>;
};

/** One look at a time; the next one follows at once where more is due than one look does. */
export function openDeskTimer(desk: Desk): DeskTimer {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let isStopped = false;
  let isAsked = false;

  const look = async (): Promise<void> => {
    try {
      while (!isStopped && (await workOff(desk)) >= DESK_TASKS_MAX);
    } catch (error) {
      desk.log.warn({ reason: messageOf(error) }, 'the desk could not look for its work');
    }
  };
  const lookAt = (waitMs: number): void => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(start, waitMs);
  };
  const start = (): void => {
    isAsked = false;
    looking = look().finally(() => {
      looking = null;
      lookAt(isAsked ? 0 : DESK_LOOK_MS);
    });
  };
  lookAt(DESK_LOOK_MS);
  return {
    wake() {
      isAsked = true;
      if (looking === null) lookAt(0);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
