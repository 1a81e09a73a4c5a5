// The SQL of devices: who is what, whose a key is, and the end of a device, which ends its session with it (S14).
import { type Kysely, sql } from 'kysely';
import type { DeviceState, KnownKey } from '../../core/device.ts';
import { keyIdOf } from '../../protocol/wire/signing.ts';
import type { Tables } from '../schema.ts';
import type { Ended } from './parts.ts';
import type { DeviceTable } from './schema.ts';

type Tx = Kysely<Tables>;

export const findDevice = (db: Tx, device: string): Promise<DeviceTable | undefined> =>
  db.selectFrom('device').selectAll().where('device', '=', device).executeTakeFirst();

export const activeDevice = (db: Tx, store: string): Promise<DeviceTable | undefined> =>
  db.selectFrom('device').selectAll().where('store', '=', store).where('state', '=', 'active').executeTakeFirst();

/** Null for a key that nobody showed before. */
export async function findKey(db: Tx, publicKey: string): Promise<KnownKey | null> {
  const row = await db
    .selectFrom('device_key')
    .leftJoin('device', 'device.device', 'device_key.device')
    .select(['device_key.store', 'device_key.device', 'device.state'])
    .where('device_key.public_key', '=', publicKey)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * One enrolment, or end, of a store's devices at a time, over all processes on the database. Its stream is locked before
 * its keys, as a hello does.
 */
export async function lockDevices(tx: Tx, store: string, nowMs: number): Promise<void> {
  await sql`insert into store (store, created_ms) values (${store}, ${nowMs}::bigint) on conflict do nothing`.execute(
    tx,
  );
  await sql`select store from store where store = ${store} for no key update`.execute(tx);
  await sql`select store from stream where store = ${store} for update`.execute(tx);
}

/** Makes this the key that speaks for the store; whichever did before is evidence from now on. */
export async function setPresentKey(
  tx: Tx,
  key: { store: string; device: string; publicKey: string; nowMs: number },
): Promise<void> {
  const { store, device, publicKey, nowMs } = key;
  await endKeys(tx, store, nowMs);
  await tx
    .insertInto('device_key')
    .values({
      ...{ store, device, key_id: keyIdOf(publicKey), public_key: publicKey, pinned_ms: nowMs, ended_ms: null },
      ...{ told_epoch: null, told_seq: null, told_chain: null, told_ms: null },
    })
    .onConflict((conflict) => conflict.columns(['store', 'key_id']).doUpdateSet({ device, ended_ms: null }))
    .execute();
}

const endKeys = (tx: Tx, store: string, nowMs: number): Promise<unknown> =>
  tx
    .updateTable('device_key')
    .set({ ended_ms: nowMs })
    .where('store', '=', store)
    .where('ended_ms', 'is', null)
    .execute();

/**
 * Whatever this session says from now on is refused, also what waits for the store's row at this moment: it was said
 * before, and is not taken behind.
 */
export async function endSession(tx: Tx, store: string): Promise<Ended> {
  const { rows } = await sql<{ instance: string | null; session: string | null }>`
    select instance, session from stream where store = ${store} for update`.execute(tx);
  await sql`update stream set session = null where store = ${store}`.execute(tx);
  const [row] = rows;
  return row === undefined || row.instance === null || row.session === null
    ? null
    : { instance: row.instance, session: row.session };
}

type End = { state: Exclude<DeviceState, 'active'>; by: string; nowMs: number };

/** Ends an active device with its key and its session. */
export async function endDevice(tx: Tx, device: DeviceTable, { state, by, nowMs }: End): Promise<Ended> {
  await tx
    .updateTable('device')
    .set({ state, ended_ms: nowMs, ended_by: by })
    .where('device', '=', device.device)
    .where('state', '=', 'active')
    .execute();
  await endKeys(tx, device.store, nowMs);
  return endSession(tx, device.store);
}
