// One writer of configuration at a time, over all processes on the database.
import { sql } from 'kysely';
import type { Db } from '../schema.ts';

const LOCK = 0x74_77_63_66;

/** Until the transaction ends. */
export const lockConfiguration = (tx: Db): Promise<unknown> =>
  sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx);
