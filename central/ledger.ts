// The ledger's SQL: what is known of some keys and SKUs, and all rows of a batch in one statement per table.
import { sql } from 'kysely';
import { emptyPosition, type Position } from '../core/position.ts';
import { PLACES } from '../core/posting.ts';
import { plainArray, textArray } from './arrays.ts';
import { type Arrived, type Before, columnsOf, keysOf, type Posted, skusOf } from './fold.ts';
import type { Db, PositionTable } from './schema.ts';

/** Which rows are written, and the signed batch they came in. */
export type Place = { store: string; epoch: number; batchLast: number; postedMs: number };

/** The columns of position, in the order of PLACES. */
const COLUMNS = [
  'shelf',
  'reserved',
  'in_transit',
  'damaged',
  'customer',
  'supplier',
  'shrink',
  'adjustment',
] as const satisfies (keyof PositionTable)[];

export function positionOf(row: PositionTable): Position {
  const position = emptyPosition();
  for (const [index, place] of PLACES.entries()) position[place] = row[COLUMNS[index] ?? 'shelf'];
  position.known = row.known;
  return position;
}

/** Loads what the facts touch. The stream row must be locked: nobody else writes for this store then. */
export async function loadBefore(db: Db, store: string, arrived: Arrived[]): Promise<Before> {
  const keys = await sql<{ key: string; content_hash: string }>`
    select key, content_hash from fact_key
    where store = ${store} and key = any(${textArray(keysOf(arrived))}::text[])`.execute(db);
  const positions = await sql<PositionTable>`
    select * from position
    where store = ${store} and sku = any(${textArray(skusOf(arrived))}::text[])`.execute(db);
  return {
    keys: new Map(keys.rows.map((row) => [row.key, row.content_hash])),
    positions: new Map(positions.rows.map((row) => [row.sku, positionOf(row)])),
  };
}

export async function writePosted(db: Db, place: Place, posted: Posted[], after: Before): Promise<void> {
  await writeEntries(db, place, posted);
  await writeKeys(db, place, posted);
  await writePostings(db, place, posted);
  await writePositions(db, place.store, posted, after.positions);
  await writeDeadLetters(db, place, posted);
}

async function writeEntries(db: Db, place: Place, posted: Posted[]): Promise<void> {
  const columns = posted.map(({ arrived }) => columnsOf(arrived));
  const text = (pick: (column: NonNullable<(typeof columns)[number]>) => string): string =>
    textArray(columns.map((column) => (column === null ? null : pick(column))));
  const sizes = posted.map(({ arrived }) => arrived.bytes.length);
  let end = 1;
  const starts = sizes.map((size) => {
    end += size;
    return end - size;
  });
  // All bytes travel as one binary parameter: an array of bytea would go as hexadecimal text.
  const bytes = Buffer.concat(posted.map(({ arrived }) => arrived.bytes));
  await sql`
    insert into entry (store, epoch, seq, bytes, chain, key, kind, workstation, number, business_date, occurred,
                       recorded_ms, outcome, reason, posted_ms, batch_last)
    select ${place.store}, ${place.epoch}::bigint, seq, substring(${bytes}::bytea from start for size), chain, key,
           kind, workstation, number, business_date, occurred, recorded_ms, outcome, reason,
           ${place.postedMs}::bigint, ${place.batchLast}::bigint
    from unnest(
      ${plainArray(posted.map(({ arrived }) => arrived.seq))}::bigint[],
      ${plainArray(starts)}::integer[],
      ${plainArray(sizes)}::integer[],
      ${textArray(posted.map(({ arrived }) => arrived.chain))}::text[],
      ${text((column) => column.key)}::text[],
      ${text((column) => column.kind)}::text[],
      ${text((column) => column.workstation)}::text[],
      ${text((column) => column.number)}::text[],
      ${text((column) => column.businessDate)}::text[],
      ${text((column) => column.occurred)}::text[],
      ${plainArray(columns.map((column) => column?.recordedMs ?? null))}::bigint[],
      ${textArray(posted.map(({ result }) => result.outcome))}::text[],
      ${textArray(posted.map(({ result }) => result.reason))}::text[]
    ) as arrived (seq, start, size, chain, key, kind, workstation, number, business_date, occurred, recorded_ms,
                  outcome, reason)`.execute(db);
}

/** Only what was posted claims its key: a refused fact leaves it to the one that is right. */
async function writeKeys(db: Db, place: Place, posted: Posted[]): Promise<void> {
  const claims = posted.flatMap(({ arrived: { seq, read }, result }) =>
    read !== null && (result.outcome === 'posted' || result.outcome === 'flagged')
      ? [{ seq, key: read.fact.key, hash: read.hash }]
      : [],
  );
  if (claims.length === 0) return;
  await sql`
    insert into fact_key (store, key, epoch, seq, content_hash)
    select ${place.store}, key, ${place.epoch}::bigint, seq, hash
    from unnest(
      ${textArray(claims.map((claim) => claim.key))}::text[],
      ${plainArray(claims.map((claim) => claim.seq))}::bigint[],
      ${textArray(claims.map((claim) => claim.hash))}::text[]
    ) as claim (key, seq, hash)`.execute(db);
}

async function writePostings(db: Db, place: Place, posted: Posted[]): Promise<void> {
  const rows = posted.flatMap(({ arrived: { seq }, postings }) => postings.map((posting) => ({ seq, ...posting })));
  if (rows.length === 0) return;
  await sql`
    insert into posting (store, epoch, seq, line, sku, from_place, to_place, quantity)
    select ${place.store}, ${place.epoch}::bigint, seq, line, sku, from_place, to_place, quantity
    from unnest(
      ${plainArray(rows.map((row) => row.seq))}::bigint[],
      ${plainArray(rows.map((row) => row.line))}::integer[],
      ${textArray(rows.map((row) => row.sku))}::text[],
      ${textArray(rows.map((row) => row.from))}::text[],
      ${textArray(rows.map((row) => row.to))}::text[],
      ${plainArray(rows.map((row) => row.quantity))}::bigint[]
    ) as row (seq, line, sku, from_place, to_place, quantity)`.execute(db);
}

async function writePositions(
  db: Db,
  store: string,
  posted: Posted[],
  positions: ReadonlyMap<string, Position>,
): Promise<void> {
  const touched = new Set(posted.flatMap(({ postings }) => postings.map((posting) => posting.sku)));
  const rows = [...touched].flatMap((sku) => {
    const position = positions.get(sku);
    return position === undefined ? [] : [{ sku, position }];
  });
  if (rows.length === 0) return;
  const places = PLACES.map((name) => sql`${plainArray(rows.map(({ position }) => position[name]))}::bigint[]`);
  const columns = sql.join(COLUMNS.map((column) => sql.ref(column)));
  const replace = sql.join(COLUMNS.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
  await sql`
    insert into position (store, sku, known, ${columns})
    select ${store}, sku, known, ${columns}
    from unnest(
      ${textArray(rows.map(({ sku }) => sku))}::text[],
      ${plainArray(rows.map(({ position }) => position.known))}::boolean[],
      ${sql.join(places)}
    ) as row (sku, known, ${columns})
    on conflict (store, sku) do update set known = excluded.known, ${replace}`.execute(db);
}

async function writeDeadLetters(db: Db, place: Place, posted: Posted[]): Promise<void> {
  const letters = posted.flatMap(({ arrived: { seq }, owner, result }) =>
    owner === null ? [] : [{ seq, owner, reason: result.reason }],
  );
  if (letters.length === 0) return;
  await sql`
    insert into dead_letter (store, epoch, seq, reason, owner, posted_ms)
    select ${place.store}, ${place.epoch}::bigint, seq, reason, owner, ${place.postedMs}::bigint
    from unnest(
      ${plainArray(letters.map((letter) => letter.seq))}::bigint[],
      ${textArray(letters.map((letter) => letter.reason))}::text[],
      ${textArray(letters.map((letter) => letter.owner))}::text[]
    ) as letter (seq, reason, owner)`.execute(db);
}
