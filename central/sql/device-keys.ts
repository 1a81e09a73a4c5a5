// The SQL of device keys: who may sign for a store, whose a key is, and what was said under it.
import { remainderOfKey } from '../devices/remainder.ts';
import type { DeviceKeys } from '../ports.ts';
import type { Db } from '../schema.ts';

export const sqlDeviceKeys = (db: Db): DeviceKeys => ({
  async read(store) {
    const row = await db
      .selectFrom('device_key')
      .select('public_key')
      .where('store', '=', store)
      .where('ended_ms', 'is', null)
      .executeTakeFirst();
    return row?.public_key ?? null;
  },
  async holder(store, keyId) {
    const row = await db
      .selectFrom('device_key')
      .leftJoin('device', 'device.device', 'device_key.device')
      .select(['device_key.ended_ms as keyEndedMs', 'device.device', 'device.state', 'device.until_ms as untilMs'])
      .where('device_key.store', '=', store)
      .where('device_key.key_id', '=', keyId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { device, state, untilMs } = row;
    const isDevice = device !== null && state !== null && untilMs !== null;
    return { device: isDevice ? { device, state, untilMs } : null, isPresent: row.keyEndedMs === null };
  },
  async hasAny(store) {
    const row = await db
      .selectFrom('device_key')
      .select('store')
      .where('store', '=', store)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },
  async hear(store, keyId, { epoch, seq, chain, atMs }) {
    await db
      .updateTable('device_key')
      .set({ told_epoch: epoch, told_seq: seq, told_chain: chain, told_ms: atMs })
      .where('store', '=', store)
      .where('key_id', '=', keyId)
      .execute();
  },
  remainder: (store, keyId) => remainderOfKey(db, store, keyId),
  async pin({ store, keyId, publicKey, pinnedMs }) {
    await db
      .insertInto('device_key')
      .values({
        ...{ store, key_id: keyId, public_key: publicKey, pinned_ms: pinnedMs, device: null, ended_ms: null },
        ...{ told_epoch: null, told_seq: null, told_chain: null, told_ms: null },
      })
      .execute();
  },
});
