// Checks a journal's file in a thread of its own: a large one takes seconds, and sales do not wait for it.
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

const PROBLEMS_MAX = 5;

/** Sentences of SQLite: "ok", or what is wrong. They name pages and tables, never what is in them. */
function check(path: string): string[] {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    const said = db.prepare<[], string>(`PRAGMA quick_check(${PROBLEMS_MAX})`).pluck().all();
    db.close();
    return said;
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

parentPort?.postMessage(check(workerData as string));
