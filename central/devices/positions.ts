// The positions of a store at one cut, read once and handed out page by page while it is asked for them.
import { ORPCError } from '@orpc/server';
import {
  POSITIONS_KEPT_MAX,
  POSITIONS_KEPT_MS,
  POSITIONS_KEPT_ROWS_MAX,
  POSITIONS_MAX,
  POSITIONS_PAGE_ROWS,
} from '../../core/limits/positions.ts';
import { emptyShelf, onHand } from '../../core/shelf.ts';
import {
  cutName,
  type Position,
  type PositionsCut,
  type SignedPositions,
  signPositions,
} from '../../protocol/device/positions.ts';
import type { Signer } from '../../protocol/wire/signing.ts';
import type { Db } from '../schema.ts';

export type PositionsParts = { db: Db; signer: Signer; wallMs(): number };

type Held = { store: string; cut: PositionsCut; rows: Position[]; atMs: number };
type Asked = { store: string; after?: string | undefined; cut?: string | undefined };

/** Answers one page. Throws NOT_FOUND where the cut that is asked for has passed and is not kept. */
export function openPositions({ db, signer, wallMs }: PositionsParts) {
  /** Those that are fetched now, the one asked for last at the end. */
  const kept = new Map<string, Held>();

  function keep(held: Held): void {
    kept.set(nameOf(held.store, cutName(held.cut)), held);
    const nowMs = wallMs();
    let rows = [...kept.values()].reduce((sum, one) => sum + one.rows.length, 0);
    for (const [name, one] of kept) {
      const isPast = one.atMs + POSITIONS_KEPT_MS < nowMs;
      if (one === held || (kept.size <= POSITIONS_KEPT_MAX && rows <= POSITIONS_KEPT_ROWS_MAX && !isPast)) continue;
      kept.delete(name);
      rows -= one.rows.length;
    }
  }

  async function find({ store, cut }: Asked): Promise<Held> {
    const name = nameOf(store, cut ?? '');
    const known = kept.get(name);
    if (known !== undefined) {
      kept.delete(name);
      kept.set(name, known);
      return known;
    }
    const held = { store, ...(await readPositions(db, store)), atMs: wallMs() };
    // Central may have been started anew meanwhile: where nothing was posted since, it goes on.
    if (cut !== undefined && cut !== cutName(held.cut)) {
      throw new ORPCError('NOT_FOUND', { message: 'cut: this store has moved on since. Begin anew.' });
    }
    if (held.rows.length > POSITIONS_PAGE_ROWS) keep(held);
    return held;
  }

  return async (asked: Asked): Promise<SignedPositions> => {
    const { store, cut, rows, atMs } = await find(asked);
    const after = asked.after ?? null;
    const from = after === null ? 0 : behind(rows, after);
    const page = rows.slice(from, from + POSITIONS_PAGE_ROWS);
    const isLast = from + page.length >= rows.length;
    const said = { kind: 'tillwire positions', v: 1, store, cut, atMs, total: rows.length } as const;
    return signPositions({ ...said, after, rows: page, isLast }, signer);
  };
}

const nameOf = (store: string, cut: string): string => `${store}|${cut}`;

/** Index of the first row behind this SKU. */
function behind(rows: Position[], sku: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.[0] ?? '') <= sku) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of one moment. Shelves with nothing on them that nobody ever counted are left out. */
function readPositions(db: Db, store: string): Promise<{ cut: PositionsCut; rows: Position[] }> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const stream = await tx
        .selectFrom('stream')
        .select(['epoch', 'seq', 'dseq'])
        .where('store', '=', store)
        .executeTakeFirst();
      const held = await tx
        .selectFrom('position')
        .select(['sku', 'shelf', 'reserved', 'damaged', 'known'])
        .where('store', '=', store)
        .where((is) => is.or([is('known', '=', true), is('shelf', '<>', 0), is('reserved', '<>', 0)]))
        .limit(POSITIONS_MAX)
        .execute();
      const rows = held.map(({ sku, known, ...places }): Position => {
        const { reserved, damaged } = places;
        return [sku, onHand({ ...emptyShelf().places, ...places }), reserved, damaged, known ? 1 : 0];
      });
      // By code unit, as whoever takes them compares: the database may sort by the words of a language.
      rows.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return { cut: { epoch: stream?.epoch ?? 0, seq: stream?.seq ?? 0, dseq: stream?.dseq ?? 0 }, rows };
    });
}
