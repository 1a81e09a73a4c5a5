// The SQL of claims: what is claimed, the account of the verdicts, and what stores were told.
import { sql } from 'kysely';
import { type ClaimNotice, claimId } from '../../core/claim-order.ts';
import type { ClaimVerdict } from '../../core/claims.ts';
import type { Fact, TransactionContent } from '../../core/fact.ts';
import { type NotedClaim, type ReceiptName, type SoldReceipt, saleKey, storeOfReceipt } from '../claims.ts';
import type { ClaimNews, Claims } from '../desk-ports.ts';
import type { ClaimTable } from '../desk-schema.ts';
import type { Db } from '../schema.ts';
import { plainArray, textArray } from './arrays.ts';

export const sqlClaims = (db: Db): Claims => ({
  async note(news) {
    await insertClaims(db, news.claims);
    if (news.voided.length > 0) {
      await sql`insert into receipt_void (receipt) select unnest(${textArray(news.voided)}::text[])
        on conflict do nothing`.execute(db);
    }
    return touched(db, news);
  },
  async noteTold(store, { notices, verdicts }) {
    for (const { claim, sale, dseq } of notices) {
      await sql`insert into claim_notice (claim, store, sale, dseq) values (${claim}, ${store}, ${sale}, ${dseq}::bigint)
        on conflict do nothing`.execute(db);
    }
    for (const { claim, kept, disputed, unclear, sentence, dseq } of verdicts) {
      await sql`insert into claim_told (claim, store, dseq, kept, disputed, unclear, sentence)
        values (${claim}, ${store}, ${dseq}::bigint, ${kept}::bigint, ${disputed}::bigint, ${unclear}, ${sentence})
        on conflict (claim) do update set dseq = excluded.dseq, kept = excluded.kept, disputed = excluded.disputed,
          unclear = excluded.unclear, sentence = excluded.sentence`.execute(db);
    }
  },
  async read(sale, lock) {
    const query = db.selectFrom('claim').selectAll().where('sale', '=', sale).orderBy('name');
    const rows = await (lock === undefined ? query : query.forUpdate()).execute();
    const claims = rows.map(claimOf);
    return {
      sale,
      claims,
      sold: await readSold(db, sale),
      notices: await readNotices(db, sale),
      voided: await readVoided(db, [sale, ...claims.map(({ receipt }) => receipt)]),
      closed: await readClosed(db, sale),
      verdicts: new Map(rows.flatMap((row) => verdictOf(row) ?? []).map((verdict) => [verdict.claim, verdict])),
      told: await readTold(db, claims.map(claimId)),
    };
  },
  async post(sale, line, corrections, atMs) {
    for (const { claim, kept, disputed, verdict } of corrections) {
      await sql`insert into claim_posting
          (claim, sale, line, kept, disputed, verdict, unclear, beaten_by, sentence, posted_ms)
        values (${claim}, ${sale}, ${line}::integer, ${kept}::bigint, ${disputed}::bigint, ${verdict.verdict},
          ${verdict.unclear}, ${verdict.beatenBy}, ${verdict.sentence}, ${atMs}::bigint)`.execute(db);
      await sql`update claim set judged_line = ${line}::integer, verdict = ${verdict.verdict},
          kept = kept + ${kept}::bigint, disputed = disputed + ${disputed}::bigint, unclear = ${verdict.unclear},
          beaten_by = ${verdict.beatenBy}, sentence = ${verdict.sentence} where name = ${claim}`.execute(db);
    }
  },
  async close(sale, { line, by, atMs, verdicts }) {
    await sql`insert into claim_close (sale, line, decided_by, closed_ms, verdicts)
      values (${sale}, ${line}::integer, ${by}, ${atMs}::bigint, ${JSON.stringify(verdicts)})
      on conflict do nothing`.execute(db);
  },
});

/** A claim that was put aside and let in again within one group is in. */
async function insertClaims(db: Db, noted: NotedClaim[]): Promise<void> {
  const present = new Set(noted.filter(({ absent }) => !absent).map(claimId));
  const claims = [...new Map(noted.map((claim) => [claimId(claim), claim])).values()];
  if (claims.length === 0) return;
  const texts = (of: (claim: NotedClaim) => string): string => textArray(claims.map(of));
  const numbers = (of: (claim: NotedClaim) => number | null): string => plainArray(claims.map(of));
  await sql`
    insert into claim (store, epoch, seq, line, name, sale, sale_store, sale_line, receipt, sku, quantity,
      recorded_ms, recorded_n, bound_ms, seen, absent)
    select * from unnest(
      ${texts(({ store }) => store)}::text[],
      ${numbers(({ epoch }) => epoch)}::bigint[],
      ${numbers(({ seq }) => seq)}::bigint[],
      ${numbers(({ line }) => line)}::integer[],
      ${texts(claimId)}::text[],
      ${texts(({ sale }) => sale)}::text[],
      ${texts(({ saleStore }) => saleStore)}::text[],
      ${numbers(({ saleLine }) => saleLine)}::integer[],
      ${texts(({ receipt }) => receipt)}::text[],
      ${texts(({ sku }) => sku)}::text[],
      ${numbers(({ quantity }) => quantity)}::bigint[],
      ${numbers(({ hlc }) => hlc.ms)}::bigint[],
      ${numbers(({ hlc }) => hlc.n)}::bigint[],
      ${numbers(({ boundMs }) => boundMs)}::bigint[],
      ${numbers(({ seen }) => seen)}::bigint[],
      ${plainArray(claims.map((claim) => !present.has(claimId(claim))))}::boolean[])
    on conflict (store, epoch, seq, line) do update set absent = claim.absent and excluded.absent`.execute(db);
}

/** One look at an index for each receipt: most sales are never claimed anything of. */
async function touched(db: Db, { claims, voided, sold }: ClaimNews): Promise<ReceiptName[]> {
  const named = [...sold, ...voided];
  if (named.length === 0) return [...new Set(claims.map(({ sale }) => sale))];
  const { rows } = await sql<{ sale: string }>`
    select named.sale from unnest(${textArray(named)}::text[]) as named (sale)
      where exists (select from claim where claim.sale = named.sale)
    union select claim.sale from unnest(${textArray(voided)}::text[]) as v (receipt) join claim using (receipt)`.execute(
    db,
  );
  return [...new Set([...rows, ...claims].map(({ sale }) => sale))];
}

const claimOf = (row: ClaimTable): NotedClaim => ({
  store: row.store,
  epoch: row.epoch,
  seq: row.seq,
  line: row.line,
  quantity: row.quantity,
  hlc: { ms: row.recorded_ms, n: row.recorded_n },
  boundMs: row.bound_ms,
  seen: row.seen,
  sale: row.sale,
  saleStore: row.sale_store,
  saleLine: row.sale_line,
  sku: row.sku,
  receipt: row.receipt,
  absent: row.absent,
});

export function verdictOf(row: ClaimTable): ClaimVerdict | null {
  if (row.verdict === null || row.sentence === null) return null;
  return {
    claim: row.name,
    verdict: row.verdict as ClaimVerdict['verdict'],
    kept: row.kept,
    disputed: row.disputed,
    unclear: row.unclear,
    beatenBy: row.beaten_by,
    sentence: row.sentence,
  };
}

async function readSold(db: Db, sale: ReceiptName): Promise<SoldReceipt | null> {
  const { rows } = await sql<{ epoch: number; seq: number; bytes: Buffer }>`
    select epoch, seq, bytes from fact_key join entry using (store, epoch, seq)
    where fact_key.store = ${storeOfReceipt(sale)} and fact_key.key = ${saleKey(sale)}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { content } = JSON.parse(row.bytes.toString('utf8')) as Fact;
  return { at: { epoch: row.epoch, seq: row.seq }, content: content as TransactionContent };
}

const readNotices = async (db: Db, sale: ReceiptName): Promise<ClaimNotice[]> =>
  db.selectFrom('claim_notice').select(['claim', 'store', 'dseq']).where('sale', '=', sale).execute();

async function readVoided(db: Db, receipts: ReceiptName[]): Promise<Set<ReceiptName>> {
  const { rows } = await sql<{ receipt: string }>`
    select receipt from receipt_void where receipt = any(${textArray(receipts)}::text[])`.execute(db);
  return new Set(rows.map(({ receipt }) => receipt));
}

async function readClosed(db: Db, sale: ReceiptName): Promise<Map<number, ClaimVerdict[]>> {
  const rows = await db.selectFrom('claim_close').select(['line', 'verdicts']).where('sale', '=', sale).execute();
  return new Map(rows.map(({ line, verdicts }) => [line, JSON.parse(verdicts) as ClaimVerdict[]]));
}

async function readTold(db: Db, claims: string[]) {
  const { rows } = await sql<{ claim: string; kept: number; disputed: number; unclear: boolean; sentence: string }>`
    select claim, kept, disputed, unclear, sentence from claim_told
    where claim = any(${textArray(claims)}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.claim, row]));
}
