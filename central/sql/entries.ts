// The SQL of entries: the bytes as received, their keys, the signatures over them, and what a person must look at.
import { type RawBuilder, sql } from 'kysely';
import type { Book } from '../../core/book.ts';
import { documentNumber } from '../../core/fact.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '../../core/limits.ts';
import { factName } from '../../core/order.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { statementOf } from '../../protocol/wire/signing.ts';
import type { Done } from '../fold.ts';
import type { Entries, EntryBytes } from '../ports.ts';
import { factSteps, outcomeRow, signedBatches } from '../rows.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

type Write = RawBuilder<unknown>;

export const sqlEntries = (db: Db): Entries => ({
  async chainAt(store, epoch, seq) {
    const row = await db
      .selectFrom('entry')
      .select('chain')
      .where('store', '=', store)
      .where('epoch', '=', epoch)
      .where('seq', '=', seq)
      .executeTakeFirst();
    return row?.chain ?? null;
  },
  async page(store, epoch, after) {
    const { rows } = await sql<EntryBytes>`
      select seq, bytes, chain from (
        select seq, bytes, chain, sum(octet_length(bytes)) over (order by seq) as total from entry
        where store = ${store} and epoch = ${epoch}::bigint and seq > ${after}::bigint
        order by seq limit ${BATCH_ENTRIES_MAX}::integer) as page
      where total <= ${BATCH_BYTES_MAX}::integer or seq = ${after + 1}::bigint order by seq`.execute(db);
    return rows;
  },
  async read(store, places) {
    if (places.length === 0) return new Map();
    const { rows } = await sql<{ epoch: number; seq: number; bytes: Buffer }>`
      select epoch, seq, bytes from entry join unnest(
        ${plainArray(places.map(({ epoch }) => epoch))}::bigint[], ${plainArray(places.map(({ seq }) => seq))}::bigint[]
      ) as wanted (epoch, seq) using (epoch, seq) where store = ${store}`.execute(db);
    return new Map(rows.map(({ bytes, ...at }) => [factName(at), bytes]));
  },
});

/** What is known of the keys. One look at the index for each: the time must not grow with the store. */
export async function loadKeys(db: Db, store: string, keys: string[]): Promise<Book['keys']> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ key: string; epoch: number; seq: number; content_hash: string }>`
    select known.* from unnest(${textArray(keys)}::text[]) as wanted (key) cross join lateral
      (select key, epoch, seq, content_hash from fact_key where store = ${store} and key = wanted.key limit 1) as known
    `.execute(db);
  return new Map(rows.map(({ key, epoch, seq, content_hash }) => [key, { at: { epoch, seq }, hash: content_hash }]));
}

export function insertEntries(done: Done): Write | null {
  const steps = factSteps(done);
  if (steps.length === 0) return null;
  const arrived = steps.map((one) => one.arrived);
  const facts = arrived.map(({ read }) => read?.fact ?? null);
  const outcomes = steps.map(outcomeRow);
  let end = 1;
  const starts = arrived.map(({ bytes }) => {
    end += bytes.length;
    return end - bytes.length;
  });
  // All bytes travel as one binary parameter: an array of bytea would go as hexadecimal text.
  const bytes = Buffer.concat(arrived.map((entry) => entry.bytes));
  return sql`
    insert into entry (store, epoch, seq, bytes, chain, key, number, outcome, reason, detail, posting_date, posted_ms,
      batch_last)
    select ${done.stream.store}, epoch, seq, substring(${bytes}::bytea from start for size), chain, key, number, outcome,
      reason, detail, posting_date, ${done.postedMs}::bigint, batch_last
    from unnest(
      ${plainArray(steps.map(({ epoch }) => epoch.ordinal))}::bigint[],
      ${plainArray(arrived.map(({ seq }) => seq))}::bigint[],
      ${plainArray(starts)}::integer[],
      ${plainArray(arrived.map((entry) => entry.bytes.length))}::integer[],
      ${textArray(arrived.map(({ chain }) => chain))}::text[],
      ${textArray(facts.map((fact) => fact?.key ?? null))}::text[],
      ${textArray(facts.map((fact) => (fact === null ? null : documentNumber(fact.content))))}::text[],
      ${textArray(outcomes.map(({ outcome }) => outcome))}::text[],
      ${textArray(outcomes.map(({ reason }) => reason))}::text[],
      ${textArray(outcomes.map(({ detail }) => detail))}::text[],
      ${textArray(outcomes.map(({ postingDate }) => postingDate))}::text[],
      ${plainArray(arrived.map(({ batchLast }) => batchLast))}::bigint[]
    ) as arrived (epoch, seq, start, size, chain, key, number, outcome, reason, detail, posting_date, batch_last)`;
}

export function insertKeys({ stream, keys }: Done): Write | null {
  if (keys.length === 0) return null;
  return sql`
    insert into fact_key (store, key, epoch, seq, content_hash)
    select ${stream.store}, key, epoch, seq, hash
    from unnest(
      ${textArray(keys.map(({ key }) => key))}::text[],
      ${plainArray(keys.map(({ at }) => at.epoch))}::bigint[],
      ${plainArray(keys.map(({ at }) => at.seq))}::bigint[],
      ${textArray(keys.map(({ hash }) => hash))}::text[]
    ) as claim (key, epoch, seq, hash)`;
}

/** Keeps what the device signed: with the entries' bytes anyone can check it again (D5). */
export function insertEvidence(done: Done, batches: Batch[]): Write | null {
  const signed = signedBatches(done, batches);
  if (signed.length === 0) return null;
  return sql`
    insert into batch_evidence (store, epoch, first, last, statement, key_id, signature, posted_ms)
    select ${done.stream.store}, epoch, first, last, statement, key_id, signature, ${done.postedMs}::bigint
    from unnest(
      ${plainArray(signed.map(({ epoch }) => epoch.ordinal))}::bigint[],
      ${plainArray(signed.map(({ first }) => first))}::bigint[],
      ${plainArray(signed.map(({ last }) => last))}::bigint[],
      ${textArray(signed.map(statementOf))}::text[],
      ${textArray(signed.map(({ keyId }) => keyId))}::text[],
      ${textArray(signed.map(({ signature }) => signature))}::text[]
    ) as signed (epoch, first, last, statement, key_id, signature)
    on conflict do nothing`;
}
