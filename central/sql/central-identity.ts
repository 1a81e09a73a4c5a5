// Who this central is, in SQL: one row, made once.
import { sql } from 'kysely';
import type { CentralIdentity } from '../ports.ts';
import type { Db } from '../schema.ts';

export const sqlCentralIdentity = (db: Db): CentralIdentity => ({
  async ensureIncarnation(fresh, createdMs) {
    await sql`insert into central (incarnation, created_ms) values (${fresh}, ${createdMs}::bigint)
      on conflict do nothing`.execute(db);
    const { incarnation } = await db.selectFrom('central').select('incarnation').executeTakeFirstOrThrow();
    return incarnation;
  },
});
