// Waiting for what happens by itself: it is asked again and again, no test waits longer than it must.
import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';

/** In one process: until the assertions hold. */
export const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** Over several processes: until it is so; a fault while asking counts as "not yet". */
export async function eventually(
  isSo: () => Promise<boolean> | boolean,
  what: string,
  withinMs = 120_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await Promise.resolve(isSo()).catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`it never came to this: ${what}`);
}
