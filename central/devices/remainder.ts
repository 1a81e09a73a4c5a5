// What a computer said that it holds, and central does not: it must not be wiped before that is here (L7).
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../schema.ts';

/** Receipts and documents, of what the newest hello under a key told; null where it never said anything. */
export const remainderColumn = (key: string): RawBuilder<number | null> => {
  const told = sql.ref(key);
  return sql`(case when ${told}.told_seq is null then null
    when ${told}.told_chain = (select e.chain from entry e
      where e.store = ${told}.store and e.epoch = ${told}.told_epoch and e.seq = ${told}.told_seq) then 0
    else greatest(${told}.told_seq - coalesce((select max(e.seq) from entry e
      where e.store = ${told}.store and e.epoch = ${told}.told_epoch), 0), 0) end)`;
};

/** Of one key of the store. */
export async function remainderOfKey(db: Kysely<Tables>, store: string, keyId: string): Promise<number | null> {
  const { rows } = await sql<{ remainder: number | null }>`select ${remainderColumn('k')} as remainder
    from device_key k where k.store = ${store} and k.key_id = ${keyId}`.execute(db);
  return rows[0]?.remainder ?? null;
}

/** Of the key that spoke for the store last. */
export async function remainderOfStore(db: Kysely<Tables>, store: string): Promise<number | null> {
  const { rows } = await sql<{ remainder: number | null }>`select ${remainderColumn('k')} as remainder
    from device_key k where k.store = ${store} order by k.ended_ms desc nulls first limit 1`.execute(db);
  return rows[0]?.remainder ?? null;
}
