// The SQL of entries: the bytes as received, their keys, the signatures over them, and what a person must look at.
import { type RawBuilder, sql } from 'kysely';
import { documentNumber } from '../../core/fact.ts';
import type { Batch } from '../../protocol/wire/frames.ts';
import { statementOf } from '../../protocol/wire/signing.ts';
import type { Posted } from '../fold.ts';
import type { Entries, PostingContext } from '../ports.ts';
import { deadLetters, keyClaims, signedBatches } from '../rows.ts';
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
});

/** Content hashes of the keys that are known. One look at the index for each: the time must not grow with the store. */
export async function loadKeys(db: Db, store: string, keys: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ key: string; content_hash: string }>`
    select known.* from unnest(${textArray(keys)}::text[]) as wanted (key) cross join lateral
      (select key, content_hash from fact_key where store = ${store} and key = wanted.key limit 1) as known`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.key, row.content_hash]));
}

export function insertEntries({ store, epoch, postedMs }: PostingContext, posted: Posted[]): Write {
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

export function insertKeys({ store, epoch }: PostingContext, posted: Posted[]): Write | null {
  const claims = keyClaims(posted);
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

export function insertDeadLetters({ store, epoch, postedMs }: PostingContext, posted: Posted[]): Write | null {
  const letters = deadLetters(posted);
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
export function insertEvidence({ store, epoch, postedMs }: PostingContext, posted: Posted[], batches: Batch[]): Write {
  const signed = signedBatches(posted, batches);
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
