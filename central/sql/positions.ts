// The SQL of positions: what a store holds of each SKU, place by place.
import { type RawBuilder, sql } from 'kysely';
import { emptyPosition, type Position } from '../../core/position.ts';
import { PLACES } from '../../core/posting.ts';
import type { Before, Posted } from '../fold.ts';
import type { PostingContext } from '../ports.ts';
import { movedPositions } from '../rows.ts';
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

export function positionOf(row: PositionTable): Position {
  const position = emptyPosition();
  for (const [index, place] of PLACES.entries()) position[place] = row[COLUMNS[index] ?? 'shelf'];
  position.known = row.known;
  return position;
}

/** Those that exist. One look at the index for each SKU: the time must not grow with what the store has sold before. */
export async function loadPositions(db: Db, store: string, skus: string[]): Promise<Map<string, Position>> {
  const { rows } = await sql<PositionTable>`
    select known.* from unnest(${textArray(skus)}::text[]) as wanted (sku) cross join lateral
      (select * from position where store = ${store} and sku = wanted.sku limit 1) as known`.execute(db);
  return new Map(rows.map((row) => [row.sku, positionOf(row)]));
}

export function upsertPositions(
  { store }: PostingContext,
  posted: Posted[],
  after: Before,
): RawBuilder<unknown> | null {
  const rows = movedPositions(posted, after);
  if (rows.length === 0) return null;
  const places = PLACES.map((name) => sql`${plainArray(rows.map(({ position }) => position[name]))}::bigint[]`);
  const columns = sql.join(COLUMNS.map((column) => sql.ref(column)));
  const replace = sql.join(COLUMNS.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
  return sql`
    insert into position (store, sku, known, ${columns})
    select ${store}, sku, known, ${columns}
    from unnest(
      ${textArray(rows.map(({ sku }) => sku))}::text[],
      ${plainArray(rows.map(({ position }) => position.known))}::boolean[],
      ${sql.join(places)}
    ) as row (sku, known, ${columns})
    on conflict (store, sku) do update set known = excluded.known, ${replace}`;
}
