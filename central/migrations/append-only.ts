// Tables whose rows are never changed or deleted: history is never edited, corrections are new entries (S18).
import { type Kysely, sql } from 'kysely';

/** The function behind it comes with the first schema. */
export async function makeAppendOnly(db: Kysely<unknown>, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await sql
      .raw(
        `create trigger append_only before update or delete or truncate on ${table}
         for each statement execute function ledger_is_append_only()`,
      )
      .execute(db);
  }
}
