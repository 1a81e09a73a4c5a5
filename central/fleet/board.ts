// The list of all stores: made while somebody asks or looks, at most every two seconds, told as what has changed.
import { worstFirst } from '../../core/fleet.ts';
import {
  FLEET_LOOK_MS,
  FLEET_PULSE_MS,
  FLEET_STORES_MAX,
  FLEET_WATCH_MS,
  FLEET_WATCHERS_MAX,
} from '../../core/limits/fleet.ts';
import type { Fleet, FleetChange, FleetRow, FleetStore } from '../../protocol/hq/fleet.ts';

/** Rows by store; a row that reads as it did is the same object as before. */
type Sight = { nowMs: number; rows: Map<string, FleetRow>; more: number };

export type Board = {
  list(): Promise<Fleet>;
  find(store: string): Promise<FleetStore | null>;
  /** Null where too many follow already. Ends by itself after a while: whoever follows asks anew. */
  follow(signal: AbortSignal | undefined): AsyncGenerator<FleetChange> | null;
};

export type BoardParts = {
  /** Of all stores, or of one. */
  read(store: string | null): Promise<FleetStore[]>;
  wallMs(): number;
};

export function openBoard({ read, wallMs }: BoardParts): Board {
  let last: Sight = { nowMs: 0, rows: new Map(), more: 0 };
  let looking: Promise<Sight> | null = null;
  let followers = 0;

  async function look(): Promise<Sight> {
    const found = await read(null);
    const rows = found.slice(0, FLEET_STORES_MAX).map(({ row }) => {
      const before = last.rows.get(row.store);
      return before !== undefined && JSON.stringify(before) === JSON.stringify(row) ? before : row;
    });
    last = { nowMs: wallMs(), rows: new Map(rows.map((row) => [row.store, row])), more: found.length - rows.length };
    return last;
  }

  /** One look for all who ask within two seconds; a slow database rests four times as long as it worked. */
  function see(): Promise<Sight> {
    if (looking !== null) return looking;
    const forget = (): void => {
      looking = null;
    };
    const beganMs = performance.now();
    const restMs = (): number => Math.max(FLEET_LOOK_MS, 4 * (performance.now() - beganMs));
    looking = look();
    looking.then(() => setTimeout(forget, restMs()).unref(), forget);
    return looking;
  }

  async function* watch(signal: AbortSignal | undefined): AsyncGenerator<FleetChange> {
    let known: Sight['rows'] | null = null;
    let silentMs = 0;
    try {
      for (let leftMs = FLEET_WATCH_MS; leftMs > 0 && signal?.aborted !== true; leftMs -= FLEET_LOOK_MS) {
        const sight = await see();
        const change = changeOf(known, sight);
        silentMs += FLEET_LOOK_MS;
        if (change.all || change.rows.length + change.gone.length > 0 || silentMs >= FLEET_PULSE_MS) {
          known = sight.rows;
          silentMs = 0;
          yield change;
        }
        await pause(FLEET_LOOK_MS, signal);
      }
    } finally {
      followers -= 1;
    }
  }

  return {
    async list() {
      const { nowMs, rows, more } = await see();
      return { nowMs, more, rows: [...rows.values()].sort(worstFirst) };
    },
    async find(store) {
      const [found] = await read(store);
      return found ?? null;
    },
    follow(signal) {
      if (followers >= FLEET_WATCHERS_MAX) return null;
      followers += 1;
      return watch(signal);
    },
  };
}

/** Over at once where whoever follows has gone. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    if (signal?.aborted === true) over();
    else signal?.addEventListener('abort', over);
  });
}

function changeOf(known: Sight['rows'] | null, { nowMs, rows, more }: Sight): FleetChange {
  const all = [...rows.values()];
  if (known === null) return { nowMs, more, all: true, rows: all.sort(worstFirst), gone: [] };
  return {
    ...{ nowMs, more, all: false },
    rows: all.filter((row) => known.get(row.store) !== row),
    gone: [...known.keys()].filter((store) => !rows.has(store)),
  };
}
