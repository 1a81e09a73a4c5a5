// Looks at the book of commands again and again: what expires, and what is to be said once more.
import { COMMANDS_LOOK_MS } from '../../core/limits/commands.ts';
import { type Log, messageOf } from '../log.ts';
import type { Commands } from './telling.ts';

/** One look at a time. `stop` ends after what is at work. */
export function startCommandTimer(commands: Pick<Commands, 'look'>, log: Log): { stop(): Promise<void> } {
  let looking: Promise<void> | null = null;
  let isStopped = false;
  const look = async (): Promise<void> => {
    try {
      await commands.look();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'the book of commands could not be looked at');
    }
  };
  const timer = setInterval(() => {
    if (isStopped || looking !== null) return;
    looking = look().finally(() => {
      looking = null;
    });
  }, COMMANDS_LOOK_MS);
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await looking;
    },
  };
}
