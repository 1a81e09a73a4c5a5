// Notices that this computer slept: the line that was open then is dead without knowing it (F18).
import { SLEEP_LOOK_MS, SLEPT_MS } from '../core/limits/desktop.ts';

export type SleepWatch = {
  /** Somebody else knows that it woke up. Heard once for a sleep, however many tell of it. */
  woken(): void;
  close(): void;
};

type Options = { wallMs(): number; onWoken(): void };

/** Timers stand still while a computer sleeps, its wall clock does not. A clock that is set counts too: no harm in it. */
export function watchSleep({ wallMs, onWoken }: Options): SleepWatch {
  let seenMs = wallMs();
  let toldMs = Number.NEGATIVE_INFINITY;
  const woken = (): void => {
    const nowMs = wallMs();
    seenMs = nowMs;
    if (Math.abs(nowMs - toldMs) < SLEPT_MS) return;
    toldMs = nowMs;
    onWoken();
  };
  const timer = setInterval(() => {
    const passedMs = wallMs() - seenMs;
    seenMs += passedMs;
    if (passedMs >= SLEPT_MS) woken();
  }, SLEEP_LOOK_MS);
  timer.unref();
  return { woken, close: () => clearInterval(timer) };
}
