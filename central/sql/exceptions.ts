// The SQL of questions to persons.
import { type RawBuilder, sql } from 'kysely';
import type { ExceptionType } from '../../core/exception.ts';
import type { Exceptions, HeldException } from '../law-ports.ts';
import type { DecidedRow, RaisedRow } from '../rows.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

export const sqlExceptions = (db: Db): Exceptions => ({
  async find(store, id) {
    const row = await db
      .selectFrom('exception')
      .selectAll()
      .where('store', '=', store)
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) return null;
    const { type, raised_ms, deadline_ms, raised_by, decided_by, decided_ms, ...rest } = row;
    return {
      ...rest,
      type: type as ExceptionType,
      raisedMs: raised_ms,
      deadlineMs: deadline_ms,
      raisedBy: raised_by,
      decidedBy: decided_by,
      decidedMs: decided_ms,
    } satisfies HeldException;
  },
  async openAbout(store, type, skus) {
    const { rows } = await sql<{ sku: string }>`
      select distinct coalesce(sku, '') as sku from exception where store = ${store} and type = ${type} and decided_by is null
        and coalesce(sku, '') = any(${textArray(skus)}::text[])`.execute(db);
    return new Set(rows.map(({ sku }) => sku));
  },
});

/** Evidence travels as JSON: an array of arrays would have to be of equal lengths. */
export function insertExceptions(store: string, rows: RaisedRow[]): RawBuilder<unknown> | null {
  if (rows.length === 0) return null;
  return sql`
    insert into exception (store, id, type, sku, evidence, message, raised_ms, deadline_ms, raised_by, decided_by,
      option, decided_ms)
    select ${store}, id, type, sku, array(select jsonb_array_elements_text(evidence::jsonb)), message, raised_ms,
      deadline_ms, raised_by, decided_by, option, decided_ms
    from unnest(
      ${textArray(rows.map(({ id }) => id))}::text[],
      ${textArray(rows.map(({ type }) => type))}::text[],
      ${textArray(rows.map(({ sku }) => sku))}::text[],
      ${textArray(rows.map(({ evidence }) => JSON.stringify(evidence)))}::text[],
      ${textArray(rows.map(({ message }) => message))}::text[],
      ${plainArray(rows.map(({ raisedMs }) => raisedMs))}::bigint[],
      ${plainArray(rows.map(({ deadlineMs }) => deadlineMs))}::bigint[],
      ${textArray(rows.map(({ raisedBy }) => raisedBy))}::text[],
      ${textArray(rows.map(({ decided }) => decided?.by ?? null))}::text[],
      ${textArray(rows.map(({ decided }) => decided?.option ?? null))}::text[],
      ${plainArray(rows.map(({ decidedMs }) => decidedMs))}::bigint[]
    ) as row (id, type, sku, evidence, message, raised_ms, deadline_ms, raised_by, decided_by, option, decided_ms)
    on conflict do nothing`;
}

export function decideExceptions(store: string, rows: DecidedRow[], decidedMs: number): RawBuilder<unknown> | null {
  if (rows.length === 0) return null;
  return sql`
    update exception set decided_by = row.by, option = row.option, decided_ms = ${decidedMs}::bigint
    from unnest(
      ${textArray(rows.map(({ id }) => id))}::text[],
      ${textArray(rows.map(({ by }) => by))}::text[],
      ${textArray(rows.map(({ option }) => option))}::text[]
    ) as row (id, by, option)
    where exception.store = ${store} and exception.id = row.id and decided_by is null`;
}
