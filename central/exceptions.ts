// The list of what needs a person, most urgent first, each with what explains it.
import { type RawBuilder, sql } from 'kysely';
import type { DecisionKind } from '../core/decision.ts';
import { EXCEPTION_TYPES, type ExceptionType, policyOf } from '../core/exception.ts';
import { readNaturalKey } from '../core/fact.ts';
import { type LineOutcome, sentence } from '../core/outcome.ts';
import type { ExceptionPage, ExceptionQuery, ExceptionRow } from '../protocol/hq/lists.ts';
import type { Db } from './schema.ts';
import { plainArray, textArray } from './sql/arrays.ts';

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

const bare = (entry: string): ExceptionRow['evidence'][number] => ({
  ...{ entry, kind: null, document: null, sentence: null },
});

type Evidence = Map<string, ExceptionRow['evidence'][number]>;
type Told = Pick<LineOutcome, 'outcome' | 'reason'>;

/** All entries that the page names, by store and name, in two questions. */
async function readEvidence(db: Db, rows: Row[]): Promise<Evidence> {
  const named = rows.flatMap(({ store, evidence }) => evidence.map((entry) => ({ store, entry })));
  const facts = named.flatMap(({ store, entry }) => {
    const match = /^(\d{1,15}):(\d{1,15})$/.exec(entry);
    return match === null ? [] : [{ store, entry, epoch: Number(match[1]), seq: Number(match[2]) }];
  });
  const directives = named.flatMap(({ store, entry }) => {
    const match = /^d(\d{1,15})$/.exec(entry);
    return match === null ? [] : [{ store, entry, dseq: Number(match[1]) }];
  });
  const stores = (list: { store: string }[]): string => textArray(list.map(({ store }) => store));
  const seen = await sql<Told & { store: string; epoch: number; seq: number; key: string | null }>`
    select distinct store, epoch, seq, key, outcome, reason from entry
    join unnest(${stores(facts)}::text[], ${plainArray(facts.map(({ epoch }) => epoch))}::bigint[],
      ${plainArray(facts.map(({ seq }) => seq))}::bigint[]) as named (store, epoch, seq)
    using (store, epoch, seq)`.execute(db);
  const decided = await sql<{ store: string; dseq: number; kind: DecisionKind } & Partial<Told>>`
    select distinct store, dseq, kind, outcome, reason from directive
    join unnest(${stores(directives)}::text[], ${plainArray(directives.map(({ dseq }) => dseq))}::bigint[])
      as named (store, dseq) using (store, dseq)
    left join directive_outcome using (store, dseq)`.execute(db);
  const evidence: Evidence = new Map();
  for (const { store, epoch, seq, key, ...told } of seen.rows) {
    const entry = `${epoch}:${seq}`;
    const { kind, number } = readNaturalKey(key ?? '');
    const document = key === null ? null : number;
    evidence.set(`${store} ${entry}`, { entry, kind: key === null ? null : kind, document, sentence: sentence(told) });
  }
  for (const { store, dseq, kind, outcome, reason } of decided.rows) {
    const told = outcome === undefined || outcome === null ? null : sentence({ outcome, reason: reason ?? null });
    evidence.set(`${store} d${dseq}`, { entry: `d${dseq}`, kind, document: null, sentence: told });
  }
  return evidence;
}
