// A clock as a signal, so that "3 seconds ago" stays true by itself.
import { type ReadonlySignal, signal } from '@preact/signals';

export type Ticker = { now: ReadonlySignal<number>; stop: () => void };

/** `read` gives milliseconds; the signal follows it once a second. */
export function startTicker(read: () => number): Ticker {
  const now = signal(read());
  const timer = setInterval(() => {
    now.value = read();
  }, 1_000);
  return { now, stop: () => clearInterval(timer) };
}
