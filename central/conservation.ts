// The proof of conservation (L4): places sum to zero, and the ledger sums to the positions.
import { sql } from 'kysely';
import { formatQuantity } from '../core/amounts.ts';
import { LONG_STATEMENT_WAIT_MS } from '../core/limits.ts';
import { PLACES, type Place } from '../core/posting.ts';
import { differingEntries } from './evidence.ts';
import type { Db } from './schema.ts';

/** `entries` is the smallest set of entries that explains it; none where only the position itself was changed. */
export type Imbalance = { store: string; sku: string; message: string; entries: string[] };

/** In every place: a shelf that was only ever found empty has a position that nothing explains, and that is right. */
const NOTHING = sql`array[${sql.join(PLACES.map(() => sql.lit(0)))}]::bigint[]`;

type Row = { sku: string; held: (number | null)[]; booked: (number | null)[] };

/**
 * SKUs that break it, with what differs; none is right. Reads the whole ledger of the store or, one store after the
 * other, of all. Each posting moves between two places, so positions that equal the ledger sum to zero. Intake goes on
 * meanwhile: what one statement sees of a store is of one moment.
 */
export async function findImbalances(
  db: Db,
  { store, limit }: { store?: string | undefined; limit: number },
): Promise<Imbalance[]> {
  if (store !== undefined) return inStore(db, store, limit);
  const found: Imbalance[] = [];
  let next = await storeAfter(db, '');
  while (next !== null && found.length < limit) {
    found.push(...(await inStore(db, next, limit - found.length)));
    next = await storeAfter(db, next);
  }
  return found;
}

/** The next store that has anything in the ledger or in the positions, by name. */
async function storeAfter(db: Db, after: string): Promise<string | null> {
  const { rows } = await sql<{ store: string | null }>`
    select least((select store from position where store > ${after} order by store limit 1),
                 (select store from posting where store > ${after} order by store limit 1)) as store`.execute(db);
  return rows[0]?.store ?? null;
}

/** Sums by way first, for there are few ways per SKU: places are told apart on the sums, not on every posting. */
async function inStore(db: Db, store: string, limit: number): Promise<Imbalance[]> {
  const held = sql.join(PLACES.map((place) => sql.ref(place.replace('-', '_'))));
  const booked = sql.join(
    PLACES.map(
      (place) => sql`(coalesce(sum(moved) filter (where to_place = ${sql.lit(place)}), 0)
                    - coalesce(sum(moved) filter (where from_place = ${sql.lit(place)}), 0))::bigint`,
    ),
  );
  const find = sql<Row>`
    select sku, held, booked
    from (select sku, array[${held}] as held from position where store = ${store}) as p
    full join (
      select sku, array[${booked}] as booked
      from (select sku, from_place, to_place, sum(quantity) as moved from posting where store = ${store}
            group by sku, from_place, to_place) as ways
      group by sku) as l using (sku)
    where coalesce(held, ${NOTHING}) is distinct from coalesce(booked, ${NOTHING})
    order by sku limit ${limit}`;
  const { rows } = await db.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = ${sql.lit(LONG_STATEMENT_WAIT_MS)}`.execute(tx);
    return find.execute(tx);
  });
  const found: Imbalance[] = [];
  for (const row of rows) {
    const entries = await differingEntries(db, store, row.sku);
    found.push({ store, sku: row.sku, message: `${explain(row)}${named(entries)}`, entries });
  }
  return found;
}

const named = (entries: string[]): string => (entries.length === 0 ? '' : ` Look at ${entries.join(', ')}.`);

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
