// What the rooms of the window are answered from, and who wakes those that wait for a change.
import type { Clock } from '../../core/clock.ts';
import type { DeadlineHours } from '../../core/exception.ts';
import { WINDOW_PULSE_MS } from '../../core/limits/window.ts';
import type { StoreName } from '../../protocol/local/rooms/goods.ts';
import type { Membership } from '../../protocol/local/rooms/pc.ts';
import type { LanState, Notice } from '../../protocol/local/window.ts';
import type { ConfigurationStanding } from '../../protocol/wire/config-frames.ts';
import type { Storage } from '../../storage/client.ts';
import type { CatalogueKeeper } from '../catalogue/keeper.ts';
import type { Moving } from '../enrol/moving.ts';
import type { PositionsKeeper } from '../positions/keeper.ts';
import type { SettingsWatch } from '../settings.ts';
import type { LineSwitch } from '../this-pc/line-switch.ts';
import type { ThisPc } from '../this-pc/this-pc.ts';

export type WindowParts = {
  storage: Storage;
  uplink: Pick<LineSwitch, 'state'>;
  clock: Clock;
  changes: Changes;
  settings: Pick<SettingsWatch, 'now' | 'problem'>;
  lan?: (() => LanState | null) | undefined;
  /** What is told about the configuration that head office gives. */
  configurationNotices?: (() => Notice[]) | undefined;
  /** Hours until a question is due, where the configuration in force says others than the policy. */
  questionHours?: (() => DeadlineHours) | undefined;
  /** Outside of the hours of sending: when they begin again. */
  sendsFromMs?: (() => number | null) | undefined;
  /** What is told about updates of the program. */
  updates?: (() => Notice[]) | undefined;
  /** This PC as a device of its store, and whether it is being moved out. */
  membership?: (() => Membership | null) | undefined;
  /** How this store stands with its configuration; null where none ever came. */
  configuration?: (() => ConfigurationStanding | null) | undefined;
  moving?: (() => Moving | null) | undefined;
  /** Absent where no catalogue can come from: a PC that was not enrolled. */
  catalogue?: CatalogueKeeper | undefined;
  /** What head office has on the shelves, while this PC has not got the store's history. */
  positions?: PositionsKeeper | undefined;
  /** The stores of the chain, as head office last named them. */
  stores?: (() => StoreName[]) | undefined;
  /** Absent where no whole agent runs behind the window. */
  pc?: ThisPc | undefined;
  /** When this program started. */
  startedMs?: number | undefined;
};

/** Wakes whoever waits for the next change. */
export type Changes = { tell(): void; next(signal: AbortSignal | undefined): Promise<void> };

export function makeChanges(): Changes {
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const next = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, WINDOW_PULSE_MS);
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
