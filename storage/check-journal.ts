// Asks a thread of its own whether a journal's file is sound.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { JOURNAL_FILE } from './database.ts';

/** What SQLite says of the file, ["ok"] where it is sound; changes nothing, also while its agent runs. */
export function checkJournal(folder: string): Promise<string[]> {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: join(folder, JOURNAL_FILE) });
  return new Promise((resolve) => {
    worker.once('message', (said: string[]) => resolve(said));
    worker.once('error', (error) => resolve([error instanceof Error ? error.message : String(error)]));
    worker.once('exit', () => resolve(['the check ended without an answer']));
  });
}
