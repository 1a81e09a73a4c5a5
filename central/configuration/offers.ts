// Which stores a revision is released to, and which one each store should have: the newest that is not withdrawn.
import { sql } from 'kysely';
import type { Db } from '../schema.ts';
import { textArray } from '../sql/arrays.ts';

/** In the caller's transaction; again is harmless. The stores are told once it is committed and somebody calls `wake`. */
export async function offer(
  tx: Db,
  { stores, revision }: { stores: readonly string[]; revision: number },
  nowMs: number,
): Promise<void> {
  if (stores.length === 0) return;
  const wanted = textArray([...new Set(stores)].sort());
  const { rows } = await sql<{ store: string }>`
    insert into config_offer (store, revision, at_ms)
    select store, ${revision}::bigint, ${nowMs}::bigint from unnest(${wanted}::text[]) as asked (store)
    on conflict do nothing returning store`.execute(tx);
  const fresh = rows.map(({ store }) => store);
  await tellAnew(tx, fresh);
}

/** What is retained for these stores is not what it should be any more. */
export async function tellAnew(tx: Db, stores: readonly string[]): Promise<void> {
  if (stores.length === 0) return;
  // In one order, so that two who do so at once wait for each other.
  await sql`
    insert into config_store (store, wanted)
    select store, 1 from unnest(${textArray([...stores].sort())}::text[]) as asked (store)
    on conflict (store) do update set wanted = config_store.wanted + 1`.execute(tx);
}

/** All stores that anything was ever released to. */
export async function tellAllAnew(tx: Db): Promise<void> {
  const rows = await tx.selectFrom('config_offer').select('store').distinct().execute();
  await tellAnew(
    tx,
    rows.map(({ store }) => store),
  );
}

export async function isOffered(db: Db, store: string, revision: number): Promise<boolean> {
  const asked = db.selectFrom('config_offer').select('store').where('store', '=', store);
  return (await asked.where('revision', '=', revision).executeTakeFirst()) !== undefined;
}

/** Stores that a revision was released to. */
export async function offeredStores(db: Db, revision: number): Promise<string[]> {
  const rows = await db.selectFrom('config_offer').select('store').where('revision', '=', revision).execute();
  return rows.map(({ store }) => store);
}

/** Of an offer `o` to a store `c`: not withdrawn, nor held while the store has not seen it. */
export const COUNTS = sql`not exists (select from config_withdrawal w where w.revision = o.revision)
  and (c.applied = o.revision or c.desired = o.revision
    or not exists (select from config_hold h where h.revision = o.revision))`;

/** By store; of those to which nothing was released that still counts, nothing. */
export async function desiredOf(db: Db, stores: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ store: string; revision: number }>`
    select c.store, max(o.revision) as revision from config_store c join config_offer o using (store)
    where c.store = any(${textArray([...stores])}::text[]) and ${COUNTS} group by c.store`.execute(db);
  return new Map(rows.map(({ store, revision }) => [store, revision]));
}
