// A line of central's to a broker: dialled again for ever, a fresh link each time, each after a longer wait (F33).
import { nextWaitMs } from '../core/backoff.ts';
import type { Clock } from '../core/clock.ts';
import { REDIAL_WAIT_MS_MAX } from '../core/limits.ts';
import type { Dial, Link, LinkOptions } from '../protocol/wire/link.ts';
import type { Log } from './log.ts';

export type RedialOptions = {
  dial: Dial;
  link: LinkOptions;
  clock: Clock;
  /** Uniform in [0, 1). */
  chance(): number;
  log: Log;
  up(link: Link): void;
  /** Told for each dial that ended, with the reason; not after `stop`. */
  down?: ((reason: string) => void) | undefined;
  message(topic: string, payload: Uint8Array): void;
};

export type Redial = {
  /** The present link: null while there is none, up or not. */
  link(): Link | null;
  isUp(): boolean;
  /** Dials no more. The link stays as it is, for last words: close it then. */
  stop(): void;
};

export function keepDialled(options: RedialOptions): Redial {
  const { log, clock } = options;
  let link: Link | null = null;
  let upSinceMs: number | null = null;
  let waitMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const dialNow = (): void => {
    const mine: Link = options.dial(options.link, {
      up() {
        upSinceMs = clock.monotonicMs();
        log.info({ broker: options.link.url }, 'connected to the broker');
        options.up(mine);
      },
      down,
      message: options.message,
    });
    link = mine;
  };

  const down = (reason: string): void => {
    const wasSteady = upSinceMs !== null && clock.monotonicMs() - upSinceMs > REDIAL_WAIT_MS_MAX;
    link = null;
    upSinceMs = null;
    if (isStopped) return;
    waitMs = nextWaitMs(wasSteady ? 0 : waitMs, options.chance());
    log.warn({ reason, waitMs }, 'no line to the broker; dialling again');
    options.down?.(reason);
    timer = setTimeout(dialNow, waitMs);
  };

  dialNow();
  return {
    link: () => link,
    isUp: () => upSinceMs !== null,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
