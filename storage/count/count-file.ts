// Drafts of count sheets in a small database of their own beside the journal: they are no facts, and outlive its repair.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Db } from '../database.ts';
import type { Disk } from '../disk.ts';
import { isDamage } from '../salvage.ts';

/** Counts cannot be written or read; sales are not concerned. */
export class CountFault extends Error {
  override name = 'CountFault';
}

const FILE = 'counts.db';
const VERSION = 1;

const SCHEMA = `
CREATE TABLE sheet (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  area TEXT NOT NULL,
  business_date TEXT NOT NULL,
  document_key TEXT NOT NULL,
  begun_ms INTEGER NOT NULL,
  known INTEGER NOT NULL,
  known_chain TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'keeping', 'kept')),
  finished_ms INTEGER,
  revision INTEGER NOT NULL
) STRICT;
CREATE TABLE expected (
  sheet TEXT NOT NULL REFERENCES sheet (id) ON DELETE CASCADE,
  sku TEXT NOT NULL,
  PRIMARY KEY (sheet, sku)
) STRICT, WITHOUT ROWID;
CREATE TABLE line (
  sheet TEXT NOT NULL REFERENCES sheet (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  counter TEXT NOT NULL,
  sku TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity >= 0),
  from_ms INTEGER NOT NULL,
  to_ms INTEGER NOT NULL,
  frame INTEGER NOT NULL,
  frame_start INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (sheet, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_of_sku ON line (sheet, sku, removed, quantity);
CREATE UNIQUE INDEX line_by_change ON line (sheet, revision);
-- before: the line as JSON, null where the change wrote it first. after_*: what the change made of it.
CREATE TABLE change (
  sheet TEXT NOT NULL REFERENCES sheet (id) ON DELETE CASCADE,
  op TEXT NOT NULL,
  number INTEGER NOT NULL,
  counter TEXT NOT NULL,
  line INTEGER NOT NULL,
  before TEXT,
  after_quantity INTEGER NOT NULL,
  after_removed INTEGER NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (sheet, op)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_in_order ON change (sheet, number);
`;

/** Opened when it is first asked for, so that a fault in it never keeps the agent from starting. */
export function openCountFile({ disk, folder, wallMs }: { disk: Disk; folder: string; wallMs: () => number }) {
  const path = join(folder, FILE);
  let open: Db | null = null;
  let trouble: string | null = null;

  function database(): Db {
    if (open !== null) return open;
    const db = disk.openDatabase(path);
    try {
      const version = Number(db.pragma('user_version', { simple: true }));
      if (version > VERSION) throw new CountFault(NEWER);
      if (version === 0) {
        db.transaction(() => {
          db.exec(SCHEMA);
          db.pragma(`user_version = ${VERSION}`);
        }).immediate();
      }
      disk.assertDurable(db);
    } catch (error) {
      db.close();
      throw error;
    }
    open = db;
    return db;
  }

  function putAside(): void {
    open?.close();
    open = null;
    const aside = `${FILE.replace('.db', '')}-damaged-${wallMs()}.db`;
    for (const side of ['-wal', '-shm']) disk.remove(path + side);
    if (disk.exists(path)) disk.rename(path, join(folder, aside));
    disk.syncFolder(folder);
    trouble = `The counts on this PC could not be read any more and were put aside (${aside}). Counts that were kept are safe with the sales; counts that were still open must be counted again.`;
  }

  return {
    /** All or nothing, on the disk when it returns. Throws CountFault where the disk fails; the journal is not concerned. */
    change<Value>(work: (db: Db) => Value): Value {
      try {
        const db = database();
        return db.transaction(() => work(db)).immediate();
      } catch (error) {
        if (!(error instanceof Database.SqliteError)) throw error;
        if (isDamage(error)) putAside();
        throw new CountFault(`The count could not be written to the disk of this PC (${error.code}). ${TRY_AGAIN}`);
      }
    },
    /** What people are told of a file that was lost. */
    trouble: (): string | null => trouble,
    close(): void {
      open?.close();
      open = null;
    },
  };
}

const NEWER = 'The counts on this PC were written by a newer version of Tillwire: install that again.';
const TRY_AGAIN = 'What was kept before is safe. Please try again, and call IT if it stays so.';
