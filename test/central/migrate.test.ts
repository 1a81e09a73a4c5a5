// The ledger's schema is brought forward, or the old one is left as it was and a sentence says what to do.
import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { IN_MEMORY, openDatabase } from '../../central/database.ts';
import { migrate } from '../../central/migrate.ts';
import { up as firstLedger } from '../../central/migrations/0001-ledger.ts';
import { up as law } from '../../central/migrations/0002-law.ts';

test('a ledger from before agreement is refused in a sentence, and nothing of it is changed', async () => {
  const { db, close } = await openDatabase(IN_MEMORY);
  try {
    const old = (db as unknown as Kysely<unknown>).withSchema('old');
    await sql`create schema old`.execute(old);
    await old.connection().execute(async (connection) => {
      await sql`set search_path to old`.execute(connection);
      await firstLedger(connection);
      await sql`insert into entry (store, epoch, seq, bytes, chain, outcome, posted_ms, batch_last)
        values ('S001', 1, 1, '', 'c', 'posted', 1, 1)`.execute(connection);
      const attempt = connection.transaction().execute((tx) => law(tx));
      await expect(attempt).rejects.toThrow(/Give central a new, empty database: the stores send everything again/);
      const { rows } = await sql`select dead_letters from stream`.execute(connection);
      expect(rows).toEqual([]);
    });
  } finally {
    await close();
  }
});

test('bringing a schema forward twice changes nothing', async () => {
  const { db, close } = await openDatabase(IN_MEMORY);
  await migrate(db as unknown as Kysely<unknown>);
  await close();
});
