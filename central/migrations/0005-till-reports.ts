// Tells which tills' days were closed by a report that counts; receipts do not touch this index.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index fact_key_report on fact_key (store, key) where key like '%|day-closed'`.execute(db);
}
