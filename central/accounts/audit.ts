// The log of who asked for what and what came of it: only ever longer, each row chained to the one before.
import { type Kysely, sql } from 'kysely';
import { AUDIT_DETAIL_LENGTH_MAX } from '../../core/limits/accounts.ts';
import type { AuditRow } from '../../protocol/hq/accounts.ts';
import { AUDIT_GENESIS, linkAudit } from '../../protocol/hq/audit-chain.ts';
import type { Db, Tables } from '../schema.ts';

export type AuditNote = Omit<AuditRow, 'n' | 'chain'>;

/** One writer at a time, over all processes on the database. */
const LOCK = 0x74_77_61_75;

/** In the transaction of what it tells of, or in one of its own. */
export async function appendAudit(tx: Kysely<Tables>, note: AuditNote): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx);
  const last = await tx.selectFrom('audit').select(['n', 'chain']).orderBy('n', 'desc').limit(1).executeTakeFirst();
  const { atMs, ...rest } = note;
  const row = { ...rest, detail: note.detail.slice(0, AUDIT_DETAIL_LENGTH_MAX), n: (last?.n ?? 0) + 1 };
  const chain = linkAudit(last?.chain ?? AUDIT_GENESIS, { ...row, atMs });
  await tx
    .insertInto('audit')
    .values({ ...row, at_ms: atMs, chain })
    .execute();
}

export const keepAudit = (db: Db, note: AuditNote): Promise<void> =>
  db.transaction().execute((tx) => appendAudit(tx, note));

/** Oldest first, behind row `after`. */
export async function listAudit(db: Db, { after, limit }: { after: number; limit: number }): Promise<AuditRow[]> {
  const rows = await db.selectFrom('audit').selectAll().where('n', '>', after).orderBy('n').limit(limit).execute();
  return rows.map(({ at_ms, ...row }) => ({ ...row, atMs: at_ms }));
}
