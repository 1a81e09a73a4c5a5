// The log of who asked for what and what came of it: only ever longer, each row chained to the one before.
import { type Kysely, sql } from 'kysely';
import { canonicalJson } from '../../core/canonical.ts';
import { hex, utf8 } from '../../core/hash.ts';
import { AUDIT_DETAIL_LENGTH_MAX } from '../../core/limits/accounts.ts';
import type { AuditRow } from '../../protocol/hq/accounts.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Db, Tables } from '../schema.ts';
import type { AuditTable } from './schema.ts';

export type AuditNote = Omit<AuditTable, 'n' | 'chain'>;

const GENESIS = hex(sha256(utf8('tillwire/1 audit')));
/** One writer at a time, over all processes on the database. */
const LOCK = 0x74_77_61_75;

const linkAudit = (before: string, row: Omit<AuditTable, 'chain'>): string =>
  hex(sha256(utf8(`${before}\n${canonicalJson(row)}`)));

/** In the transaction of what it tells of, or in one of its own. */
export async function appendAudit(tx: Kysely<Tables>, note: AuditNote): Promise<void> {
  await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(tx);
  const last = await tx.selectFrom('audit').select(['n', 'chain']).orderBy('n', 'desc').limit(1).executeTakeFirst();
  const row = { ...note, detail: note.detail.slice(0, AUDIT_DETAIL_LENGTH_MAX), n: (last?.n ?? 0) + 1 };
  await tx
    .insertInto('audit')
    .values({ ...row, chain: linkAudit(last?.chain ?? GENESIS, row) })
    .execute();
}

export const keepAudit = (db: Db, note: AuditNote): Promise<void> =>
  db.transaction().execute((tx) => appendAudit(tx, note));

/** Oldest first, behind row `after`. */
export async function listAudit(db: Db, { after, limit }: { after: number; limit: number }): Promise<AuditRow[]> {
  const rows = await db.selectFrom('audit').selectAll().where('n', '>', after).orderBy('n').limit(limit).execute();
  return rows.map(({ at_ms, ...row }) => ({ ...row, atMs: at_ms }));
}

/** Number of the first row that is not as it was written, or is missing; null where the log is whole. */
export function firstBroken(
  rows: AuditRow[],
  before: { n: number; chain: string } = { n: 0, chain: GENESIS },
): number | null {
  let { n, chain } = before;
  for (const { atMs, chain: told, ...row } of rows) {
    n += 1;
    chain = linkAudit(chain, { ...row, at_ms: atMs });
    if (row.n !== n || chain !== told) return n;
  }
  return null;
}
