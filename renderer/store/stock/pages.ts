// The rows of a long sorted list, fetched page by page as they come into view, of whatever is searched for now.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { StockPage, StockQuery, StockRow } from '../../../protocol/local/rooms/stock.ts';

export type StockSearch = Pick<StockQuery, 'text' | 'order'>;
/** `total` is null until the first answer; `failed`: the newest question got none. */
export type StockRows = {
  search: StockSearch;
  total: number | null;
  pages: ReadonlyMap<number, StockRow[]>;
  /** Of when the figures are, where they are head office's. */
  asOfMs: number | undefined;
  failed: boolean;
};

export type StockPages = {
  state: ReadonlySignal<StockRows>;
  rowAt: (index: number) => StockRow | undefined;
  /** Rows that are shown until the first page of the new ones is here, so that nothing flickers while somebody types. */
  search: (search: StockSearch) => void;
  /** These rows are in view: what lacks is fetched. */
  view: (first: number, last: number) => void;
  /** What is in view is asked for anew. */
  refresh: () => void;
};

export const PAGE_ROWS = 100;

export function stockPages(ask: (query: StockQuery) => Promise<StockPage | null>): StockPages {
  const state = signal<StockRows>({
    search: { text: '', order: 'sku' },
    total: null,
    pages: new Map(),
    asOfMs: undefined,
    failed: false,
  });
  let wanted: StockSearch = state.value.search;
  let turn = 0;
  let inView: [number, number] = [0, 0];
  const asking = new Set<number>();

  async function fetchPage(page: number, isFresh: boolean): Promise<void> {
    if (asking.has(page)) return;
    asking.add(page);
    const mine = turn;
    const found = await ask({ ...wanted, offset: page * PAGE_ROWS, limit: PAGE_ROWS });
    if (mine !== turn) return;
    asking.delete(page);
    if (found === null) {
      state.value = { ...state.value, failed: true };
      return;
    }
    const before = isFresh ? new Map<number, StockRow[]>() : state.value.pages;
    const pages = new Map(before).set(page, found.rows);
    state.value = { search: wanted, total: found.total, pages, asOfMs: found.asOfMs, failed: false };
  }

  function begin(page: number): void {
    turn++;
    asking.clear();
    void fetchPage(page, true);
  }

  return {
    state,
    rowAt: (index) => state.value.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    search(search) {
      if (search.text === wanted.text && search.order === wanted.order && state.value.total !== null) return;
      wanted = search;
      inView = [0, 0];
      begin(0);
    },
    view(first, last) {
      inView = [first, last];
      for (const index of new Set([first, last])) {
        const page = Math.floor(index / PAGE_ROWS);
        const total = state.value.total ?? 0;
        if (index < Math.max(1, total) && !state.value.pages.has(page)) void fetchPage(page, false);
      }
    },
    refresh() {
      const [first = 0, last = 0] = inView.map((index) => Math.floor(index / PAGE_ROWS));
      turn++;
      asking.clear();
      void fetchPage(first, true).then(() => (last === first ? undefined : fetchPage(last, false)));
    },
  };
}
