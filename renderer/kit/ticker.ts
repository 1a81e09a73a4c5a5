// A clock as a signal, so that "3 seconds ago" stays true by itself.
import { type ReadonlySignal, signal } from '@preact/signals';

/** `read` gives milliseconds; the signal follows it once a second, as long as the page lives. */
export function ticking(read: () => number): ReadonlySignal<number> {
  const now = signal(read());
  setInterval(() => {
    now.value = read();
  }, 1_000);
  return now;
}
