// The session's one timer. One that rings far too late tells that the machine slept (F18).
import type { Clock } from '../core/clock.ts';
import { REDIAL_WAIT_MS_MAX } from '../core/limits.ts';
import type { Timers } from './ports.ts';

export type WakeTimerPorts = {
  timers: Timers;
  clock: Clock;
  /** Behind what came before. */
  run(job: () => Promise<void> | void): void;
  /** In time, or nearly. */
  onDue(): Promise<void>;
  onSlept(): Promise<void>;
};

export type WakeTimer = {
  /** Replaces what was set before. */
  set(afterMs: number): void;
  cancel(): void;
};

export function makeWakeTimer({ timers, clock, run, onDue, onSlept }: WakeTimerPorts): WakeTimer {
  let cancel = (): void => {};

  function set(afterMs: number): void {
    cancel();
    const dueMs = clock.wallMs() + afterMs;
    // It may have rung and wait its turn while it is replaced.
    let cancelled = false;
    const ring = (): Promise<void> => (clock.wallMs() - dueMs < REDIAL_WAIT_MS_MAX ? onDue() : onSlept());
    const cancelTimer = timers.after(afterMs, () => run(() => (cancelled ? undefined : ring())));
    cancel = () => {
      cancelled = true;
      cancelTimer();
    };
  }

  return { set, cancel: () => cancel() };
}
