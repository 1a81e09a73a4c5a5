// Which stores are shown, in which order, and how they are spread: from the rows, without the page.
import { STORE_STATES, type StoreState, worstFirst } from '../../core/fleet.ts';
import type { FleetRow } from '../../protocol/hq/fleet.ts';

export const ORDERS = ['worst', 'store', 'waiting', 'heard', 'version'] as const;
export type Order = (typeof ORDERS)[number];
export const HEARD = ['minutes', 'hour', 'day', 'longer', 'never'] as const;
export type Heard = (typeof HEARD)[number];
export const WAITING = ['none', 'few', 'many', 'most', 'unknown'] as const;
export type Waiting = (typeof WAITING)[number];

/** One group of stores that is shown alone; null for all of them. */
export type Only =
  | { by: 'state'; is: StoreState }
  | { by: 'needs' }
  | { by: 'heard'; is: Heard }
  | { by: 'waiting'; is: Waiting };
export type Wish = { text: string; only: Only | null; order: Order };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function heardOf({ heardMs }: FleetRow, nowMs: number): Heard {
  if (heardMs === null) return 'never';
  const quietMs = nowMs - heardMs;
  if (quietMs <= 10 * MINUTE_MS) return 'minutes';
  if (quietMs <= HOUR_MS) return 'hour';
  return quietMs <= 24 * HOUR_MS ? 'day' : 'longer';
}

export function waitingOf({ waiting }: FleetRow): Waiting {
  if (waiting === null) return 'unknown';
  if (waiting === 0) return 'none';
  if (waiting < 100) return 'few';
  return waiting < 1_000 ? 'many' : 'most';
}

export function isIn(row: FleetRow, only: Only | null, nowMs: number): boolean {
  switch (only?.by) {
    case undefined:
      return true;
    case 'needs':
      return row.level === 'needs';
    case 'state':
      return row.state === only.is;
    case 'heard':
      return heardOf(row, nowMs) === only.is;
    case 'waiting':
      return waitingOf(row) === only.is;
  }
}

const byStore = (a: FleetRow, b: FleetRow): number => (a.store < b.store ? -1 : 1);
const COMPARE: Record<Order, (a: FleetRow, b: FleetRow) => number> = {
  worst: worstFirst,
  store: byStore,
  waiting: (a, b) => (b.waiting ?? -1) - (a.waiting ?? -1) || byStore(a, b),
  heard: (a, b) => (a.heardMs ?? 0) - (b.heardMs ?? 0) || byStore(a, b),
  version: (a, b) => (a.version ?? '').localeCompare(b.version ?? '', 'en', { numeric: true }) || byStore(a, b),
};

/** `stateName`: as it is read on the page, so that whoever types it finds it. Each word typed must be found. */
export function shownRows(
  rows: readonly FleetRow[],
  { text, only, order }: Wish,
  nowMs: number,
  stateName: (state: StoreState) => string,
): FleetRow[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    if (!isIn(row, only, nowMs)) return false;
    if (wanted.length === 0) return true;
    const said = [row.store, row.computer, row.version, row.device, stateName(row.state)].join(' ').toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
  return found.sort(COMPARE[order]);
}

export type Spread = {
  states: [StoreState, number][];
  needs: number;
  heard: [Heard, number][];
  waiting: [Waiting, number][];
};

/** How many stores are in each group; of states only those that there are. */
export function spreadOf(rows: readonly FleetRow[], nowMs: number): Spread {
  const count = <Of>(names: readonly Of[], of: (row: FleetRow) => Of): [Of, number][] => {
    const counts = new Map(names.map((name): [Of, number] => [name, 0]));
    for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
    return [...counts];
  };
  return {
    states: count(STORE_STATES, ({ state }) => state).filter(([, stores]) => stores > 0),
    needs: rows.filter(({ level }) => level === 'needs').length,
    heard: count(HEARD, (row) => heardOf(row, nowMs)),
    waiting: count(WAITING, waitingOf),
  };
}
