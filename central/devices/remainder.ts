// What a computer said that it holds, and central does not: it must not be wiped before that is here (L7).
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../schema.ts';

type Told = { epoch: number | null; seq: number | null; chain: string | null };

/** Receipts and documents; null where it never said anything. */
export async function remainderOf(db: Kysely<Tables>, store: string, told: Told): Promise<number | null> {
  const { epoch, seq, chain } = told;
  if (epoch === null || seq === null) return null;
  const { rows } = await sql<{ chain: string | null; held: number | null }>`
    select (select chain from entry where store = ${store} and epoch = ${epoch}::bigint and seq = ${seq}::bigint) as chain,
           (select max(seq) from entry where store = ${store} and epoch = ${epoch}::bigint) as held`.execute(db);
  const [row] = rows;
  if (row === undefined || (seq > 0 && row.chain === chain)) return 0;
  return Math.max(seq - (row.held ?? 0), 0);
}

/** Of the key that spoke for the store last, by its newest hello. */
export async function remainderOfStore(db: Kysely<Tables>, store: string): Promise<number | null> {
  const row = await db
    .selectFrom('device_key')
    .select(['told_epoch as epoch', 'told_seq as seq', 'told_chain as chain'])
    .where('store', '=', store)
    .orderBy('ended_ms', (order) => order.desc().nullsFirst())
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : remainderOf(db, store, row);
}
