// The stores as central tells them, live: comes back by itself whenever the line breaks.
import { type ReadonlySignal, signal } from '@preact/signals';
import { nextWaitMs } from '../../core/backoff.ts';
import { worstFirst } from '../../core/fleet.ts';
import { WINDOW_REDIAL_WAIT_MS_MAX } from '../../core/limits.ts';
import type { FleetChange, FleetRow } from '../../protocol/hq/fleet.ts';
import type { Central, Declined } from './central.ts';

export type Line = 'opening' | 'open' | 'lost';

export type Live = {
  line: ReadonlySignal<Line>;
  /** Worst first; null until the first answer. */
  rows: ReadonlySignal<readonly FleetRow[] | null>;
  /** Stores beyond the bound of the list. */
  more: ReadonlySignal<number>;
  /** Central's clock less this browser's. */
  offsetMs: ReadonlySignal<number>;
  stop(): void;
};

export function followFleet(central: Central): Live {
  const line = signal<Line>('opening');
  const rows = signal<readonly FleetRow[] | null>(null);
  const more = signal(0);
  const offsetMs = signal(0);
  let known = new Map<string, FleetRow>();
  let waitMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function take(change: FleetChange): void {
    if (isStopped) return;
    if (change.all) known = new Map();
    for (const row of change.rows) known.set(row.store, row);
    for (const store of change.gone) known.delete(store);
    if (change.all || change.rows.length + change.gone.length > 0) rows.value = [...known.values()].sort(worstFirst);
    more.value = change.more;
    offsetMs.value = change.nowMs - Date.now();
    waitMs = 0;
    line.value = 'open';
  }

  function ended(why: Declined | null): void {
    if (isStopped) return;
    // Central ends each conversation after a while: nobody needs to see that.
    if (why !== null) line.value = 'lost';
    waitMs = why === null ? 0 : Math.min(WINDOW_REDIAL_WAIT_MS_MAX, nextWaitMs(waitMs, Math.random()));
    timer = setTimeout(dial, waitMs);
  }

  function dial(): void {
    void central.follow<FleetChange>('/fleet/changes', take).then(ended);
  }

  dial();
  return {
    ...{ line, rows, more, offsetMs },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
