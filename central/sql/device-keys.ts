// The SQL of device keys: who may sign for a store.
import type { DeviceKeys } from '../ports.ts';
import type { Db } from '../schema.ts';

export const sqlDeviceKeys = (db: Db): DeviceKeys => ({
  async read(store) {
    const row = await db.selectFrom('device_key').select('public_key').where('store', '=', store).executeTakeFirst();
    return row?.public_key ?? null;
  },
  async pin({ store, keyId, publicKey, pinnedMs }) {
    await db
      .insertInto('device_key')
      .values({ store, key_id: keyId, public_key: publicKey, pinned_ms: pinnedMs })
      .execute();
  },
});
