// The proof of conservation (L4): places sum to zero, and the ledger sums to the positions.
import { sql } from 'kysely';
import { formatQuantity } from '../core/amounts.ts';
import { PLACES, type Place } from '../core/posting.ts';
import type { Db } from './schema.ts';

export type Imbalance = { store: string; sku: string; message: string };

type Row = { store: string; sku: string; held: (number | null)[]; booked: (number | null)[] };

/**
 * SKUs that break it, with what differs; none is right. Reads the whole ledger of the store or of all stores. Each
 * posting moves between two places, so positions that equal the ledger sum to zero.
 */
export async function findImbalances(
  db: Db,
  { store, limit }: { store?: string | undefined; limit: number },
): Promise<Imbalance[]> {
  const only = store === undefined ? sql`true` : sql`store = ${store}`;
  const held = sql.join(PLACES.map((place) => sql.ref(place.replace('-', '_'))));
  const booked = sql.join(
    PLACES.map(
      (place) => sql`(coalesce(sum(quantity) filter (where to_place = ${sql.lit(place)}), 0)
                    - coalesce(sum(quantity) filter (where from_place = ${sql.lit(place)}), 0))::bigint`,
    ),
  );
  const { rows } = await sql<Row>`
    select store, sku, held, booked
    from (select store, sku, array[${held}] as held from position where ${only}) as p
    full join (select store, sku, array[${booked}] as booked from posting where ${only} group by store, sku) as l
      using (store, sku)
    where held is distinct from booked
    order by store, sku limit ${limit}`.execute(db);
  return rows.map((row) => ({ store: row.store, sku: row.sku, message: explain(row) }));
}

function explain({ held, booked }: Row): string {
  if (held === null) return 'The ledger knows it, but it has no position.';
  if (booked === null) return 'It has a position that no posting explains.';
  const differing = PLACES.flatMap((place: Place, index) => {
    const [position, ledger] = [Number(held[index]), Number(booked[index])];
    return position === ledger
      ? []
      : [`${place}: position ${formatQuantity(position)}, ledger ${formatQuantity(ledger)}`];
  });
  const sum = held.reduce<number>((total, place) => total + Number(place), 0);
  const unbalanced = sum === 0 ? '' : ` Its places sum to ${formatQuantity(sum)} instead of zero.`;
  return `Position and ledger differ: ${differing.join('; ')}.${unbalanced}`;
}
