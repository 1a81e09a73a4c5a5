// What head office has on a store's shelves, searched and sorted in memory, by the names that this PC knows.
import { POSITIONS_NAMES_MAX, POSITIONS_NAMES_MS } from '../../core/limits/positions.ts';
import type { Position, PositionsPage } from '../../protocol/device/positions.ts';
import type { Figures, ShelfCard, StockPage, StockQuery, StockRow } from '../../protocol/local/rooms/stock.ts';
import { searchable } from '../../storage/articles.ts';
import type { Storage } from '../../storage/client.ts';

export type HeadOfficeShelves = {
  /** When head office read them, by its clock. */
  atMs: number;
  cut: PositionsPage['cut'];
  list(query: StockQuery): Promise<StockPage>;
  /** Null where head office has nothing of it. */
  shelf(sku: string): Promise<ShelfCard | null>;
};

export type ShelvesParts = {
  storage: Pick<Storage, 'articleNames'>;
  monotonicMs(): number;
};

type Named = { position: Position; name: string | null; words: string };

/** `pages`: all of one cut. */
export function openShelves(pages: PositionsPage[], { storage, monotonicMs }: ShelvesParts): HeadOfficeShelves {
  const [first] = pages;
  if (first === undefined) throw new Error('there is no page of positions');
  const { atMs, cut } = first;
  const positions = pages.flatMap(({ rows }) => rows as Position[]);
  const bySku = new Map(positions.map((position) => [position[0], position]));
  let named: { rows: Named[]; atMs: number } | null = null;
  let sorted: { of: string; rows: Named[] } = { of: '', rows: [] };

  /** A few at a time: tills capture meanwhile. */
  async function withNames(): Promise<Named[]> {
    if (named !== null && monotonicMs() - named.atMs < POSITIONS_NAMES_MS) return named.rows;
    const rows: Named[] = [];
    for (let from = 0; from < positions.length; from += POSITIONS_NAMES_MAX) {
      const some = positions.slice(from, from + POSITIONS_NAMES_MAX);
      const names = await storage.articleNames(some.map(([sku]) => sku));
      for (const position of some) {
        const name = names.get(position[0]) ?? null;
        rows.push({ position, name, words: searchable([position[0], name ?? '']) });
      }
    }
    named = { rows, atMs: monotonicMs() };
    sorted = { of: '', rows: [] };
    return rows;
  }

  async function found({ text, order }: StockQuery): Promise<Named[]> {
    const rows = await withNames();
    const of = JSON.stringify([text, order]);
    if (sorted.of === of) return sorted.rows;
    const wanted = searchable([text])
      .split(/\s+/)
      .filter((word) => word !== '');
    const fitting = rows.filter(({ words }) => wanted.every((word) => words.includes(word)));
    sorted = { of, rows: order === 'sku' ? fitting : fitting.sort(ORDERS[order]) };
    return sorted.rows;
  }

  return {
    atMs,
    cut,
    async list(query) {
      const rows = await found(query);
      const page = rows.slice(query.offset, query.offset + query.limit);
      return { total: rows.length, rows: page.map(({ position, name }) => rowOf(position, name)), asOfMs: atMs };
    },
    async shelf(sku) {
      const position = bySku.get(sku);
      if (position === undefined) return null;
      const row = rowOf(position, (await storage.articleNames([sku])).get(sku) ?? null);
      const { onHand, reserved, known } = row;
      const story = { sku, onHand, reserved, known, soFar: false, steps: [], readings: [] };
      return { row, confirmed: figuresOf(position), lastCount: null, story, asOfMs: atMs };
    },
  };
}

const figuresOf = ([, onHand, reserved, damaged, known]: Position): Figures => ({
  ...{ onHand, reserved, damaged },
  known: known === 1,
});

const rowOf = (position: Position, name: string | null): StockRow => ({
  ...{ sku: position[0], name, gtin: null },
  ...figuresOf(position),
  ...{ soFar: false, coming: 0, unlisted: false },
});

/** What was never counted has no figure that could be the least or the most. */
const lastKnown = ({ position: a }: Named, { position: b }: Named): number => b[4] - a[4];
const ORDERS: Record<Exclude<StockQuery['order'], 'sku'>, (a: Named, b: Named) => number> = {
  name: (a, b) => Number(a.name === null) - Number(b.name === null) || compareText(a.name, b.name),
  least: (a, b) => lastKnown(a, b) || a.position[1] - b.position[1],
  most: (a, b) => lastKnown(a, b) || b.position[1] - a.position[1],
};

function compareText(a: string | null, b: string | null): number {
  const [one, other] = [(a ?? '').toLowerCase(), (b ?? '').toLowerCase()];
  return one < other ? -1 : one > other ? 1 : 0;
}
