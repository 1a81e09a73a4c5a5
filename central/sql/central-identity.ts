// Who this central is, in SQL: one row for each life of the database.
import { sql } from 'kysely';
import type { CentralIdentity } from '../ports.ts';
import type { Db } from '../schema.ts';

export const sqlCentralIdentity = (db: Db): CentralIdentity => ({
  async ensureIncarnation(fresh, createdMs) {
    const known = await newest(db);
    if (known !== null) return known;
    await renewLocked(db);
    return (await newest(db)) ?? insert(db, fresh, createdMs);
  },
  async knows(incarnation) {
    const row = await db
      .selectFrom('central')
      .select('n')
      .where('incarnation', '=', incarnation)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },
  async renew({ fresh, was, lost, createdMs }) {
    await renewLocked(db);
    const now = await newest(db);
    if (now !== null && now !== was) return now;
    if (lost !== null) {
      await sql`insert into central (incarnation, created_ms, lost) values (${lost}, ${createdMs}::bigint, true)
        on conflict (incarnation) do nothing`.execute(db);
    }
    return insert(db, fresh, createdMs);
  },
});

/** One at a time makes a new life; those who only read are not kept waiting. */
const renewLocked = (db: Db): Promise<unknown> => sql`lock table central in share row exclusive mode`.execute(db);

async function newest(db: Db): Promise<string | null> {
  const row = await db
    .selectFrom('central')
    .select('incarnation')
    .where('lost', '=', false)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.incarnation ?? null;
}

async function insert(db: Db, incarnation: string, createdMs: number): Promise<string> {
  await sql`insert into central (incarnation, created_ms) values (${incarnation}, ${createdMs}::bigint)`.execute(db);
  return incarnation;
}
