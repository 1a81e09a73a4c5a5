// The ledger's SQL: what is known of some keys and SKUs, and all rows of a few batches in one statement.
import { type RawBuilder, sql } from 'kysely';
import type { Epoch } from '../core/chain.ts';
import { documentNumber } from '../core/fact.ts';
import { emptyPosition, type Position } from '../core/position.ts';
import { PLACES } from '../core/posting.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import { statementOf } from '../protocol/wire/signing.ts';
import { plainArray, textArray } from './arrays.ts';
import { type Arrived, type Before, keysOf, type Posted, skusOf } from './fold.ts';
import type { Db, PositionTable } from './schema.ts';

/** Whose rows are written, and when. */
export type Place = { store: string; epoch: Epoch; postedMs: number };

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

/**
 * Loads what the facts touch. The stream row must be locked: nobody else writes for this store then.
 * One look at the index for each key and SKU: the time must not grow with what the store has sold before.
 */
export async function loadBefore(db: Db, store: string, arrived: Arrived[]): Promise<Before> {
  const keys = await sql<{ key: string; content_hash: string }>`
    select known.* from unnest(${textArray(keysOf(arrived))}::text[]) as wanted (key) cross join lateral
      (select key, content_hash from fact_key where store = ${store} and key = wanted.key limit 1) as known`.execute(
    db,
  );
  const positions = await sql<PositionTable>`
    select known.* from unnest(${textArray(skusOf(arrived))}::text[]) as wanted (sku) cross join lateral
      (select * from position where store = ${store} and sku = wanted.sku limit 1) as known`.execute(db);
  return {
    keys: new Map(keys.rows.map((row) => [row.key, row.content_hash])),
    positions: new Map(positions.rows.map((row) => [row.sku, positionOf(row)])),
  };
}

/**
 * Writes everything that a few batches changed, in one statement: one round trip, and the database has all its work at
 * once. `posted` is not empty; `batches` are those it came in, signed.
 */
export async function writePosted(
  db: Db,
  place: Place,
  posted: Posted[],
  after: Before,
  batches: Batch[],
): Promise<void> {
  const writes = [
    insertEntries(place, posted),
    insertKeys(place, posted),
    insertPostings(place, posted),
    upsertPositions(place, posted, after.positions),
    insertDeadLetters(place, posted),
    insertEvidence(place, posted, batches),
  ].filter((write) => write !== null);
  const steps = writes.map((write, index) => sql`${sql.ref(`step${index}`)} as (${write})`);
  await sql`with ${sql.join(steps)} ${advanceStream(place, posted)}`.execute(db);
}

type Write = RawBuilder<unknown>;

function insertEntries({ store, epoch, postedMs }: Place, posted: Posted[]): Write {
  const arrived = posted.map((entry) => entry.arrived);
  const facts = arrived.map(({ read }) => read?.fact ?? null);
  let end = 1;
  const starts = arrived.map(({ bytes }) => {
    end += bytes.length;
    return end - bytes.length;
  });
  // All bytes travel as one binary parameter: an array of bytea would go as hexadecimal text.
  const bytes = Buffer.concat(arrived.map((entry) => entry.bytes));
  return sql`
    insert into entry (store, epoch, seq, bytes, chain, key, number, outcome, reason, posted_ms, batch_last)
    select ${store}, ${epoch.ordinal}::bigint, seq, substring(${bytes}::bytea from start for size), chain, key, number,
           outcome, reason, ${postedMs}::bigint, batch_last
    from unnest(
      ${plainArray(arrived.map(({ seq }) => seq))}::bigint[],
      ${plainArray(starts)}::integer[],
      ${plainArray(arrived.map((entry) => entry.bytes.length))}::integer[],
      ${textArray(arrived.map(({ chain }) => chain))}::text[],
      ${textArray(facts.map((fact) => fact?.key ?? null))}::text[],
      ${textArray(facts.map((fact) => (fact === null ? null : documentNumber(fact.content))))}::text[],
      ${textArray(posted.map(({ result }) => result.outcome))}::text[],
      ${textArray(posted.map(({ result }) => result.reason))}::text[],
      ${plainArray(arrived.map(({ batchLast }) => batchLast))}::bigint[]
    ) as arrived (seq, start, size, chain, key, number, outcome, reason, batch_last)`;
}

/** Only what was posted claims its key: a refused fact leaves it to the one that is right. */
function insertKeys({ store, epoch }: Place, posted: Posted[]): Write | null {
  const claims = posted.flatMap(({ arrived: { seq, read }, result }) =>
    read !== null && (result.outcome === 'posted' || result.outcome === 'flagged')
      ? [{ seq, key: read.fact.key, hash: read.hash }]
      : [],
  );
  if (claims.length === 0) return null;
  return sql`
    insert into fact_key (store, key, epoch, seq, content_hash)
    select ${store}, key, ${epoch.ordinal}::bigint, seq, hash
    from unnest(
      ${textArray(claims.map((claim) => claim.key))}::text[],
      ${plainArray(claims.map((claim) => claim.seq))}::bigint[],
      ${textArray(claims.map((claim) => claim.hash))}::text[]
    ) as claim (key, seq, hash)`;
}

function insertPostings({ store, epoch }: Place, posted: Posted[]): Write | null {
  const rows = posted.flatMap(({ postings }) => postings);
  if (rows.length === 0) return null;
  const seqs = posted.flatMap(({ arrived, postings }) => postings.map(() => arrived.seq));
  return sql`
    insert into posting (store, epoch, seq, line, sku, from_place, to_place, quantity)
    select ${store}, ${epoch.ordinal}::bigint, seq, line, sku, from_place, to_place, quantity
    from unnest(
      ${plainArray(seqs)}::bigint[],
      ${plainArray(rows.map((row) => row.line))}::integer[],
      ${textArray(rows.map((row) => row.sku))}::text[],
      ${textArray(rows.map((row) => row.from))}::text[],
      ${textArray(rows.map((row) => row.to))}::text[],
      ${plainArray(rows.map((row) => row.quantity))}::bigint[]
    ) as row (seq, line, sku, from_place, to_place, quantity)`;
}

function upsertPositions({ store }: Place, posted: Posted[], positions: Before['positions']): Write | null {
  const touched = new Set(posted.flatMap(({ postings }) => postings.map((posting) => posting.sku)));
  const rows = [...touched].flatMap((sku) => {
    const position = positions.get(sku);
    return position === undefined ? [] : [{ sku, position }];
  });
  if (rows.length === 0) return null;
  const places = PLACES.map((name) => sql`${plainArray(rows.map(({ position }) => position[name]))}::bigint[]`);
  const columns = sql.join(COLUMNS.map((column) => sql.ref(column)));
  const replace = sql.join(COLUMNS.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));
  return sql`
    insert into position (store, sku, known, ${columns})
    select ${store}, sku, known, ${columns}
    from unnest(
      ${textArray(rows.map(({ sku }) => sku))}::text[],
      ${plainArray(rows.map(({ position }) => position.known))}::boolean[],
      ${sql.join(places)}
    ) as row (sku, known, ${columns})
    on conflict (store, sku) do update set known = excluded.known, ${replace}`;
}

function insertDeadLetters({ store, epoch, postedMs }: Place, posted: Posted[]): Write | null {
  const letters = posted.flatMap(({ arrived: { seq }, owner, result }) =>
    owner === null ? [] : [{ seq, owner, reason: result.reason }],
  );
  if (letters.length === 0) return null;
  return sql`
    insert into dead_letter (store, epoch, seq, reason, owner, posted_ms)
    select ${store}, ${epoch.ordinal}::bigint, seq, reason, owner, ${postedMs}::bigint
    from unnest(
      ${plainArray(letters.map((letter) => letter.seq))}::bigint[],
      ${textArray(letters.map((letter) => letter.reason))}::text[],
      ${textArray(letters.map((letter) => letter.owner))}::text[]
    ) as letter (seq, reason, owner)`;
}

/** Keeps what the device signed: with the entries' bytes anyone can check it again (D5). */
function insertEvidence({ store, epoch, postedMs }: Place, posted: Posted[], batches: Batch[]): Write {
  const lasts = new Set(posted.map(({ arrived }) => arrived.batchLast));
  const signed = batches.filter(({ last }) => lasts.has(last));
  return sql`
    insert into batch_evidence (store, epoch, first, last, statement, key_id, signature, posted_ms)
    select ${store}, ${epoch.ordinal}::bigint, first, last, statement, key_id, signature, ${postedMs}::bigint
    from unnest(
      ${plainArray(signed.map(({ first }) => first))}::bigint[],
      ${plainArray(signed.map(({ last }) => last))}::bigint[],
      ${textArray(signed.map(statementOf))}::text[],
      ${textArray(signed.map(({ keyId }) => keyId))}::text[],
      ${textArray(signed.map(({ signature }) => signature))}::text[]
    ) as signed (first, last, statement, key_id, signature)
    on conflict do nothing`;
}

function advanceStream({ store, epoch, postedMs }: Place, posted: Posted[]): Write {
  const last = posted[posted.length - 1]?.arrived;
  const deadLetters = posted.filter(({ owner }) => owner !== null).length;
  return sql`
    update stream set epoch = ${epoch.ordinal}::bigint, life = ${epoch.life}, seq = ${last?.seq}::bigint,
      chain = ${last?.chain}, entries = entries + ${posted.length}::bigint,
      dead_letters = dead_letters + ${deadLetters}::bigint, posted_ms = ${postedMs}::bigint
    where store = ${store}`;
}
