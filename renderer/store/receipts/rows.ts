// The endless list behind the receipts: pages joined newest first, kept true while sales come in and get confirmed.
import { type ReadonlySignal, signal } from '@preact/signals';
import { PAGE_ROWS_MAX, WINDOW_ROWS_MAX } from '../../../core/limits.ts';
import type { RecentRow } from '../../../protocol/local/rooms/receipts.ts';

/** Empty for an answer to a question: its number is made by this program, nobody looks for it. */
export const shownNumber = ({ kind, number }: Pick<RecentRow, 'kind' | 'number'>): string =>
  kind === 'exception-decided' ? '' : number;

export type Place = { epoch: number; seq: number };
/**
 * Rows older than `before`, newest first; null where the agent could not be asked. It may leave out what is not newer
 * than `after`. Fewer rows than asked for are the last ones.
 */
export type ReadPage = (before: Place | undefined, limit: number, after?: Place) => Promise<RecentRow[] | null>;

export type Receipts = {
  rows: readonly RecentRow[];
  /** How many were ever put on top, so that a scrolled list can stay where it is. */
  added: number;
  /** open: older ones may follow. end: all are here. bound: no more are kept. */
  tail: 'open' | 'end' | 'bound';
};

/** Indexes of the rows in view and a few around them, ends inclusive. */
export type Stretch = { first: number; last: number };

export type ReceiptList = {
  state: ReadonlySignal<Receipts>;
  /** Fetches what is newer than the newest row, and reads the rows in view again where one of them still waits. */
  refresh: (inView: () => Stretch | null) => Promise<void>;
  /** Fetches the next page of older rows. */
  more: () => Promise<void>;
};

const PAGE_ROWS = 200;
const HEAD_ROWS = 50;

const place = ({ epoch, seq }: RecentRow): Place => ({ epoch, seq });
const below = ({ epoch, seq }: RecentRow): Place => ({ epoch, seq: seq - 1 });
const newer = (a: Place, b: Place): boolean => a.epoch > b.epoch || (a.epoch === b.epoch && a.seq > b.seq);

/** `known` with the rows of `fresh` put over the same ones of the stretch. */
function overlaid(known: readonly RecentRow[], { first, last }: Stretch, fresh: RecentRow[]): RecentRow[] {
  const rows = known.slice();
  for (const [offset, old] of known.slice(first, last + 1).entries()) {
    const row = fresh.find(({ epoch, seq }) => epoch === old.epoch && seq === old.seq);
    if (row !== undefined) rows[first + offset] = row;
  }
  return rows;
}

/** Work that is asked for while it runs is done once more afterwards, never twice at a time. */
function coalesced<Argument>(work: (given: Argument) => Promise<void>): (given: Argument) => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  const run = async (given: Argument): Promise<void> => {
    do {
      again = false;
      await work(given);
    } while (again);
    running = null;
  };
  return (given) => {
    again = running !== null;
    running ??= run(given);
    return running;
  };
}

/** `pageRows`: how many older ones are fetched at once. */
export function receiptList(read: ReadPage, pageRows: number = PAGE_ROWS): ReceiptList {
  const state = signal<Receipts>({ rows: [], added: 0, tail: 'open' });

  /** All rows newer than `top`, newest first; null where they could not be read. */
  async function newerThan(top: Place): Promise<RecentRow[] | null> {
    const found: RecentRow[] = [];
    let before: Place | undefined;
    for (let limit = HEAD_ROWS; found.length <= WINDOW_ROWS_MAX; limit = PAGE_ROWS_MAX) {
      const page = await read(before, limit, top);
      if (page === null) return null;
      const fresh = page.filter((row) => newer(row, top));
      found.push(...fresh);
      const last = page.at(-1);
      if (fresh.length < page.length || last === undefined || page.length < limit) return found;
      before = place(last);
    }
    return found;
  }

  async function catchUp(): Promise<void> {
    const top = state.value.rows[0];
    if (top === undefined) return more();
    const fresh = await newerThan(top);
    if (fresh === null || fresh.length === 0) return;
    const { rows, added, tail } = state.value;
    state.value = { rows: [...fresh, ...rows], added: added + fresh.length, tail };
  }

  async function confirm({ first, last }: Stretch): Promise<void> {
    const stretch = state.value.rows.slice(first, last + 1);
    if (stretch.every((row) => row.settledMs !== null)) return;
    const above = state.value.rows[first - 1];
    const lowest = stretch.at(-1);
    const fresh = await read(above && place(above), Math.min(PAGE_ROWS_MAX, stretch.length), lowest && below(lowest));
    if (fresh === null) return;
    state.value = { ...state.value, rows: overlaid(state.value.rows, { first, last }, fresh) };
  }

  async function nextPage(): Promise<void> {
    const last = state.value.rows.at(-1);
    if (state.value.tail !== 'open' && last !== undefined) return;
    const page = await read(last && place(last), pageRows);
    if (page === null) return;
    const { rows, added } = state.value;
    const all = rows.concat(page);
    const tail = page.length < pageRows ? 'end' : all.length >= WINDOW_ROWS_MAX ? 'bound' : 'open';
    state.value = { rows: all, added, tail };
  }

  let paging: Promise<void> | null = null;
  function more(): Promise<void> {
    paging ??= nextPage().finally(() => {
      paging = null;
    });
    return paging;
  }

  const refresh = coalesced(async (inView: () => Stretch | null) => {
    await catchUp();
    const stretch = inView();
    if (stretch !== null) await confirm(stretch);
  });
  return { state, refresh, more };
}
