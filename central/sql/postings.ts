// The SQL of posting: what is known before, and all rows of a few batches in one statement.
import { type RawBuilder, sql } from 'kysely';
import { keysOf, type Posted, skusOf } from '../fold.ts';
import type { PostingContext, Postings } from '../ports.ts';
import { postingRows } from '../rows.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';
import { insertDeadLetters, insertEntries, insertEvidence, insertKeys, loadKeys } from './entries.ts';
import { loadPositions, upsertPositions } from './positions.ts';
import { advanceStream } from './streams.ts';

export const sqlPostings = (db: Db): Postings => ({
  async loadBefore(store, arrived) {
    return {
      keys: await loadKeys(db, store, keysOf(arrived)),
      positions: await loadPositions(db, store, skusOf(arrived)),
    };
  },
  /** One round trip, and the database has all its work at once. */
  async writePosted(context, posted, after, batches) {
    const writes = [
      insertEntries(context, posted),
      insertKeys(context, posted),
      insertPostings(context, posted),
      upsertPositions(context, posted, after),
      insertDeadLetters(context, posted),
      insertEvidence(context, posted, batches),
    ].filter((write) => write !== null);
    const steps = writes.map((write, index) => sql`${sql.ref(`step${index}`)} as (${write})`);
    await sql`with ${sql.join(steps)} ${advanceStream(context, posted)}`.execute(db);
  },
});

function insertPostings({ store, epoch }: PostingContext, posted: Posted[]): RawBuilder<unknown> | null {
  const rows = postingRows(posted);
  if (rows.length === 0) return null;
  return sql`
    insert into posting (store, epoch, seq, line, sku, from_place, to_place, quantity)
    select ${store}, ${epoch.ordinal}::bigint, seq, line, sku, from_place, to_place, quantity
    from unnest(
      ${plainArray(rows.map((row) => row.seq))}::bigint[],
      ${plainArray(rows.map((row) => row.line))}::integer[],
      ${textArray(rows.map((row) => row.sku))}::text[],
      ${textArray(rows.map((row) => row.from))}::text[],
      ${textArray(rows.map((row) => row.to))}::text[],
      ${plainArray(rows.map((row) => row.quantity))}::bigint[]
    ) as row (seq, line, sku, from_place, to_place, quantity)`;
}
