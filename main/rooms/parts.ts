// What the rooms of the window are answered from, and who wakes those that wait for a change.
import type { Clock } from '../../core/clock.ts';
import type { LanState } from '../../protocol/local/window.ts';
import type { Storage } from '../../storage/client.ts';
import type { Uplink } from '../../sync/uplink.ts';
import type { SettingsWatch } from '../settings.ts';

export type WindowParts = {
  storage: Storage;
  uplink: Pick<Uplink, 'state'>;
  clock: Clock;
  changes: Changes;
  settings: Pick<SettingsWatch, 'now' | 'problem'>;
  lan?: (() => LanState | null) | undefined;
};

/** Wakes whoever waits for the next change. */
export type Changes = { tell(): void; next(signal: AbortSignal | undefined): Promise<void> };

/** At least this often, so that ages stay true. */
const PULSE_MS = 5_000;

export function makeChanges(): Changes {
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const next = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, PULSE_MS);
      function done(): void {
        clearTimeout(timer);
        waiting.delete(done);
        // A window stays open for days: what waits on its signal must not pile up.
        signal?.removeEventListener('abort', done);
        resolve();
      }
      signal?.addEventListener('abort', done, { once: true });
      waiting.add(done);
    });
  return { tell, next };
}
