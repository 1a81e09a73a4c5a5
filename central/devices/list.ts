// Devices as head office lists them.
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { DEVICES_LISTED_MAX } from '../../core/limits/devices.ts';
import type { DeviceRow } from '../../protocol/hq/devices.ts';
import { keyIdOf } from '../../protocol/wire/signing.ts';
import type { Tables } from '../schema.ts';
import { remainderColumn } from './remainder.ts';
import type { DeviceTable } from './schema.ts';

type Row = DeviceTable & { told_ms: number | null; remainder: number | null };

/** Newest first; of one store or of all. */
export const listDevices = (db: Kysely<Tables>, store: string | undefined): Promise<DeviceRow[]> =>
  read(db, store === undefined ? sql`true` : sql`d.store = ${store}`);

/** Undefined where there is none of that name. */
export const readDevice = async (db: Kysely<Tables>, device: string): Promise<DeviceRow | undefined> =>
  (await read(db, sql`d.device = ${device}`))[0];

async function read(db: Kysely<Tables>, which: RawBuilder<unknown>): Promise<DeviceRow[]> {
  const { rows } = await sql<Row>`
    select d.*, k.told_ms, ${remainderColumn('k')} as remainder
    from device d left join lateral (
      select * from device_key where device_key.store = d.store and device_key.device = d.device
      order by told_ms desc nulls last limit 1) k on true
    where ${which} order by d.enrolled_ms desc, d.device limit ${sql.lit(DEVICES_LISTED_MAX)}`.execute(db);
  return rows.map((row) => ({
    ...{ device: row.device, store: row.store, state: row.state, computer: row.computer },
    ...{ keyId: keyIdOf(row.public_key), agent: row.agent, enrolledMs: row.enrolled_ms, untilMs: row.until_ms },
    ...{ endedMs: row.ended_ms, endedBy: row.ended_by, heardMs: row.told_ms, remainder: row.remainder },
    withdrawn: row.withdrawn,
  }));
}
