// Requests that were heard: none is heard twice, over all processes on the database and also after a restart.
import { REQUEST_CLOCK_MS } from '../../core/limits/devices.ts';
import type { Db } from '../schema.ts';

/** False where it was heard before. */
export async function hearOnce(db: Db, device: string, nonce: string, atMs: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('device_nonce')
    .values({ device, nonce, at_ms: atMs })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows) === 1;
}

/** Those that are too old to be believed anyway. */
export const forgetRequests = (db: Db, nowMs: number): Promise<unknown> =>
  db
    .deleteFrom('device_nonce')
    .where('at_ms', '<', nowMs - 2 * REQUEST_CLOCK_MS)
    .execute();
