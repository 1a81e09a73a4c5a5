// The SQL of streams: where a store stands and which session speaks for it.
import { sql } from 'kysely';
import { SUPERSEDED_INSTANCES_MAX } from '../../core/limits.ts';
import type { Owed } from '../judge.ts';
import type { Streams } from '../ports.ts';
import type { Db, StreamTable } from '../schema.ts';
import { type CutRow, cutColumns, cutOf, readClosing } from './cuts.ts';

type Row = Pick<StreamTable, 'epoch' | 'life' | 'seq' | 'chain' | 'instance' | 'session' | 'hello'> &
  OwedRow &
  CutRow & { device_key: string | null; superseded: boolean; incarnation: string };

type OwedRow = Pick<StreamTable, 'owed_epoch' | 'owed_seq' | 'owed_from' | 'owed_asked'>;

export const sqlStreams = (db: Db): Streams => ({
  async ensure(store, createdMs) {
    await sql`insert into store (store, created_ms) values (${store}, ${createdMs}::bigint)
      on conflict do nothing`.execute(db);
    await sql`insert into stream (store) values (${store}) on conflict do nothing`.execute(db);
  },
  async lock(store, instance) {
    const { rows } = await sql<Row>`
      select (select public_key from device_key k where k.store = stream.store and k.ended_ms is null) as device_key,
             (select incarnation from central where not lost order by n desc limit 1) as incarnation,
             epoch, life, seq, chain, instance, session, hello, ${instance} = any(superseded) as superseded,
             owed_epoch, owed_seq, owed_from, owed_asked, ${cutColumns}
      from stream where store = ${store} for update`.execute(db);
    const [row] = rows;
    if (row === undefined) return null;
    const { epoch, life, seq, chain, session, hello, incarnation } = row;
    return {
      store,
      ...{ seq, chain, instance: row.instance, session, hello, incarnation },
      ...cutOf(store, row),
      closing: await readClosing(db, store, row),
      deviceKey: row.device_key,
      epoch: epoch === null || life === null ? null : { ordinal: epoch, life },
      owed: owedOf(row),
      fromSuperseded: row.superseded,
    };
  },
  async beginSession(store, { instance, session, hello, takesOverFrom }) {
    await sql`
      update stream set instance = ${instance}, session = ${session}, hello = ${hello},
        superseded = case when ${takesOverFrom}::text is null then superseded
          else (array_prepend(${takesOverFrom}::text, superseded))[1:${sql.lit(SUPERSEDED_INSTANCES_MAX)}] end
      where store = ${store}`.execute(db);
  },
  async greet(store, { incarnation, ackedDseq, promisedDseq, owed }) {
    await sql`
      update stream set greeted = ${incarnation}, acked_dseq = ${ackedDseq}::bigint,
        promised_dseq = ${promisedDseq}::bigint, owed_epoch = ${owed?.epoch ?? null}::bigint,
        owed_seq = ${owed?.seq ?? null}::bigint, owed_from = ${owed?.from ?? null}::bigint,
        owed_asked = ${owed?.asked ?? null}::bigint
      where store = ${store}`.execute(db);
  },
  async currentInstance(store) {
    const row = await db.selectFrom('stream').select('instance').where('store', '=', store).executeTakeFirst();
    return row?.instance ?? null;
  },
});

const owedOf = ({ owed_epoch: epoch, owed_seq: seq, owed_from: from, owed_asked: asked }: OwedRow): Owed | null =>
  epoch === null || seq === null || from === null || asked === null ? null : { epoch, seq, from, asked };
