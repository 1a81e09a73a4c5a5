// The SQL of facts that are put aside: refused, or waiting for a refused one.
import { type RawBuilder, sql } from 'kysely';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { directiveName } from '../../core/order.ts';
import type { Reason } from '../../core/outcome.ts';
import type { AsideFact, PutAside } from '../law-ports.ts';
import type { LetterRow, ReleasedRow } from '../rows.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

type Row = {
  epoch: number;
  seq: number;
  kind: 'refused' | 'waiting';
  reason: Reason;
  dseq: number;
  on_epoch: number | null;
  on_seq: number | null;
  names: string[];
  bytes: Buffer;
};

const SELECT = sql`
  select d.epoch, d.seq, d.kind, d.reason, d.dseq, d.on_epoch, d.on_seq, d.names, e.bytes
  from dead_letter d join entry e using (store, epoch, seq)`;
const STILL = sql`d.released_dseq is null and d.dseq is not null`;

export const sqlPutAside = (db: Db): PutAside => ({
  async find(store, { names, facts }) {
    const { rows } = await sql<Row>`${SELECT} where d.store = ${store} and ${STILL}
      and (d.names && ${textArray([...names])}::text[] or (d.epoch, d.seq) in (select * from unnest(
        ${plainArray(facts.map(({ epoch }) => epoch))}::bigint[], ${plainArray(facts.map(({ seq }) => seq))}::bigint[])))
      order by d.epoch, d.seq`.execute(db);
    return rows.map(asideOf);
  },
  async range(store, { epoch, first, last }) {
    const { rows } = await sql<Row>`${SELECT} where d.store = ${store} and ${STILL} and d.epoch = ${epoch}::bigint
      and d.seq between ${first}::bigint and ${last}::bigint order by d.seq limit ${PAGE_ROWS_MAX}::integer`.execute(
      db,
    );
    return rows.map(asideOf);
  },
  async waiting(store) {
    const { rows } = await sql<Row>`${SELECT} where d.store = ${store} and ${STILL} and d.kind = 'waiting'
      order by d.epoch, d.seq`.execute(db);
    return rows.map(asideOf);
  },
});

const asideOf = ({ epoch, seq, kind, reason, dseq, on_epoch, on_seq, names, bytes }: Row): AsideFact => ({
  at: { epoch, seq },
  kind,
  reason,
  by: directiveName(dseq),
  on: on_epoch === null || on_seq === null ? null : { epoch: on_epoch, seq: on_seq },
  names,
  bytes,
});

/** Names travel as JSON: an array of arrays would have to be of equal lengths. */
export function insertLetters(store: string, rows: LetterRow[], postedMs: number): RawBuilder<unknown> | null {
  if (rows.length === 0) return null;
  return sql`
    insert into dead_letter (store, epoch, seq, reason, owner, posted_ms, kind, on_epoch, on_seq, dseq, names)
    select ${store}, epoch, seq, reason, owner, ${postedMs}::bigint, kind, on_epoch, on_seq, dseq,
      array(select jsonb_array_elements_text(names::jsonb))
    from unnest(
      ${plainArray(rows.map(({ at }) => at.epoch))}::bigint[],
      ${plainArray(rows.map(({ at }) => at.seq))}::bigint[],
      ${textArray(rows.map(({ reason }) => reason))}::text[],
      ${textArray(rows.map(({ owner }) => owner))}::text[],
      ${textArray(rows.map(({ kind }) => kind))}::text[],
      ${plainArray(rows.map(({ on }) => on?.epoch ?? null))}::bigint[],
      ${plainArray(rows.map(({ on }) => on?.seq ?? null))}::bigint[],
      ${plainArray(rows.map(({ dseq }) => dseq))}::bigint[],
      ${textArray(rows.map(({ names }) => JSON.stringify(names)))}::text[]
    ) as row (epoch, seq, reason, owner, kind, on_epoch, on_seq, dseq, names)`;
}

export function releaseLetters(store: string, rows: ReleasedRow[]): RawBuilder<unknown> | null {
  if (rows.length === 0) return null;
  return sql`
    update dead_letter set released_dseq = row.dseq
    from unnest(
      ${plainArray(rows.map(({ at }) => at.epoch))}::bigint[],
      ${plainArray(rows.map(({ at }) => at.seq))}::bigint[],
      ${plainArray(rows.map(({ dseq }) => dseq))}::bigint[]
    ) as row (epoch, seq, dseq)
    where dead_letter.store = ${store} and dead_letter.epoch = row.epoch and dead_letter.seq = row.seq`;
}
