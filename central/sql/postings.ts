// The SQL of posting: what is loaded of a book before, and all rows of a transaction in one statement.
import { type RawBuilder, sql } from 'kysely';
import type { Effect } from '../../core/shelf.ts';
import type { Done } from '../fold.ts';
import type { Wanted } from '../law-ports.ts';
import type { Postings } from '../ports.ts';
import {
  changeRows,
  directiveSteps,
  exceptionRows,
  letterRows,
  outcomeRow,
  postingRows,
  unmovedRows,
} from '../rows.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';
import { advanceStream } from './cuts.ts';
import { insertDirectives } from './directives.ts';
import { insertEntries, insertEvidence, insertKeys, loadKeys } from './entries.ts';
import { decideExceptions, insertExceptions } from './exceptions.ts';
import { insertLetters, releaseLetters } from './put-aside.ts';
import { loadShelves, upsertShelves } from './shelves.ts';
import { loadTillDays } from './till-days.ts';

type Write = RawBuilder<unknown>;

export const sqlPostings = (db: Db): Postings => ({
  async load(store, wanted) {
    const tills = await loadTillDays(db, store, wanted);
    return {
      tills,
      keys: await loadKeys(db, store, [...wanted.keys]),
      shelves: await loadShelves(db, store, [...wanted.skus]),
      effects: await loadEffects(db, store, wanted),
      taken: await loadTaken(db, store, [...wanted.taken]),
      exceptions: await loadDecided(db, store, [...wanted.exceptions]),
    };
  },
  /** One round trip, and the database has all its work at once. */
  async write(done, batches) {
    const { store } = done.stream;
    const { raised, decided } = exceptionRows(done);
    const fresh = directiveSteps(done).flatMap(({ row, isNew }) => (isNew ? [row] : []));
    const writes = [
      insertEntries(done),
      insertKeys(done),
      insertPostings(done),
      upsertShelves(store, done.shelves),
      insertLetters(store, letterRows(done), done.postedMs),
      releaseLetters(store, done.released),
      insertEvidence(done, batches),
      fresh.length === 0 ? null : insertDirectives(store, fresh),
      insertOutcomes(done),
      insertChanges(done),
      insertTaken(done),
      insertUnmoved(done),
      insertExceptions(store, raised),
      decideExceptions(store, decided, done.postedMs),
    ].filter((write) => write !== null);
    const steps = writes.map((write, index) => sql`${sql.ref(`step${index}`)} as (${write})`);
    const all = steps.length === 0 ? sql`` : sql`with ${sql.join(steps)} `;
    await sql`${all}${advanceStream(done)}`.execute(db);
  },
});

type EffectRow = Omit<Effect['moment'], 'at'> & {
  sku: string;
  epoch: number;
  seq: number;
  recordedMs: number;
  effect: number;
};

/** Movements that a late count may have to place, of the shelves that are counted (R9). */
export async function loadEffects(
  db: Db,
  store: string,
  { counted, effectsSinceMs }: Pick<Wanted, 'counted' | 'effectsSinceMs'>,
): Promise<Map<string, Effect[]>> {
  const effects = new Map<string, Effect[]>();
  if (counted.size === 0) return effects;
  const { rows } = await sql<EffectRow>`
    select sku, coalesce(at_epoch, epoch) as epoch, coalesce(at_seq, seq) as seq, lo, hi, frame,
      frame_start as "frameStart", recorded_ms as "recordedMs",
      case when to_place in ('shelf', 'reserved') then quantity else -quantity end as effect
    from posting where store = ${store} and sku = any(${textArray([...counted])}::text[])
      and recorded_ms >= ${effectsSinceMs}::bigint order by id`.execute(db);
  for (const { sku, epoch, seq, effect, recordedMs, ...moment } of rows) {
    const known = effects.get(sku);
    const one = { moment: { at: { epoch, seq }, ...moment }, effect, recordedMs };
    if (known === undefined) effects.set(sku, [one]);
    else known.push(one);
  }
  return effects;
}

async function loadTaken(db: Db, store: string, subjects: string[]): Promise<Map<string, string>> {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; entry: string }>`
    select subject, entry from taken where store = ${store} and subject = any(${textArray(subjects)}::text[])`.execute(
    db,
  );
  return new Map(rows.map(({ subject, entry }) => [subject, entry]));
}

async function loadDecided(db: Db, store: string, ids: string[]) {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; by: string | null; option: string | null }>`
    select id, decided_by as by, option from exception
    where store = ${store} and id = any(${textArray(ids)}::text[])`.execute(db);
  return new Map(rows.map(({ id, by, option }) => [id, by === null ? null : { by, option: option ?? '' }]));
}

function insertPostings(done: Done): Write | null {
  const rows = postingRows(done);
  if (rows.length === 0) return null;
  const when = rows.map(({ happened }) => happened);
  return sql`
    insert into posting (store, epoch, seq, dseq, move, line, sku, from_place, to_place, quantity, why, lo, hi, frame,
      frame_start, recorded_ms, at_epoch, at_seq)
    select ${done.stream.store}, epoch, seq, dseq, move, line, sku, from_place, to_place, quantity, why, lo, hi, frame,
      frame_start, recorded_ms, at_epoch, at_seq
    from unnest(
      ${plainArray(rows.map(({ at }) => at.epoch))}::bigint[],
      ${plainArray(rows.map(({ at }) => at.seq))}::bigint[],
      ${plainArray(rows.map(({ dseq }) => dseq))}::bigint[],
      ${plainArray(rows.map(({ move }) => move))}::integer[],
      ${plainArray(rows.map(({ line }) => line))}::integer[],
      ${textArray(rows.map(({ sku }) => sku))}::text[],
      ${textArray(rows.map(({ from }) => from))}::text[],
      ${textArray(rows.map(({ to }) => to))}::text[],
      ${plainArray(rows.map(({ quantity }) => quantity))}::bigint[],
      ${textArray(rows.map(({ why }) => why))}::text[],
      ${plainArray(when.map((one) => one?.lo ?? null))}::bigint[],
      ${plainArray(when.map((one) => one?.hi ?? null))}::bigint[],
      ${plainArray(when.map((one) => one?.frame ?? null))}::bigint[],
      ${plainArray(when.map((one) => one?.frameStart ?? null))}::bigint[],
      ${plainArray(when.map((one) => one?.recordedMs ?? null))}::bigint[],
      ${plainArray(when.map((one) => one?.at?.epoch ?? null))}::bigint[],
      ${plainArray(when.map((one) => one?.at?.seq ?? null))}::bigint[]
    ) as row (epoch, seq, dseq, move, line, sku, from_place, to_place, quantity, why, lo, hi, frame, frame_start,
      recorded_ms, at_epoch, at_seq)`;
}

function insertOutcomes(done: Done): Write | null {
  const steps = directiveSteps(done);
  if (steps.length === 0) return null;
  const rows = steps.map(outcomeRow);
  return sql`
    insert into directive_outcome (store, dseq, outcome, reason, detail, posting_date, posted_ms)
    select ${done.stream.store}, dseq, outcome, reason, detail, posting_date, ${done.postedMs}::bigint
    from unnest(
      ${plainArray(steps.map(({ row }) => row.dseq))}::bigint[],
      ${textArray(rows.map(({ outcome }) => outcome))}::text[],
      ${textArray(rows.map(({ reason }) => reason))}::text[],
      ${textArray(rows.map(({ detail }) => detail))}::text[],
      ${textArray(rows.map(({ postingDate }) => postingDate))}::text[]
    ) as row (dseq, outcome, reason, detail, posting_date)`;
}

function insertChanges(done: Done): Write | null {
  const rows = changeRows(done);
  if (rows.length === 0) return null;
  return sql`
    insert into outcome_change (store, entry, outcome, by_entry)
    select ${done.stream.store}, entry, outcome, by_entry
    from unnest(
      ${textArray(rows.map(({ entry }) => entry))}::text[],
      ${textArray(rows.map(({ outcome }) => outcome))}::text[],
      ${textArray(rows.map(({ by }) => by))}::text[]
    ) as row (entry, outcome, by_entry)`;
}

function insertTaken({ stream, taken }: Done): Write | null {
  if (taken.length === 0) return null;
  return sql`
    insert into taken (store, subject, entry) select ${stream.store}, subject, entry
    from unnest(
      ${textArray(taken.map(({ subject }) => subject))}::text[], ${textArray(taken.map(({ entry }) => entry))}::text[]
    ) as row (subject, entry)`;
}

function insertUnmoved(done: Done): Write | null {
  const rows = unmovedRows(done);
  if (rows.length === 0) return null;
  return sql`
    insert into unmoved (store, sku, epoch, seq, dseq) select ${done.stream.store}, sku, epoch, seq, dseq
    from unnest(
      ${textArray(rows.map(({ sku }) => sku))}::text[],
      ${plainArray(rows.map(({ at }) => at.epoch))}::bigint[],
      ${plainArray(rows.map(({ at }) => at.seq))}::bigint[],
      ${plainArray(rows.map(({ dseq }) => dseq))}::bigint[]
    ) as row (sku, epoch, seq, dseq)`;
}
