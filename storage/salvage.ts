// Takes what is readable out of a damaged database, after the mirror has given back what it holds.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { contentHash } from '../core/fact.ts';
import { hex } from '../core/hash.ts';
import { sha256 } from '../protocol/sha256.ts';
import { type Carry, factOf } from './carry.ts';
import { type Db, JOURNAL_FILE } from './database.ts';
import type { Disk } from './disk.ts';
import { entryId } from './entry-id.ts';
import type { Epochs } from './epochs.ts';
import { DamagedJournal } from './errors.ts';

const SIDES = ['', '-wal', '-shm'];
const COPIED = ['setting', 'cursor', 'set_aside', 'goods_draft', 'product_proposal'] as const;

/** The disk, the memory or another process is in the way; what is written may be as it should be. */
const NOT_THE_FILE = /^SQLITE_(IOERR|FULL|BUSY|LOCKED|CANTOPEN|PERM|AUTH|NOMEM|PROTOCOL|INTERRUPT|NOLFS)/;

/**
 * A file that is not what was written. A single wrong byte in the header or the schema can make SQLite say almost
 * anything (another format, no such table, a read-only database), so what is not plainly something else counts as that.
 */
export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedJournal || (error instanceof Database.SqliteError && !NOT_THE_FILE.test(error.code));

/** Moves the database out of the way, whole, for a person to look at. Returns its new folder. */
export function putAside(disk: Disk, folder: string, nowMs: number): string {
  const aside = join(folder, `damaged-${nowMs}`);
  disk.makeFolder(aside);
  for (const side of SIDES.toReversed()) {
    try {
      disk.rename(join(folder, JOURNAL_FILE + side), join(aside, JOURNAL_FILE + side));
    } catch (error) {
      if (side === '') throw error;
    }
  }
  // The shared memory belongs to a process that is gone; SQLite makes it anew.
  disk.remove(join(aside, `${JOURNAL_FILE}-shm`));
  disk.syncFolder(folder);
  return aside;
}

type SalvageParts = { db: Db; epochs: Epochs; carry: Carry; nowMs: number; disk: Disk };

/** Inside a transaction of `db`. Returns how many facts the mirror did not have. */
export function salvage(parts: SalvageParts, aside: string): number {
  let old: Db;
  try {
    old = parts.disk.readDatabase(join(aside, JOURNAL_FILE));
  } catch {
    return 0;
  }
  try {
    for (const table of COPIED) attempt(() => copyTable(parts.db, old, table));
    return attempt(() => takeEntries(parts, old)) ?? 0;
  } finally {
    old.close();
  }
}

/** The old database may fail at any read; the new one may not. */
function attempt<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}

function copyTable(db: Db, old: Db, table: (typeof COPIED)[number]): void {
  for (const row of old.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).iterate()) {
    const names = Object.keys(row);
    const holes = names.map(() => '?').join(', ');
    db.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${holes})`).run(...Object.values(row));
  }
}

type Row = { bytes: Uint8Array; content: Uint8Array; client: string | null };

/** One by one by their numbers, so that a damaged page hides only what lies in it. */
function takeEntries({ epochs, carry, nowMs }: SalvageParts, old: Db): number {
  const select = old.prepare<[number], Row>('SELECT bytes, content, client FROM entry WHERE id = ?');
  let taken = 0;
  for (const { ordinal, seq } of old
    .prepare<[], { ordinal: number; seq: number }>('SELECT ordinal, seq FROM epoch')
    .all()) {
    for (let at = 1; at <= seq; at++) {
      const row = attempt(() => select.get(entryId(ordinal, at)));
      if (row === null || row === undefined || !isWhole(row)) continue;
      const found = { bytes: row.bytes, content: hex(row.content), client: row.client ?? undefined };
      if (carry.takeIn(found, 'damaged database', nowMs) === 'kept') taken++;
    }
  }
  if (taken > 0) epochs.save();
  return taken;
}

/** The bytes are those that were captured; whatever cannot even be read is not. */
function isWhole({ bytes, content }: Row): boolean {
  try {
    return contentHash(sha256, factOf(bytes).content) === hex(content);
  } catch {
    return false;
  }
}
