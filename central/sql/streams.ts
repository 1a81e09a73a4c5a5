// The SQL of streams: where a store stands and which session speaks for it.
import { type RawBuilder, sql } from 'kysely';
import { SUPERSEDED_INSTANCES_MAX } from '../../core/limits.ts';
import type { Posted } from '../fold.ts';
import type { PostingContext, Streams } from '../ports.ts';
import type { Db } from '../schema.ts';

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

export const sqlStreams = (db: Db): Streams => ({
  async ensure(store, createdMs) {
    await sql`insert into store (store, created_ms) values (${store}, ${createdMs}::bigint)
      on conflict do nothing`.execute(db);
    await sql`insert into stream (store) values (${store}) on conflict do nothing`.execute(db);
  },
  async lock(store, instance) {
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
  },
  async beginSession(store, { instance, session, hello, takesOverFrom }) {
    await sql`
      update stream set instance = ${instance}, session = ${session}, hello = ${hello},
        superseded = case when ${takesOverFrom}::text is null then superseded
          else (array_prepend(${takesOverFrom}::text, superseded))[1:${sql.lit(SUPERSEDED_INSTANCES_MAX)}] end
      where store = ${store}`.execute(db);
  },
  async currentInstance(store) {
    const row = await db.selectFrom('stream').select('instance').where('store', '=', store).executeTakeFirst();
    return row?.instance ?? null;
  },
});

/** The stream behind the last of the entries, which are not none. */
export function advanceStream({ store, epoch, postedMs }: PostingContext, posted: Posted[]): RawBuilder<unknown> {
  const last = posted[posted.length - 1]?.arrived;
  const deadLetters = posted.filter(({ owner }) => owner !== null).length;
  return sql`
    update stream set epoch = ${epoch.ordinal}::bigint, life = ${epoch.life}, seq = ${last?.seq}::bigint,
      chain = ${last?.chain}, entries = entries + ${posted.length}::bigint,
      dead_letters = dead_letters + ${deadLetters}::bigint, posted_ms = ${postedMs}::bigint
    where store = ${store}`;
}
