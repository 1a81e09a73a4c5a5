// Looks at rollouts again and again, and at once when somebody asks.
import { ROLLOUT_LOOK_MS } from '../../core/limits/configuration.ts';
import { type Log, messageOf } from '../log.ts';

export type RolloutTimer = {
  /** Something happened: looks now rather than at the next look. */
  wake(): void;
  /** Ends after what is at work. */
  stop(): Promise<void>;
};

/** One look at a time. */
export function openRolloutTimer(look: () => Promise<void>, log: Log): RolloutTimer {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let isStopped = false;
  let isAsked = false;

  const lookIn = (waitMs: number): void => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(start, waitMs);
  };
  const work = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'rollouts could not be looked at');
    }
    looking = null;
    lookIn(isAsked ? 0 : ROLLOUT_LOOK_MS);
  };
  const start = (): void => {
    isAsked = false;
    looking = work();
  };
  lookIn(0);
  return {
    wake() {
      isAsked = true;
      if (looking === null) lookIn(0);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
