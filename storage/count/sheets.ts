// Count sheets: begun with what the agent knew at that moment, handed over once, given up without a trace.
import type { Counting } from '../../core/captured.ts';
import { KEPT_SHEETS_MAX, OPEN_SHEETS_MAX } from '../../core/limits/count.ts';
import type { SheetHead } from '../../protocol/local/rooms/count.ts';
import type { Db } from '../database.ts';

/** What the journal says at the moment in which counting begins. */
export type Beginning = { atMs: number; known: Counting['known'] };
export type NewSheet = {
  sheet: string;
  number: string;
  area: string;
  businessDate: string;
  /** Natural key of the first document that it becomes. */
  documentKey: string;
};

export type SheetRow = {
  sheet: string;
  number: string;
  area: string;
  businessDate: string;
  documentKey: string;
  begunMs: number;
  known: number;
  knownChain: string | null;
  state: SheetHead['state'];
  finishedMs: number | null;
  revision: number;
};

const COLUMNS = `id AS sheet, number, area, business_date AS businessDate, document_key AS documentKey,
  begun_ms AS begunMs, known, known_chain AS knownChain, state, finished_ms AS finishedMs, revision`;

export const readSheet = (db: Db, sheet: string): SheetRow | undefined =>
  db.prepare<[string], SheetRow>(`SELECT ${COLUMNS} FROM sheet WHERE id = ?`).get(sheet);

/** Inside a transaction: the number of the next change. */
export const nextRevision = (db: Db, sheet: string): number =>
  db
    .prepare<[string], number>('UPDATE sheet SET revision = revision + 1 WHERE id = ? RETURNING revision')
    .pluck()
    .get(sheet) ?? 0;

/** Null where too many are open. Begun again under the same id it stays as it is. */
export function beginSheet(db: Db, fresh: NewSheet, { atMs, known }: Beginning, expected: string[]): SheetHead | null {
  const before = readSheet(db, fresh.sheet);
  if (before !== undefined) return headOf(db, before);
  const open = db.prepare<[], number>(`SELECT count(*) FROM sheet WHERE state <> 'kept'`).pluck().get() ?? 0;
  if (open >= OPEN_SHEETS_MAX) return null;
  db.prepare(
    `INSERT INTO sheet (id, number, area, business_date, document_key, begun_ms, known, known_chain, state, revision)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', 0)`,
  ).run(
    ...[fresh.sheet, fresh.number, fresh.area, fresh.businessDate, fresh.documentKey],
    ...[atMs, known.dseq, known.chain],
  );
  const expect = db.prepare('INSERT OR IGNORE INTO expected (sheet, sku) VALUES (?, ?)');
  for (const sku of expected) expect.run(fresh.sheet, sku);
  const row = readSheet(db, fresh.sheet);
  return row === undefined ? null : headOf(db, row);
}

/** Articles that the last finished count of this area had, whatever case its name was written in. */
export function lastCounted(db: Db, area: string, max: number): string[] {
  const rows = db
    .prepare<[], { id: string; area: string }>(
      `SELECT id, area FROM sheet WHERE state = 'kept' ORDER BY finished_ms DESC`,
    )
    .all();
  const same = rows.find((row) => folded(row.area) === folded(area));
  if (same === undefined) return [];
  const skus = 'SELECT DISTINCT sku FROM line WHERE sheet = ? AND removed = 0 ORDER BY sku LIMIT ?';
  return db.prepare<[string, number], string>(skus).pluck().all(same.id, max);
}

const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase();

export function listSheets(db: Db): { open: SheetHead[]; kept: SheetHead[] } {
  const rows = (where: string): SheetRow[] =>
    db.prepare<[], SheetRow>(`SELECT ${COLUMNS} FROM sheet WHERE ${where}`).all();
  const heads = (list: SheetRow[]): SheetHead[] => list.map((row) => headOf(db, row));
  return {
    open: heads(rows(`state <> 'kept' ORDER BY begun_ms, id`)),
    kept: heads(rows(`state = 'kept' ORDER BY finished_ms DESC, id LIMIT ${KEPT_SHEETS_MAX}`)),
  };
}

type Sums = { lines: number; articles: number; units: number | null; oldestMs: number | null };

export function headOf(db: Db, { sheet, number, area, state, begunMs, finishedMs, revision }: SheetRow): SheetHead {
  const sums = db
    .prepare<[string], Sums>(
      `SELECT count(*) AS lines, count(DISTINCT sku) AS articles, sum(quantity) AS units, min(from_ms) AS oldestMs
       FROM line WHERE sheet = ? AND removed = 0`,
    )
    .get(sheet);
  const counters = db
    .prepare<[string], { counter: string; lines: number }>(
      'SELECT counter, count(*) AS lines FROM line WHERE sheet = ? AND removed = 0 GROUP BY counter ORDER BY min(line)',
    )
    .all(sheet);
  const count = (sql: string): number => db.prepare<[string], number>(sql).pluck().get(sheet) ?? 0;
  return {
    ...{ sheet, number, area, state, begunMs, finishedMs, revision, counters },
    lines: sums?.lines ?? 0,
    articles: sums?.articles ?? 0,
    units: sums?.units ?? 0,
    oldestMs: sums?.oldestMs ?? null,
    expected: count('SELECT count(*) FROM expected WHERE sheet = ?'),
    uncounted: count(`SELECT count(*) FROM expected WHERE sheet = ? AND ${NOT_WRITTEN}`),
  };
}

const NOT_WRITTEN = `NOT EXISTS (SELECT 1 FROM line
  WHERE line.sheet = expected.sheet AND line.sku = expected.sku AND removed = 0)`;

/** Articles that the area should have and nobody wrote down, behind `after`, in the order of the SKUs. */
export const readUncounted = (db: Db, sheet: string, after: string | null, limit: number): string[] =>
  db
    .prepare<[string, string, number], string>(
      `SELECT sku FROM expected WHERE sheet = ? AND sku > ? AND ${NOT_WRITTEN} ORDER BY sku LIMIT ?`,
    )
    .pluck()
    .all(sheet, after ?? '', limit);

export type HoldResult = 'held' | 'busy' | 'changed' | 'kept' | 'gone';

/** From open to keeping, at a revision that was looked at: nobody writes on it any more. busy: somebody else did that. */
export function holdSheet(db: Db, sheet: string, through: number, atMs: number): HoldResult {
  const row = readSheet(db, sheet);
  if (row === undefined) return 'gone';
  if (row.state !== 'open') return row.state === 'kept' ? 'kept' : 'busy';
  if (row.revision !== through) return 'changed';
  db.prepare(`UPDATE sheet SET state = 'keeping', finished_ms = ? WHERE id = ?`).run(atMs, sheet);
  return 'held';
}

/** After it was handed over, or could not be. The oldest finished ones beyond the bound go. */
export function releaseSheet(db: Db, sheet: string, isKept: boolean): void {
  db.prepare(
    isKept
      ? `UPDATE sheet SET state = 'kept' WHERE id = ?`
      : `UPDATE sheet SET state = 'open', finished_ms = NULL WHERE id = ? AND state = 'keeping'`,
  ).run(sheet);
  if (!isKept) return;
  db.prepare('DELETE FROM change WHERE sheet = ?').run(sheet);
  db.prepare(
    `DELETE FROM sheet WHERE id IN
       (SELECT id FROM sheet WHERE state = 'kept' ORDER BY finished_ms DESC, id LIMIT -1 OFFSET ${KEPT_SHEETS_MAX})`,
  ).run();
}

/** Sheets that were being handed over when the program ended: the journal knows whether they were kept. */
export function settleHeld(db: Db, isKept: (documentKey: string) => boolean): void {
  const held = db.prepare<[], SheetRow>(`SELECT ${COLUMNS} FROM sheet WHERE state = 'keeping'`).all();
  for (const { sheet, documentKey } of held) releaseSheet(db, sheet, isKept(documentKey));
}

/** Nothing of it stays. False where it is kept, or gone. */
export function giveUpSheet(db: Db, sheet: string): boolean {
  return db.prepare(`DELETE FROM sheet WHERE id = ? AND state = 'open'`).run(sheet).changes > 0;
}
