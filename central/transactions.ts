// Transactions that the database may give up in favour of another one are repeated a few times (F45).
import type { Transaction } from 'kysely';
import { TRANSACTION_ATTEMPTS_MAX } from '../core/limits.ts';
import type { Db, Tables } from './schema.ts';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';

/** Resolves after the commit only. Anything else, a connection lost at commit too, means "unknown" and throws. */
export async function inTransaction<T>(db: Db, work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const isGivenUp = [SERIALIZATION_FAILURE, DEADLOCK].includes(sqlState(error));
      if (!isGivenUp || attempt >= TRANSACTION_ATTEMPTS_MAX) throw error;
    }
  }
}

/** The values themselves were not acceptable: a data exception or a broken constraint. */
export const isBadData = (error: unknown): boolean => /^2[23]/.test(sqlState(error));

function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
