// The SQL of the directives log.
import { sql } from 'kysely';
import { grantOf, readDirective } from '../directive-log.ts';
import type { DirectiveRow, Directives, HeldDirective } from '../law-ports.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

export const sqlDirectives = (db: Db): Directives => ({
  async append(store, rows) {
    const end = rows.at(-1);
    if (end === undefined) return;
    await sql`${insertDirectives(store, rows)}`.execute(db);
    await sql`update stream set held_dseq = ${end.dseq}::bigint, held_chain = ${end.chain}
      where store = ${store}`.execute(db);
  },
  async page(store, after, limit) {
    const { rows } = await sql<HeldDirective>`
      select dseq, chain, bytes, key_id as "keyId", signature from directive
      where store = ${store} and dseq > ${after}::bigint order by dseq limit ${limit}::integer`.execute(db);
    return rows;
  },
  async chainAt(store, dseq) {
    const row = await db
      .selectFrom('directive')
      .select('chain')
      .where('store', '=', store)
      .where('dseq', '=', dseq)
      .executeTakeFirst();
    return row?.chain ?? null;
  },
  async acked(store, dseq) {
    await sql`update stream set acked_dseq = ${dseq}::bigint where store = ${store}`.execute(db);
  },
  async grants(store, after) {
    const rows = await db
      .selectFrom('directive')
      .select('bytes')
      .where('store', '=', store)
      .where('kind', '=', 'epoch-granted')
      .where('dseq', '>', after)
      .orderBy('dseq')
      .execute();
    return rows.flatMap(({ bytes }) => grantOf(readDirective(bytes)) ?? []);
  },
});

export function insertDirectives(store: string, rows: readonly DirectiveRow[]) {
  let end = 1;
  const starts = rows.map(({ bytes }) => {
    end += bytes.length;
    return end - bytes.length;
  });
  const bytes = Buffer.concat(rows.map((row) => row.bytes));
  const directives = rows.map(({ directive }) => directive);
  return sql`
    insert into directive
      (store, dseq, bytes, chain, key_id, signature, kind, basis_epoch, basis_seq, decided_ms, by_whom)
    select ${store}, dseq, substring(${bytes}::bytea from start for size), chain, key_id, signature, kind,
           basis_epoch, basis_seq, decided_ms, by_whom
    from unnest(
      ${plainArray(rows.map(({ dseq }) => dseq))}::bigint[],
      ${plainArray(starts)}::integer[],
      ${plainArray(rows.map((row) => row.bytes.length))}::integer[],
      ${textArray(rows.map(({ chain }) => chain))}::text[],
      ${textArray(rows.map(({ keyId }) => keyId))}::text[],
      ${textArray(rows.map(({ signature }) => signature))}::text[],
      ${textArray(directives.map(({ body }) => body.kind))}::text[],
      ${plainArray(directives.map(({ basis }) => basis.epoch))}::bigint[],
      ${plainArray(directives.map(({ basis }) => basis.seq))}::bigint[],
      ${plainArray(directives.map(({ at }) => at))}::bigint[],
      ${textArray(directives.map(({ by }) => by))}::text[]
    ) as row (dseq, start, size, chain, key_id, signature, kind, basis_epoch, basis_seq, decided_ms, by_whom)`;
}
