// One process per data folder: a lock that the operating system lets go when its holder dies, however it dies.
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Releases on call. Throws a sentence for people where another process holds the folder. */
export function lockFolder(folder: string): () => void {
  const lock = new Database(join(folder, 'central.lock'), { timeout: 0 });
  try {
    lock.pragma('journal_mode = DELETE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') {
      throw new Error(`Another central already runs on ${folder}. Stop it first, or name another folder.`);
    }
    throw error;
  }
  return () => lock.close();
}
