// What people ask about claims and transfers: each answer ordered, paged and bounded, with its sentences.
import { sql } from 'kysely';
import type { ClaimVerdict } from '../core/claims.ts';
import { PAGE_POSTINGS_MAX } from '../core/limits.ts';
import type { ClaimQuery, ClaimRow, TransferQuery, TransferRow } from '../protocol/hq/lists.ts';
import type { ClaimTable, TransferLineTable } from './desk-schema.ts';
import type { Db } from './schema.ts';
import { textArray } from './sql/arrays.ts';
import { transferLineOf } from './sql/transfers.ts';
import { isBalanced, residueSentence, type TransferLine, transferOf } from './transfers.ts';

const NOT_JUDGED = 'So far: head office has not judged this return yet.';

/** By name, as they stand now, each with its account: every change that led there. */
export async function listClaims(db: Db, query: ClaimQuery): Promise<ClaimRow[]> {
  let wanted = db.selectFrom('claim').selectAll().where('absent', '=', false);
  const { store, sale, verdict, after } = query;
  if (store !== undefined)
    wanted = wanted.where((is) => is.or([is('store', '=', store), is('sale_store', '=', store)]));
  if (sale !== undefined) wanted = wanted.where('sale', '=', sale);
  if (verdict !== undefined) wanted = wanted.where('verdict', '=', verdict);
  if (after !== undefined) wanted = wanted.where('name', '>', after);
  const rows = await wanted.orderBy('name').limit(query.limit).execute();
  const account = await readAccount(
    db,
    rows.map(({ name }) => name),
  );
  return rows.map((row) => claimRow(row, account.get(row.name) ?? []));
}

function claimRow(row: ClaimTable, account: ClaimRow['account']): ClaimRow {
  const { name: claim, sale, store, sku, quantity, kept, disputed, unclear } = row;
  return {
    ...{ claim, sale, store, sku, quantity, kept, disputed, unclear, account },
    line: row.judged_line === null || row.judged_line === 0 ? row.sale_line : row.judged_line,
    recordedMs: row.recorded_ms,
    verdict: (row.verdict ?? 'pending') as ClaimVerdict['verdict'],
    beatenBy: row.beaten_by,
    sentence: row.sentence ?? NOT_JUDGED,
  };
}

async function readAccount(db: Db, claims: string[]): Promise<Map<string, ClaimRow['account']>> {
  const { rows } = await sql<ClaimRow['account'][number] & { claim: string }>`
    select claim, kept, disputed, sentence, posted_ms as "postedMs" from claim_posting
    where claim = any(${textArray(claims)}::text[]) order by id limit ${PAGE_POSTINGS_MAX}`.execute(db);
  const account = new Map<string, ClaimRow['account']>();
  for (const { claim, ...posting } of rows) account.set(claim, [...(account.get(claim) ?? []), posting]);
  return account;
}

/** By name; those that touch a store where one is named. */
export async function listTransfers(db: Db, query: TransferQuery, nowMs: number): Promise<TransferRow[]> {
  const { store = null, after = '', limit } = query;
  const { rows } = await sql<TransferLineTable>`
    select transfer_line.* from transfer_line join (
      select distinct transfer from transfer_line
      where transfer > ${after} and (${store}::text is null or store = ${store} or counterparty = ${store})
      order by transfer limit ${limit}) as page using (transfer)`.execute(db);
  const byTransfer = new Map<string, TransferLine[]>();
  for (const line of rows.map(transferLineOf)) {
    const known = byTransfer.get(line.transfer);
    if (known === undefined) byTransfer.set(line.transfer, [line]);
    else known.push(line);
  }
  const transfers = [...byTransfer].map(([name, lines]) => transferOf(name, lines));
  return transfers
    .sort((a, b) => (a.transfer < b.transfer ? -1 : 1))
    .map((transfer) => ({
      ...transfer,
      ageMs: transfer.movedMs === null || isBalanced(transfer) ? null : Math.max(0, nowMs - transfer.movedMs),
      sentence: residueSentence(transfer),
    }));
}
