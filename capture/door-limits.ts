// How much one till, and one address with wrong tokens, may ask: too much of one never delays another.
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import {
  TILL_DOCUMENTS_MAX,
  TILL_DOCUMENTS_SECONDS,
  TILL_REQUESTS_AT_ONCE_MAX,
  WRONG_TOKENS_MAX,
  WRONG_TOKENS_SECONDS,
} from '../core/limits/feeds.ts';
import type { Caller } from './callers.ts';

/** `waitSeconds` is 0 where it may go on; never more than a minute. */
export type DoorLimits = {
  /** So many more documents of this caller; what is refused counts too. A program on this PC is not counted. */
  documents(caller: Caller, count: number): Promise<number>;
  wrongToken(address: string): Promise<number>;
  /** Null where as many requests of this till as may be are being answered; else what to call when this one is. */
  begin(caller: Caller): (() => void) | null;
};

export function makeDoorLimits(): DoorLimits {
  const documents = new RateLimiterMemory({ points: TILL_DOCUMENTS_MAX, duration: TILL_DOCUMENTS_SECONDS });
  const wrong = new RateLimiterMemory({ points: WRONG_TOKENS_MAX, duration: WRONG_TOKENS_SECONDS });
  const running = new Map<string, number>();
  return {
    documents: (caller, count) =>
      caller.kind === 'program' ? Promise.resolve(0) : take(documents, caller.name, count),
    wrongToken: (address) => take(wrong, neighbourhood(address), 1),
    begin(caller) {
      if (caller.kind === 'program') return () => {};
      const now = running.get(caller.name) ?? 0;
      if (now >= TILL_REQUESTS_AT_ONCE_MAX) return null;
      running.set(caller.name, now + 1);
      return () => {
        const left = (running.get(caller.name) ?? 1) - 1;
        if (left === 0) running.delete(caller.name);
        else running.set(caller.name, left);
      };
    },
  };
}

async function take(limiter: RateLimiterMemory, key: string, points: number): Promise<number> {
  try {
    await limiter.consume(key, points);
    return 0;
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
  }
}

/** One machine has as many IPv6 addresses of its network as it likes. */
const neighbourhood = (address: string): string =>
  isIPv6(address) && !address.startsWith('::ffff:') ? address.split(':').slice(0, 4).join(':') : address;
