// What came in and could not be placed: kept word for word until a person mends it.
import type { SetAside, SetAsideItem } from '../core/captured.ts';
import { PAGE_ROWS_MAX } from '../core/limits.ts';
import type { Db } from './database.ts';

export type AsidePage = { after?: number | undefined; limit: number; includeResolved?: boolean | undefined };

type Row = Omit<SetAsideItem, 'receipt' | 'masked'> & { receipt: string | null; masked: string };

const COLUMNS = `id, at_ms AS atMs, resolved_ms AS resolvedMs, fingerprint, feed, source, place, code, reason, receipt,
  raw, masked, rows`;

export type SetAsides = ReturnType<typeof openSetAsides>;

export function openSetAsides(db: Db) {
  const insert = db.prepare(
    `INSERT INTO set_aside (at_ms, fingerprint, feed, source, place, code, reason, receipt, raw, masked, rows)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING`,
  );
  const resolve = db.prepare('UPDATE set_aside SET resolved_ms = ? WHERE id = ? AND resolved_ms IS NULL');
  return {
    /** False where the same input was set aside before, mended or not. */
    keep(item: SetAside, atMs: number): boolean {
      const { fingerprint, feed, source, place, code, reason, receipt, raw, masked, rows } = item;
      const told = [fingerprint, feed, source, place, code, reason, receipt ?? null, raw, JSON.stringify(masked), rows];
      return insert.run(atMs, ...told).changes > 0;
    },
    resolve: (id: number, atMs: number): void => void resolve.run(atMs, id),
  };
}

/** Oldest first, behind the id `after`. */
export function listAside(db: Db, { after = 0, limit, includeResolved = false }: AsidePage): SetAsideItem[] {
  const which = includeResolved ? '' : 'AND resolved_ms IS NULL';
  return db
    .prepare<[number, number], Row>(`SELECT ${COLUMNS} FROM set_aside WHERE id > ? ${which} ORDER BY id LIMIT ?`)
    .all(after, Math.min(limit, PAGE_ROWS_MAX))
    .map((row) => ({
      ...row,
      receipt: row.receipt ?? undefined,
      masked: JSON.parse(row.masked) as [number, number][],
    }));
}
