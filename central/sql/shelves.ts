// The SQL of shelves: positions with the newest count, open corrections, reservations and questions of each SKU.
import { type RawBuilder, sql } from 'kysely';
import { bucketOf } from '../../core/digest.ts';
import { PLACES } from '../../core/posting.ts';
import { emptyShelf, type Shelf } from '../../core/shelf.ts';
import type { Shelves } from '../law-ports.ts';
import type { Db, PositionTable } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

/** The columns of position, in the order of PLACES. */
const COLUMNS = [
  'shelf',
  'reserved',
  'in_transit',
  'damaged',
  'customer',
  'supplier',
  'shrink',
  'adjustment',
] as const satisfies (keyof PositionTable)[];

export const sqlShelves = (db: Db): Shelves => ({
  read: (store, skus) => loadShelves(db, store, [...skus]),
  async inBucket(store, bucket) {
    const rows = await db
      .selectFrom('position')
      .selectAll()
      .where('store', '=', store)
      .where('bucket', '=', bucket)
      .orderBy('sku')
      .execute();
    return rows.map((row) => ({ sku: row.sku, shelf: shelfOf(row) }));
  },
});

export function shelfOf(row: PositionTable): Shelf {
  const shelf = emptyShelf();
  for (const [index, place] of PLACES.entries()) shelf.places[place] = row[COLUMNS[index] ?? 'shelf'];
  shelf.known = row.known;
  return row.book === null ? shelf : { ...shelf, ...(JSON.parse(row.book) as ShelfBook) };
}

type ShelfBook = Pick<Shelf, 'newest' | 'open' | 'reservations' | 'asks'>;

/** Null where there is nothing but figures. */
function bookText({ newest, open, reservations, asks }: Shelf): string | null {
  const isEmpty = newest === null && open.length === 0 && reservations.length === 0 && asks.length === 0;
  return isEmpty ? null : JSON.stringify({ newest, open, reservations, asks } satisfies ShelfBook);
}

/** Those that exist. One look at the index for each SKU: the time must not grow with what the store has sold before. */
export async function loadShelves(db: Db, store: string, skus: string[]): Promise<Map<string, Shelf>> {
  if (skus.length === 0) return new Map();
  const { rows } = await sql<PositionTable>`
    select known.* from unnest(${textArray(skus)}::text[]) as wanted (sku) cross join lateral
      (select * from position where store = ${store} and sku = wanted.sku limit 1) as known`.execute(db);
  return new Map(rows.map((row) => [row.sku, shelfOf(row)]));
}

export function upsertShelves(store: string, shelves: ReadonlyMap<string, Shelf>): RawBuilder<unknown> | null {
  if (shelves.size === 0) return null;
  const skus = [...shelves.keys()];
  const all = [...shelves.values()];
  const places = PLACES.map((name) => sql`${plainArray(all.map((shelf) => shelf.places[name]))}::bigint[]`);
  const columns = sql.join(COLUMNS.map((column) => sql.ref(column)));
  const replace = sql.join(COLUMNS.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
  return sql`
    insert into position (store, sku, bucket, known, book, ${columns})
    select ${store}, sku, bucket, known, book, ${columns}
    from unnest(
      ${textArray(skus)}::text[],
      ${plainArray(skus.map(bucketOf))}::smallint[],
      ${plainArray(all.map(({ known }) => known))}::boolean[],
      ${textArray(all.map(bookText))}::text[],
      ${sql.join(places)}
    ) as row (sku, bucket, known, book, ${columns})
    on conflict (store, sku) do update set known = excluded.known, book = excluded.book, ${replace}`;
}
