// The SQL of streams: where a store stands and who may sign for it.
import { sql } from 'kysely';
import { SUPERSEDED_INSTANCES_MAX } from '../core/limits.ts';
import type { Stream } from './judge.ts';
import type { Head } from './replies.ts';
import type { Db } from './schema.ts';

type Row = {
  device_key: string | null;
  epoch: number | null;
  life: string | null;
  seq: number;
  chain: string | null;
  instance: string | null;
  session: string | null;
  hello: string | null;
  superseded: boolean;
};

/** This database's name, made once: a central restored from elsewhere has another one. 32 hex digits. */
export async function ensureIncarnation(db: Db, fresh: string, createdMs: number): Promise<string> {
  await sql`insert into central (incarnation, created_ms) values (${fresh}, ${createdMs}::bigint)
    on conflict do nothing`.execute(db);
  const { incarnation } = await db.selectFrom('central').select('incarnation').executeTakeFirstOrThrow();
  return incarnation;
}

/** Public key that may sign for the store, or null where none is pinned yet. */
export async function readDeviceKey(db: Db, store: string): Promise<string | null> {
  const row = await db.selectFrom('device_key').select('public_key').where('store', '=', store).executeTakeFirst();
  return row?.public_key ?? null;
}

export async function pinDeviceKey(db: Db, store: string, keyId: string, publicKey: string, atMs: number) {
  await db.insertInto('device_key').values({ store, key_id: keyId, public_key: publicKey, pinned_ms: atMs }).execute();
}

export async function ensureStream(db: Db, store: string, atMs: number): Promise<void> {
  await sql`insert into store (store, created_ms) values (${store}, ${atMs}::bigint) on conflict do nothing`.execute(
    db,
  );
  await sql`insert into stream (store) values (${store}) on conflict do nothing`.execute(db);
}

/** Locks the store's stream until the transaction ends; null for a store that never said hello. */
export async function lockStream(db: Db, store: string, instance: string): Promise<Stream | null> {
  const { rows } = await sql<Row>`
    select (select public_key from device_key where device_key.store = stream.store limit 1) as device_key,
           epoch, life, seq, chain, instance, session, hello, ${instance} = any(superseded) as superseded
    from stream where store = ${store} for update`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { device_key, epoch, life, superseded, ...rest } = row;
  return {
    store,
    ...rest,
    deviceKey: device_key,
    epoch: epoch === null || life === null ? null : { ordinal: epoch, life },
    fromSuperseded: superseded,
  };
}

export async function beginSession(
  db: Db,
  store: string,
  begun: { instance: string; session: string; hello: string; takesOverFrom: string | null },
): Promise<void> {
  await sql`
    update stream set instance = ${begun.instance}, session = ${begun.session}, hello = ${begun.hello},
      superseded = case when ${begun.takesOverFrom}::text is null then superseded
        else (array_prepend(${begun.takesOverFrom}::text, superseded))[1:${sql.lit(SUPERSEDED_INSTANCES_MAX)}] end
    where store = ${store}`.execute(db);
}

/** What is held of a stream; null where that is nothing. */
export const headOf = ({ epoch, seq, chain }: Stream): Head | null =>
  epoch === null || chain === null ? null : { epoch, seq, chain };

export async function chainAt(db: Db, store: string, epoch: number, seq: number): Promise<string | null> {
  const row = await db
    .selectFrom('entry')
    .select('chain')
    .where('store', '=', store)
    .where('epoch', '=', epoch)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row?.chain ?? null;
}

/** Instance that last said hello, for answers to what could not be read. */
export async function currentInstance(db: Db, store: string): Promise<string | null> {
  const row = await db.selectFrom('stream').select('instance').where('store', '=', store).executeTakeFirst();
  return row?.instance ?? null;
}
