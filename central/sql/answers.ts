// The SQL of answers that were given under a caller's own name for a request.
import { sql } from 'kysely';
import type { Answers } from '../desk-ports.ts';
import type { Db } from '../schema.ts';

export const sqlAnswers = (db: Db): Answers => ({
  async read(scope, key) {
    const row = await db
      .selectFrom('answer')
      .select(['hash', 'answer'])
      .where('scope', '=', scope)
      .where('key', '=', key)
      .executeTakeFirst();
    return row ?? null;
  },
  async keep(scope, key, { hash, answer, atMs }) {
    await sql`insert into answer (scope, key, hash, answer, given_ms)
      values (${scope}, ${key}, ${hash}, ${answer}, ${atMs}::bigint)`.execute(db);
  },
});
