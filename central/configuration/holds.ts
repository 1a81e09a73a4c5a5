// A revision that no store gets newly for now: what waits for stores at the broker is taken away again.
import { sql } from 'kysely';
import type { Db } from '../schema.ts';
import { tellAnew } from './offers.ts';

/** In the caller's transaction; again is harmless. Stores that have seen it keep it. Told as `offer` tells. */
export async function hold(tx: Db, revision: number, nowMs: number): Promise<void> {
  await tx
    .insertInto('config_hold')
    .values({ revision, at_ms: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tellAnew(tx, await strangersTo(tx, revision));
}

/** In the caller's transaction: stores that it was released to get it again. */
export async function release(tx: Db, revision: number): Promise<void> {
  await tx.deleteFrom('config_hold').where('revision', '=', revision).execute();
  await tellAnew(tx, await strangersTo(tx, revision));
}

/** Stores that it was released to and that never said that they saw it. */
async function strangersTo(db: Db, revision: number): Promise<string[]> {
  const { rows } = await sql<{ store: string }>`
    select c.store from config_offer o join config_store c using (store) where o.revision = ${revision}
      and c.applied is distinct from o.revision and c.desired is distinct from o.revision`.execute(db);
  return rows.map(({ store }) => store);
}
