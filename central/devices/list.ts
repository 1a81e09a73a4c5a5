// Devices as head office lists them.
import type { Kysely } from 'kysely';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import type { DeviceRow } from '../../protocol/hq/devices.ts';
import { keyIdOf } from '../../protocol/wire/signing.ts';
import type { Tables } from '../schema.ts';
import { remainderOf } from './remainder.ts';
import type { DeviceTable } from './schema.ts';

/** Newest first; of one store or of all. */
export async function listDevices(db: Kysely<Tables>, store: string | undefined): Promise<DeviceRow[]> {
  const rows = await db
    .selectFrom('device')
    .selectAll()
    .$if(store !== undefined, (query) => query.where('store', '=', store ?? ''))
    .orderBy('enrolled_ms', 'desc')
    .orderBy('device')
    .limit(PAGE_ROWS_MAX)
    .execute();
  return Promise.all(rows.map((row) => deviceRow(db, row)));
}

export async function deviceRow(db: Kysely<Tables>, row: DeviceTable): Promise<DeviceRow> {
  const told = await db
    .selectFrom('device_key')
    .select(['told_epoch as epoch', 'told_seq as seq', 'told_chain as chain', 'told_ms'])
    .where('device', '=', row.device)
    .orderBy('told_ms', (order) => order.desc().nullsLast())
    .limit(1)
    .executeTakeFirst();
  return {
    device: row.device,
    store: row.store,
    state: row.state,
    computer: row.computer,
    keyId: keyIdOf(row.public_key),
    agent: row.agent,
    enrolledMs: row.enrolled_ms,
    untilMs: row.until_ms,
    endedMs: row.ended_ms,
    endedBy: row.ended_by,
    heardMs: told?.told_ms ?? null,
    remainder: told === undefined ? null : await remainderOf(db, row.store, told),
    withdrawn: row.withdrawn,
  };
}
