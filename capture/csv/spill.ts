// Rows of one receipt may lie anywhere in a file: they wait in a private temporary SQLite file, so that memory stays flat.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { SPILL_CACHE_KIB, SPILL_COMMIT_ROWS, SPILL_PAGE_GROUPS } from '../../core/limits/files.ts';
import { DISK_RESERVE_BYTES } from '../../core/limits.ts';
import type { Ranges } from '../mask.ts';
import { ImportStopped } from './source.ts';

export type RowProblem = { code: 'bad-row' | 'card-number'; text: string };

/** A row after masking. */
export type SpilledRow = {
  line: number;
  cells: string[];
  raw: string;
  ranges: Ranges;
  problem: RowProblem | null;
  /** The set-aside item that it came from; 0 in an import. */
  item: number;
  /** Rows without a receipt: how many equal ones there were up to this one. */
  occurrence: number;
};

/** Empty text means unknown: '' receipt, '' till, '' day (the day counts only where numbers repeat daily). */
export type GroupKey = { till: string; receipt: string; day: string };

export type SpillGroup = GroupKey & {
  id: number;
  rows: number;
  bytes: number;
  /** Another row of this receipt number has no readable till or day: it may belong here. */
  uncertain: boolean;
};

export type Spill = ReturnType<typeof openSpill>;

const DIGEST_MASK = 2n ** 64n - 1n;

const SCHEMA = `
  CREATE TABLE groups (id INTEGER PRIMARY KEY, receipt TEXT NOT NULL, till TEXT NOT NULL, day TEXT NOT NULL,
    rows INTEGER NOT NULL, bytes INTEGER NOT NULL, UNIQUE (receipt, till, day)) STRICT;
  CREATE TABLE rows (grp INTEGER NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (grp, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE seen (raw TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * Opens a fresh file in the folder, or one without a name (null) where nothing may be written; `close` removes it, and
 * where the system allows it has no name from the start.
 */
export function openSpill(folder: string | null) {
  const file = folder === null ? null : freshFile(folder);
  // A database without a name lives in memory; what does not fit there waits where nobody else can open it.
  const db = new Database(file ?? '');
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma(`cache_size = -${SPILL_CACHE_KIB}`);
  db.exec(SCHEMA);
  if (file !== null) removeQuietly(file);
  const toGroup = db.prepare<[string, string, string, number], { id: number }>(
    'INSERT INTO groups (receipt, till, day, rows, bytes) VALUES (?, ?, ?, 1, ?) ON CONFLICT DO UPDATE SET rows = rows + 1, bytes = bytes + excluded.bytes RETURNING id',
  );
  const insert = db.prepare<[number, number, string]>('INSERT INTO rows (grp, seq, data) VALUES (?, ?, ?)');
  const count = db.prepare<[string], { n: number }>(
    'INSERT INTO seen (raw, n) VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n',
  );
  const pageOfGroups = db.prepare<[number, number], Omit<SpillGroup, 'uncertain'>>(
    'SELECT id, receipt, till, day, rows, bytes FROM groups WHERE id > ? ORDER BY id LIMIT ?',
  );
  const doubtful = db.prepare<[string, number, string], unknown>(
    `SELECT 1 FROM groups WHERE receipt = ? AND id <> ? AND (till = '' OR (till = ? AND day = '')) LIMIT 1`,
  );
  const pageOfRows = db.prepare<[number, number, number], { seq: number; data: string }>(
    'SELECT seq, data FROM rows WHERE grp = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  let seq = 0;
  let sum = 0n;
  db.exec('BEGIN');
  return {
    add(key: GroupKey, row: Omit<SpilledRow, 'occurrence'>): void {
      sum = (sum + createHash('sha256').update(row.raw).digest().readBigUInt64BE(0)) & DIGEST_MASK;
      const occurrence = key.receipt === '' ? (count.get(row.raw)?.n ?? 1) : 1;
      const data = JSON.stringify({ ...row, occurrence });
      const { id = 0 } = toGroup.get(key.receipt, key.till, key.day, data.length) ?? {};
      insert.run(id, ++seq, data);
      if (seq % SPILL_COMMIT_ROWS !== 0) return;
      db.exec('COMMIT; BEGIN');
      if (folder !== null) needRoom(folder);
    },
    rows: (): number => seq,
    /** The same for the same rows in any order: names this content of a file. 8 hex digits. */
    digest: (): string => sum.toString(16).padStart(16, '0').slice(0, 8),
    /** In the order of their first rows. */
    *groups(): Generator<SpillGroup> {
      for (let after = 0; ; ) {
        const page = pageOfGroups.all(after, SPILL_PAGE_GROUPS);
        for (const group of page) {
          after = group.id;
          yield { ...group, uncertain: doubtful.get(group.receipt, group.id, group.till) !== undefined };
        }
        if (page.length < SPILL_PAGE_GROUPS) return;
      }
    },
    /** Pages of at most so many rows and about so many bytes (at least one row). */
    *pages(group: number, rowsMax: number, bytesMax: number): Generator<SpilledRow[]> {
      let page: SpilledRow[] = [];
      let bytes = 0;
      for (let after = 0; ; ) {
        const found = pageOfRows.all(group, after, 100);
        for (const { seq: at, data } of found) {
          after = at;
          // Lines of one JSON object stay together.
          const row: SpilledRow = JSON.parse(data);
          if (page.length > 0 && row.raw !== '' && (page.length >= rowsMax || bytes + data.length > bytesMax)) {
            yield page;
            page = [];
            bytes = 0;
          }
          page.push(row);
          bytes += data.length;
        }
        if (found.length < 100) break;
      }
      if (page.length > 0) yield page;
    },
    close(): void {
      db.close();
      if (file !== null) removeQuietly(file);
    },
  };
}

function freshFile(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  removeLeftOvers(folder);
  return join(folder, `import-${randomUUID()}.spill`);
}

/** Of an import that was killed where the file kept its name; one that is open can't be removed there. */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder))
    if (/^import-[0-9a-f-]{36}\.spill$/.test(name)) removeQuietly(join(folder, name));
}

/** Windows keeps the name of an open file; then `close` removes it. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // removed at close
  }
}

/** An import may not eat the reserve that captures and draining live on (L8). */
function needRoom(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= 2 * DISK_RESERVE_BYTES) return;
  throw new ImportStopped('disk-full', 'The disk is nearly full: make space, then import the file again.');
}
