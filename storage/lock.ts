// One process per data folder: an exclusive lock on a database of its own, so that readers of the journal are free.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { makePrivateFile } from './database.ts';
import { FolderInUse } from './errors.ts';

export type Lock = { release(): void };

/** Held until released or until the process ends, however it ends. Throws FolderInUse where another holds it. */
export function lockFolder(folder: string): Lock {
  const path = join(folder, 'lock.db');
  makePrivateFile(path);
  const db = new Database(path, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new FolderInUse(
      `Another Tillwire process is using ${folder}. Stop it first, or give this one a data folder of its own.`,
    );
  }
  return { release: () => void db.close() };
}
