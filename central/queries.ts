// What people ask the ledger: each answer ordered, paged and bounded.
import { sql } from 'kysely';
import { skusOfDecision } from '../core/decision.ts';
import { documentNumber, type Fact, readNaturalKey } from '../core/fact.ts';
import { text } from '../core/hash.ts';
import { PAGE_POSTINGS_MAX, PAGE_ROWS_MAX } from '../core/limits.ts';
import { directiveName, factName } from '../core/order.ts';
import { emptyShelf, onHand, type Shelf } from '../core/shelf.ts';
import type { DeadLetterRow, EntryRow, PostingRow, ReceiptRow, StockRow, StoreRow } from '../protocol/hq/contract.ts';
import type { DirectiveRow } from '../protocol/hq/ledger.ts';
import { readDirective } from './directive-log.ts';
import type { Db, PositionTable } from './schema.ts';
import { textArray } from './sql/arrays.ts';
import { shelfOf } from './sql/shelves.ts';
import { isAboutStock, type KeptOutcome, lineRows, outcomeOf, sentenceOf } from './told.ts';

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

/** What central posted, and what stores say they hold so far of goods that it never posted: nothing yet, uncounted. */
export async function listStock(db: Db, { store, sku, afterStore, afterSku, limit }: StockPage): Promise<StockRow[]> {
  const wanted = sql.join(
    [
      sql`true`,
      ...(store === undefined ? [] : [sql`store = ${store}`]),
      ...(sku === undefined ? [] : [sql`sku = ${sku}`]),
      ...(afterStore === undefined ? [] : [sql`(store, sku) > (${afterStore}, ${afterSku ?? ''})`]),
    ],
    sql` and `,
  );
  const page = sql`order by store, sku limit ${limit}::integer`;
  const { rows } = await sql<PositionTable | (Pick<PositionTable, 'store' | 'sku'> & { known: null })>`
    select * from (
      (select store, sku from position where ${wanted} ${page})
      union (select store, sku from provisional join stream using (store) where ${isUnposted} and ${wanted} ${page})
      ${page}
    ) as named left join position using (store, sku) order by store, sku`.execute(db);
  const provisional = await loadProvisional(db, rows);
  return rows.map((row) => {
    const shelf = row.known === null ? emptyShelf() : shelfOf(row);
    return {
      store: row.store,
      sku: row.sku,
      onHand: onHand(shelf.places),
      ...shelf.places,
      uncounted: !shelf.known,
      newest: shelf.newest?.key ?? null,
      couldBe: couldBe(shelf),
      provisional: provisional.get(`${row.store} ${row.sku}`) ?? null,
    };
  });
}

/** On-hand at least and at most, if what is unclear about the newest count were the other way round; null where nothing is. */
export function couldBe({ places, newest }: Shelf): StockRow['couldBe'] {
  if (newest === null || (newest.doubt.low === 0 && newest.doubt.high === 0)) return null;
  return { low: onHand(places) + newest.doubt.low, high: onHand(places) + newest.doubt.high };
}

/** What was said of entries that are posted by now is no news any more. */
const isUnposted = sql`(tip_epoch, tip_seq) > (coalesce(stream.epoch, 0), stream.seq)`;

async function loadProvisional(db: Db, rows: { store: string; sku: string }[]) {
  const said = await sql<{ store: string; sku: string } & NonNullable<StockRow['provisional']>>`
    select store, sku, on_hand as "onHand", provisional.reserved, at_ms as "atMs" from provisional join unnest(
      ${textArray(rows.map(({ store }) => store))}::text[], ${textArray(rows.map(({ sku }) => sku))}::text[]
    ) as wanted (store, sku) using (store, sku) join stream using (store)
    where ${isUnposted}`.execute(db);
  return new Map(said.rows.map(({ store, sku, ...figures }) => [`${store} ${sku}`, figures]));
}

export async function listPostings(
  db: Db,
  page: { store: string; sku: string; after: number; limit: number },
): Promise<{ rows: PostingRow[]; next: number | null }> {
  type Row = Omit<PostingRow, keyof ReturnType<typeof readNaturalKey>> & {
    id: number;
    key: string | null;
    decided: string | null;
  };
  const { rows } = await sql<Row>`
    select p.id, p.store, p.epoch, p.seq, p.dseq, p.line, p.sku, p.from_place as "from", p.to_place as "to", p.quantity,
           p.why, e.key, d.kind as decided, coalesce(e.posted_ms, d.decided_ms) as "postedMs"
    from posting p
    left join entry e on p.dseq = 0 and e.store = p.store and e.epoch = p.epoch and e.seq = p.seq
    left join directive d on p.dseq > 0 and d.store = p.store and d.dseq = p.dseq
    where p.store = ${page.store} and p.sku = ${page.sku} and p.id > ${page.after}::bigint
    order by p.id limit ${page.limit}`.execute(db);
  const next = rows.length < page.limit ? null : (rows.at(-1)?.id ?? null);
  return { rows: rows.map(({ id: _, key, decided, ...row }) => ({ ...row, ...documentOf(row, key, decided) })), next };
}

const documentOf = ({ dseq }: { dseq: number }, key: string | null, decided: string | null) =>
  decided === null
    ? readNaturalKey(key ?? '')
    : { workstation: '', businessDate: '', number: directiveName(dseq), kind: decided };

/** Only what could be read has a number. The same one may have been used on several days, at several tills, or by a sale and its void. */
export async function findReceipt(db: Db, store: string, number: string): Promise<ReceiptRow[]> {
  const { rows } = await sql<EntryColumns & { bytes: Buffer; posted_ms: number; posting_date: string | null }>`
    select ${entryColumns}, e.bytes, e.posted_ms, coalesce(o.posting_date, e.posting_date) as posting_date
    ${fromEntries} where e.store = ${store} and e.number = ${number}
    order by e.epoch, e.seq limit ${PAGE_ROWS_MAX}::integer`.execute(db);
  return rows.map((row) => {
    const fact = JSON.parse(text(row.bytes)) as Fact;
    const { content } = fact;
    return {
      store,
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
      outcome: outcomeOf(row).outcome,
      sentence: sentenceOf(row, isAboutStock(fact.key)),
      lines: lineRows(row),
      postingDate: row.posting_date,
      fact: { ...fact },
    };
  });
}

/** An entry with what became of it: of one that was put aside and let in again, what became of it then. */
type EntryColumns = KeptOutcome & {
  epoch: number;
  seq: number;
  chain: string;
  key: string | null;
  released: number | null;
};
const entryColumns = sql`e.epoch, e.seq, e.chain, e.key, l.released_dseq as released,
  coalesce(o.outcome, e.outcome) as outcome,
  case when o.dseq is null then e.reason else o.reason end as reason,
  case when o.dseq is null then e.detail else o.detail end as detail`;
const fromEntries = sql`
  from entry e
  left join dead_letter l on l.store = e.store and l.epoch = e.epoch and l.seq = e.seq and l.released_dseq is not null
  left join directive_outcome o on o.store = e.store and o.dseq = l.released_dseq`;

type Posting = EntryRow['postings'][number];

/** A page may be shorter than its limit where receipts are long; it is empty only at the end. */
export async function listEntries(
  db: Db,
  page: { store: string; epoch: number; after: number; limit: number },
): Promise<EntryRow[]> {
  const { rows: entries } = await sql<EntryColumns>`
    select ${entryColumns} ${fromEntries}
    where e.store = ${page.store} and e.epoch = ${page.epoch}::bigint and e.seq > ${page.after}::bigint
    order by e.seq limit ${page.limit}::integer`.execute(db);
  const last = entries.at(-1)?.seq;
  if (last === undefined) return [];
  const rows = await loadMoves(db, page, last);
  const whole = rows.length <= PAGE_POSTINGS_MAX ? last : (rows.at(-1)?.seq ?? last) - 1;
  const bySeq = new Map<number, Posting[]>();
  for (const { seq, ...posting } of rows) {
    const postings = bySeq.get(seq);
    if (postings === undefined) bySeq.set(seq, [posting]);
    else postings.push(posting);
  }
  return entries
    .filter(({ seq }) => seq <= whole)
    .map(({ detail, outcome, key, ...entry }) => {
      const kept = { detail, outcome, reason: entry.reason };
      return {
        ...entry,
        key: key ?? '',
        outcome: outcomeOf(kept).outcome,
        sentence: sentenceOf(kept, isAboutStock(key)),
        lines: lineRows(kept),
        postings: bySeq.get(entry.seq) ?? [],
      };
    });
}

type Moved = Posting & { seq: number };

/** What entries moved themselves, or the directives that let them in. */
async function loadMoves(
  db: Db,
  { store, epoch, after }: { store: string; epoch: number; after: number },
  last: number,
): Promise<Moved[]> {
  const columns = sql`p.move, p.line, p.sku, p.from_place as "from", p.to_place as "to", p.quantity, p.why`;
  const { rows } = await sql<Moved & { move: number }>`
    select p.seq, ${columns} from posting p
    where p.store = ${store} and p.epoch = ${epoch}::bigint and p.seq > ${after}::bigint and p.seq <= ${last}::bigint
      and p.dseq = 0
    union all
    select l.seq, ${columns} from dead_letter l
    join directive d on d.store = l.store and d.dseq = l.released_dseq
    join posting p on p.store = d.store and p.epoch = d.basis_epoch and p.seq = d.basis_seq and p.dseq = d.dseq
    where l.store = ${store} and l.epoch = ${epoch}::bigint and l.seq > ${after}::bigint and l.seq <= ${last}::bigint
    order by seq, move limit ${PAGE_POSTINGS_MAX + 1}`.execute(db);
  return rows.map(({ move: _, ...row }) => row);
}

export async function listDirectives(
  db: Db,
  page: { store: string; after: number; limit: number },
): Promise<DirectiveRow[]> {
  type Row = { dseq: number; bytes: Buffer; applied: boolean; outcome: string | null } & Omit<KeptOutcome, 'outcome'>;
  const { rows } = await sql<Row>`
    select d.dseq, d.bytes, d.dseq <= s.acked_dseq as applied, o.outcome, o.reason, o.detail
    from directive d join stream s using (store)
      left join directive_outcome o on o.store = d.store and o.dseq = d.dseq
    where d.store = ${page.store} and d.dseq > ${page.after}::bigint
    order by d.dseq limit ${page.limit}::integer`.execute(db);
  const changed = await loadChanges(
    db,
    page.store,
    rows.map(({ dseq }) => directiveName(dseq)),
  );
  return rows.map(({ dseq, bytes, applied, outcome, reason, detail }) => {
    const { by, at, basis, body } = readDirective(bytes);
    const told = { dseq, kind: body.kind, by, decidedMs: at, basis, body: { ...body }, applied };
    if (outcome === null) return { ...told, outcome, sentence: null, lines: [] };
    const kept = changed.get(directiveName(dseq)) ?? { outcome, reason, detail };
    const movesStock = skusOfDecision(body).length > 0;
    return { ...told, outcome: outcomeOf(kept).outcome, sentence: sentenceOf(kept, movesStock), lines: lineRows(kept) };
  });
}

/** Corrections that a count did not know, or that stand again because it was taken back (R20). */
export async function loadChanges(db: Db, store: string, entries: string[]): Promise<Map<string, KeptOutcome>> {
  const { rows } = await sql<{ entry: string; outcome: string }>`
    select distinct on (entry) entry, outcome from outcome_change
    where store = ${store} and entry = any(${textArray(entries)}::text[]) order by entry, id desc`.execute(db);
  return new Map(
    rows.map(({ entry, outcome }) => [
      entry,
      { outcome, reason: outcome === 'absorbed' ? 'not-known-to-count' : null, detail: null },
    ]),
  );
}

export type DeadLetterPage = {
  store?: string | undefined;
  afterStore?: string | undefined;
  afterEpoch?: number | undefined;
  afterSeq?: number | undefined;
  limit: number;
};

/** Facts that are put aside now. */
export async function listDeadLetters(db: Db, page: DeadLetterPage): Promise<DeadLetterRow[]> {
  const { store, afterStore = '', afterEpoch = 0, afterSeq = 0 } = page;
  type Row = Omit<DeadLetterRow, 'on' | 'sentence'> & { on_epoch: number | null; on_seq: number | null };
  const { rows } = await sql<Row>`
    select d.store, d.epoch, d.seq, e.key, d.kind, d.reason, d.owner, d.posted_ms as "postedMs", d.on_epoch, d.on_seq
    from dead_letter d join entry e using (store, epoch, seq)
    where d.released_dseq is null and (${store ?? null}::text is null or d.store = ${store ?? null})
      and (d.store, d.epoch, d.seq) > (${afterStore}, ${afterEpoch}::bigint, ${afterSeq}::bigint)
    order by d.store, d.epoch, d.seq limit ${page.limit}::integer`.execute(db);
  return rows.map(({ on_epoch, on_seq, ...row }) => ({
    ...row,
    on: on_epoch === null || on_seq === null ? null : factName({ epoch: on_epoch, seq: on_seq }),
    sentence: sentenceOf({ outcome: row.kind, reason: row.reason, detail: null }, true),
  }));
}
