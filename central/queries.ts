// What people ask the ledger: each answer ordered, paged and bounded.
import { sql } from 'kysely';
import { documentNumber, type Fact, readNaturalKey } from '../core/fact.ts';
import { text } from '../core/hash.ts';
import { PAGE_POSTINGS_MAX, PAGE_ROWS_MAX } from '../core/limits.ts';
import { type Outcome, type Reason, sentence } from '../core/outcome.ts';
import { onHand } from '../core/shelf.ts';
import type { DeadLetterRow, EntryRow, PostingRow, ReceiptRow, StockRow, StoreRow } from '../protocol/hq/contract.ts';
import type { Db } from './schema.ts';
import { shelfOf } from './sql/shelves.ts';

export async function listStores(
  db: Db,
  page: { after?: string | undefined; limit: number },
  nowMs: number,
  isOnline: (store: string) => boolean,
): Promise<StoreRow[]> {
  const rows = await db
    .selectFrom('stream')
    .select(['store', 'epoch', 'life', 'seq', 'chain', 'entries', 'aside', 'posted_ms'])
    .where('store', '>', page.after ?? '')
    .orderBy('store')
    .limit(page.limit)
    .execute();
  return rows.map(({ aside, posted_ms, ...row }) => ({
    ...row,
    deadLetters: aside,
    online: isOnline(row.store),
    lastPostedMs: posted_ms,
    ageMs: posted_ms === null ? null : Math.max(0, nowMs - posted_ms),
  }));
}

export type StockPage = {
  store?: string | undefined;
  sku?: string | undefined;
  afterStore?: string | undefined;
  afterSku?: string | undefined;
  limit: number;
};

export async function listStock(db: Db, page: StockPage): Promise<StockRow[]> {
  let query = db.selectFrom('position').selectAll();
  if (page.store !== undefined) query = query.where('store', '=', page.store);
  if (page.sku !== undefined) query = query.where('sku', '=', page.sku);
  if (page.afterStore !== undefined) {
    query = query.where(sql<boolean>`(store, sku) > (${page.afterStore}, ${page.afterSku ?? ''})`);
  }
  const rows = await query.orderBy('store').orderBy('sku').limit(page.limit).execute();
  return rows.map((row) => {
    const { known, places, newest } = shelfOf(row);
    const counted = { newest: newest?.key ?? null, uncounted: !known };
    return { store: row.store, sku: row.sku, onHand: onHand(places), ...places, ...counted };
  });
}

export async function listPostings(
  db: Db,
  page: { store: string; sku: string; after: number; limit: number },
): Promise<{ rows: PostingRow[]; next: number | null }> {
  type Row = Omit<PostingRow, keyof ReturnType<typeof readNaturalKey>> & { id: number; key: string };
  const { rows } = await sql<Row>`
    select p.id, p.store, p.epoch, p.seq, p.line, p.sku, p.from_place as "from", p.to_place as "to", p.quantity,
           e.key, e.posted_ms as "postedMs"
    from posting p join entry e using (store, epoch, seq)
    where p.store = ${page.store} and p.sku = ${page.sku} and p.id > ${page.after}::bigint
    order by p.id limit ${page.limit}`.execute(db);
  const next = rows.length < page.limit ? null : (rows.at(-1)?.id ?? null);
  return { rows: rows.map(({ id: _, key, ...row }) => ({ ...row, ...readNaturalKey(key) })), next };
}

/** Only what could be read has a number. The same one may have been used on several days, at several tills, or by a sale and its void. */
export async function findReceipt(db: Db, store: string, number: string): Promise<ReceiptRow[]> {
  const rows = await db
    .selectFrom('entry')
    .selectAll()
    .where('store', '=', store)
    .where('number', '=', number)
    .orderBy('epoch')
    .orderBy('seq')
    .limit(PAGE_ROWS_MAX)
    .execute();
  return rows.map((row) => {
    const fact = JSON.parse(text(row.bytes)) as Fact;
    const { content } = fact;
    return {
      store: row.store,
      epoch: row.epoch,
      seq: row.seq,
      key: fact.key,
      kind: content.kind,
      workstation: content.workstation,
      number: documentNumber(content),
      businessDate: content.businessDate,
      occurred: content.occurred,
      recordedMs: fact.recorded.ms,
      postedMs: row.posted_ms,
      chain: row.chain,
      outcome: row.outcome,
      sentence: sentence({ outcome: row.outcome as Outcome, reason: row.reason as Reason | null, sku: '' }),
      fact: { ...fact },
    };
  });
}

type Posting = EntryRow['postings'][number];

/** A page may be shorter than its limit where receipts are long; it is empty only at the end. */
export async function listEntries(
  db: Db,
  page: { store: string; epoch: number; after: number; limit: number },
): Promise<EntryRow[]> {
  const entries = await db
    .selectFrom('entry')
    .select(['epoch', 'seq', 'chain', 'key', 'outcome', 'reason'])
    .where('store', '=', page.store)
    .where('epoch', '=', page.epoch)
    .where('seq', '>', page.after)
    .orderBy('seq')
    .limit(page.limit)
    .execute();
  const last = entries.at(-1)?.seq;
  if (last === undefined) return [];
  const { rows } = await sql<Posting & { seq: number }>`
    select seq, line, sku, from_place as "from", to_place as "to", quantity from posting
    where store = ${page.store} and epoch = ${page.epoch}::bigint and seq > ${page.after}::bigint and seq <= ${last}::bigint
    order by seq, line limit ${PAGE_POSTINGS_MAX + 1}`.execute(db);
  const whole = rows.length <= PAGE_POSTINGS_MAX ? last : (rows.at(-1)?.seq ?? last) - 1;
  const bySeq = new Map<number, Posting[]>();
  for (const { seq, ...posting } of rows) {
    const postings = bySeq.get(seq);
    if (postings === undefined) bySeq.set(seq, [posting]);
    else postings.push(posting);
  }
  return entries
    .filter(({ seq }) => seq <= whole)
    .map(({ key, ...entry }) => ({ ...entry, key: key ?? '', postings: bySeq.get(entry.seq) ?? [] }));
}

export type DeadLetterPage = {
  store?: string | undefined;
  afterStore?: string | undefined;
  afterEpoch?: number | undefined;
  afterSeq?: number | undefined;
  limit: number;
};

export async function listDeadLetters(db: Db, page: DeadLetterPage): Promise<DeadLetterRow[]> {
  let query = db
    .selectFrom('dead_letter as d')
    .innerJoin('entry as e', (join) =>
      join.onRef('e.store', '=', 'd.store').onRef('e.epoch', '=', 'd.epoch').onRef('e.seq', '=', 'd.seq'),
    )
    .select(['d.store', 'd.epoch', 'd.seq', 'e.key', 'd.reason', 'd.owner', 'd.posted_ms as postedMs']);
  if (page.store !== undefined) query = query.where('d.store', '=', page.store);
  if (page.afterStore !== undefined) {
    query = query.where(
      sql<boolean>`(d.store, d.epoch, d.seq) > (${page.afterStore}, ${page.afterEpoch ?? 0}::bigint, ${page.afterSeq ?? 0}::bigint)`,
    );
  }
  return query.orderBy('d.store').orderBy('d.epoch').orderBy('d.seq').limit(page.limit).execute();
}
