// The list of what needs a person, most urgent first, each with what explains it.
import { type RawBuilder, sql } from 'kysely';
import { EXCEPTION_TYPES, type ExceptionType, policyOf } from '../core/exception.ts';
import type { ExceptionPage, ExceptionQuery, ExceptionRow } from '../protocol/hq/lists.ts';
import { bare, type Evidence, readEvidence } from './exception-evidence.ts';
import type { Db } from './schema.ts';
import { textArray } from './sql/arrays.ts';

type Row = {
  store: string;
  id: string;
  type: ExceptionType;
  sku: string | null;
  evidence: string[];
  message: string;
  raised_ms: number;
  deadline_ms: number;
  decided_by: string | null;
  option: string | null;
};

export async function listExceptions(db: Db, query: ExceptionQuery, nowMs: number): Promise<ExceptionPage> {
  const wanted = conditionsOf(query);
  const ofType = query.type === undefined ? [] : [sql<boolean>`type = ${query.type}`];
  const after = readCursor(query.after);
  const behind =
    after === null
      ? []
      : [sql<boolean>`(deadline_ms, store, id) > (${after.deadlineMs}::bigint, ${after.store}, ${after.id})`];
  const { rows } = await sql<Row>`
    select store, id, type, sku, evidence, message, raised_ms, deadline_ms, decided_by, option from exception
    where ${sql.join([...wanted, ...ofType, ...behind], sql` and `)}
    order by deadline_ms, store, id limit ${query.limit}`.execute(db);
  const counted = await sql<{ type: ExceptionType; count: number }>`
    select type, count(*) as count from exception where ${sql.join(wanted, sql` and `)}
    group by type order by type`.execute(db);
  const evidence = await readEvidence(db, rows);
  const last = rows.length < query.limit ? undefined : rows.at(-1);
  return {
    rows: rows.map((row) => rowOf(row, evidence, nowMs)),
    counts: counted.rows.map(({ type, count }) => ({ type, title: policyOf(type).title, count: Number(count) })),
    next: last === undefined ? null : `${last.deadline_ms} ${last.store} ${last.id}`,
  };
}

function conditionsOf({ store, owner, state }: ExceptionQuery): RawBuilder<boolean>[] {
  const conditions = [sql<boolean>`true`];
  if (store !== undefined) conditions.push(sql`store = ${store}`);
  if (state !== 'all') conditions.push(state === 'open' ? sql`decided_by is null` : sql`decided_by is not null`);
  if (owner !== undefined) {
    const types = EXCEPTION_TYPES.filter((type) => policyOf(type).owner === owner);
    conditions.push(sql`type = any(${textArray(types)}::text[])`);
  }
  return conditions;
}

function readCursor(after: string | undefined): { deadlineMs: number; store: string; id: string } | null {
  const match = /^(\d{1,16}) (\S+) (.+)$/.exec(after ?? '');
  return match === null ? null : { deadlineMs: Number(match[1]), store: match[2] ?? '', id: match[3] ?? '' };
}

function rowOf(row: Row, evidence: Evidence, nowMs: number): ExceptionRow {
  const { owner, title, nextStep, options } = policyOf(row.type);
  const { id, store, type, message, sku, decided_by: by, option } = row;
  return {
    ...{ id, store, type, title, message, sku, owner, nextStep, options: { ...options } },
    raisedMs: row.raised_ms,
    deadlineMs: row.deadline_ms,
    overdue: by === null && row.deadline_ms < nowMs,
    evidence: row.evidence.map((entry) => evidence.get(`${store} ${entry}`) ?? bare(entry)),
    decided: by === null ? null : { by, option: option ?? '' },
  };
}
