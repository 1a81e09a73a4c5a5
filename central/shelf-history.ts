// The entries that concern one shelf, in their order: read again from their bytes, with what they posted.
import { sql } from 'kysely';
import type { BookEntry, ReadFact } from '../core/book.ts';
import { text } from '../core/hash.ts';
import { type At, compareAt, directiveName, factName } from '../core/order.ts';
import type { MoveReason, Place, Posting } from '../core/posting.ts';
import { sha256 } from '../protocol/sha256.ts';
import { readDirective } from './directive-log.ts';
import { readFact } from './fold.ts';
import { loadChanges } from './queries.ts';
import type { Db } from './schema.ts';
import type { KeptOutcome } from './told.ts';

/** `moves` are those of the shelf only; `kept` is what became of it since. */
export type ShelfEntry = { name: string; entry: BookEntry; kept: KeptOutcome; moves: Posting[] };

/** `dseq` is 0 for a fact; of a directive, epoch and seq are the entry that it stands behind. */
type Standing = { epoch: number; seq: number; dseq: number };
type Row = Standing & {
  fact: Buffer | null;
  directive: Buffer | null;
  released: Buffer | null;
  outcome: string;
  reason: string | null;
  detail: string | null;
};
type MoveRow = Standing & {
  line: number;
  from_place: string;
  to_place: string;
  quantity: number;
  why: string;
};

/** `search`: also entries that the ledger does not name for the shelf although their bytes do; reads all of the store. */
export type HistoryQuery = { store: string; sku: string; limit: number; search?: boolean | undefined };

/** The newest `limit` entries of the shelf, oldest first; and whether that is all of them. */
export async function readHistory(
  db: Db,
  { store, sku, limit, search = false }: HistoryQuery,
): Promise<{ entries: ShelfEntry[]; isWhole: boolean }> {
  const { rows } = await sql<Row>`
    with named as (
      select epoch, seq, dseq from posting where store = ${store} and sku = ${sku}
      union select epoch, seq, dseq from unmoved where store = ${store} and sku = ${sku}
      ${search ? searched(store, sku) : sql``}
      order by epoch desc, seq desc, dseq desc limit ${limit + 1}::integer)
    select n.epoch, n.seq, n.dseq, e.bytes as fact, d.bytes as directive, f.bytes as released,
      coalesce(e.outcome, o.outcome) as outcome, coalesce(e.reason, o.reason) as reason,
      coalesce(e.detail, o.detail) as detail
    from named n
    left join entry e on n.dseq = 0 and e.store = ${store} and e.epoch = n.epoch and e.seq = n.seq
    left join directive d on n.dseq > 0 and d.store = ${store} and d.dseq = n.dseq
    left join directive_outcome o on n.dseq > 0 and o.store = ${store} and o.dseq = n.dseq
    left join dead_letter l on n.dseq > 0 and l.store = ${store} and l.released_dseq = n.dseq
    left join entry f on f.store = ${store} and f.epoch = l.epoch and f.seq = l.seq
    order by n.epoch, n.seq, n.dseq`.execute(db);
  const shown = rows.slice(-limit);
  const moves = await readMoves(db, store, sku, shown[0]);
  const entries = shown.flatMap((row) => entryOf(store, row, moves.get(nameOf(row)) ?? []) ?? []);
  const changes = await loadChanges(
    db,
    store,
    entries.flatMap(({ name, entry }) => (entry.kind === 'directive' ? [name] : [])),
  );
  return {
    entries: entries.map((one) => ({ ...one, kept: changes.get(one.name) ?? one.kept })),
    isWhole: rows.length <= limit,
  };
}

function searched(store: string, sku: string) {
  const needle = Buffer.from(JSON.stringify(sku));
  return sql`
    union select epoch, seq, 0 from entry where store = ${store} and position(${needle}::bytea in bytes) > 0
    union select basis_epoch, basis_seq, dseq from directive
      where store = ${store} and position(${needle}::bytea in bytes) > 0`;
}

const nameOf = ({ epoch, seq, dseq }: Standing): string => (dseq > 0 ? directiveName(dseq) : factName({ epoch, seq }));

async function readMoves(
  db: Db,
  store: string,
  sku: string,
  first: Standing | undefined,
): Promise<Map<string, Posting[]>> {
  const moves = new Map<string, Posting[]>();
  if (first === undefined) return moves;
  const { rows } = await sql<MoveRow>`
    select epoch, seq, dseq, line, from_place, to_place, quantity, why from posting
    where store = ${store} and sku = ${sku}
      and (epoch, seq, dseq) >= (${first.epoch}::bigint, ${first.seq}::bigint, ${first.dseq}::bigint)
    order by id`.execute(db);
  for (const row of rows) {
    const { line, from_place: from, to_place: to, quantity, why } = row;
    const name = nameOf(row);
    const move = { line, sku, from: from as Place, to: to as Place, quantity, why: why as MoveReason };
    moves.set(name, [...(moves.get(name) ?? []), move]);
  }
  return moves;
}

const read = (store: string, bytes: Buffer | null): ReadFact | null =>
  bytes === null ? null : readFact(store, text(bytes), sha256);

function entryOf(store: string, row: Row, moves: Posting[]): ShelfEntry | null {
  const { epoch, seq, outcome, reason, detail } = row;
  const kept = { outcome, reason, detail };
  const name = nameOf(row);
  if (row.directive !== null) {
    const directive = readDirective(row.directive);
    return { name, entry: { kind: 'directive', directive, released: read(store, row.released) }, kept, moves };
  }
  if (row.fact === null) return null;
  return { name, entry: { kind: 'fact', at: { epoch, seq }, read: read(store, row.fact) }, kept, moves };
}

/** Where an entry stands, to be compared. */
export const standing = ({ entry }: Pick<ShelfEntry, 'entry'>): { at: At; dseq: number } =>
  entry.kind === 'fact' ? { at: entry.at, dseq: 0 } : { at: entry.directive.basis, dseq: entry.directive.dseq };

export function isBehind(one: { at: At; dseq: number }, other: { at: At; dseq: number }): boolean {
  const order = compareAt(one.at, other.at);
  return order > 0 || (order === 0 && one.dseq > other.dseq);
}
