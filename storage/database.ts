// Opens SQLite the one way we trust: write-ahead log, every commit on the disk before it returns, private files.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '../core/assert.ts';
import { JOURNAL_BUSY_WAIT_MS, JOURNAL_CACHE_KIB, WAL_BYTES_MAX, WAL_PAGES } from '../core/limits.ts';
import { NoJournal } from './errors.ts';

export type Db = Database.Database;
export const JOURNAL_FILE = 'journal.db';
/** Older versions can skip committed pages when a log is reset (F15). */
const SQLITE_VERSION_MIN = [3, 51, 3];
const FULL = 2;

/** Makes a file that only its owner can read; SQLite gives its side files the same mode. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

/** Opens `path` for writing and makes it where it is absent. Call `assertDurable` after the first write. */
export function openDatabase(path: string): Db {
  const isNew = !existsSync(path);
  makePrivateFile(path);
  if (isNew) syncFolder(join(path, '..'));
  const db = new Database(path, { timeout: JOURNAL_BUSY_WAIT_MS });
  try {
    configure(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** How every writing connection is set up. */
export function configure(db: Db): void {
  assertVersion(db);
  db.pragma('journal_mode = WAL');
  // Compiled with NORMAL for write-ahead logs: without this line committed sales vanish in a power cut (F3).
  db.pragma('synchronous = FULL');
  db.pragma('fullfsync = ON');
  db.pragma('checkpoint_fullfsync = ON');
  db.pragma('foreign_keys = ON');
  // Unique keys are looked up all over their index: a month of a store's receipts stays in memory.
  db.pragma(`cache_size = -${JOURNAL_CACHE_KIB}`);
  db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
  db.pragma(`journal_size_limit = ${WAL_BYTES_MAX}`);
}

/** Read-only, also while an agent writes. Throws NoJournal where there is no file. */
export function openReadOnly(path: string): Db {
  if (!existsSync(path)) {
    throw new NoJournal(`${path} does not exist: name the data folder of an agent that has been started once.`);
  }
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: JOURNAL_BUSY_WAIT_MS });
  assertVersion(db);
  return db;
}

/** To be called after a write: the setting has been seen to drop at the first one (F3). */
export function assertDurable(db: Db): void {
  assert(db.pragma('journal_mode', { simple: true }) === 'wal', 'the journal is not in WAL mode');
  assertSynced(db);
}

/** The part of `assertDurable` that holds for a database in memory too. */
export function assertSynced(db: Db): void {
  assert(db.pragma('synchronous', { simple: true }) === FULL, 'the journal would not survive a power cut');
  assert(db.pragma('foreign_keys', { simple: true }) === 1, 'foreign keys are off');
}

/** Makes a new name in a folder survive a power cut; Windows has no such call and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function assertVersion(db: Db): void {
  const text = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  const parts = text.split('.').map(Number);
  const differs = SQLITE_VERSION_MIN.findIndex((least, index) => parts[index] !== least);
  const newEnough = differs === -1 || (parts[differs] ?? 0) > (SQLITE_VERSION_MIN[differs] ?? 0);
  assert(newEnough, `SQLite ${text} can lose commits; ${SQLITE_VERSION_MIN.join('.')} or newer is needed`);
}
