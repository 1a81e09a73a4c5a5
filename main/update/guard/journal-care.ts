// The journal over a change of its schema: copied before, and put back where nothing was captured since.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder, syncFolder } from '../files.ts';
import { agentPlaces } from '../places.ts';

const JOURNAL = 'journal.db';

/** What the law of going back needs to know of one database. `tip`: the newest entry and set-aside item. */
type Told = { schema: number; tip: string };

/** To be called with the rights of the folder's owner, while no agent runs on it. Throws with a reason. */
export function copyJournal(data: string, schema: number): void {
  const { before } = agentPlaces(data);
  rmSync(before, { recursive: true, force: true });
  const path = join(data, JOURNAL);
  if (!existsSync(path)) return;
  held(data, () => {
    if (told(path).schema >= schema) return;
    makeFolder(before);
    const part = join(before, `${JOURNAL}.part`);
    // Where the file system can, it shares the blocks instead of copying them.
    copyFileSync(path, part, constants.COPYFILE_FICLONE);
    sync(part);
    renameSync(part, join(before, JOURNAL));
    syncFolder(before);
  });
}

/**
 * As it was: the previous version (which knows `schema`) can read it. Put back: the copy lies in its place, and what was
 * there beside it. Newer: neither is possible without losing what was captured since (L8).
 */
export function putJournalBack(data: string, schema: number, nowMs: number): 'as-it-was' | 'put-back' | 'newer' {
  const path = join(data, JOURNAL);
  if (!existsSync(path)) return 'as-it-was';
  return held(data, () => {
    const now = told(path);
    if (now.schema <= schema) return 'as-it-was';
    const copy = join(agentPlaces(data).before, JOURNAL);
    if (!existsSync(copy)) return 'newer';
    const then = told(copy);
    if (then.schema > schema || then.tip !== now.tip) return 'newer';
    const aside = join(data, 'updates', `replaced-${nowMs}`);
    makeFolder(aside);
    linkSync(path, join(aside, JOURNAL));
    syncFolder(aside);
    renameSync(copy, path);
    syncFolder(data);
    return 'put-back';
  });
}

/** Nobody else works on the folder meanwhile: the same lock as the agent's. */
function held<Value>(data: string, work: () => Value): Value {
  const lock = new DatabaseSync(join(data, 'lock.db'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return work();
  } finally {
    lock.close();
  }
}

/** Works the write-ahead log into the file on the way: a log that stayed would be taken for the copy's. */
function told(path: string): Told {
  const db = new DatabaseSync(path);
  try {
    const { user_version: schema } = db.prepare('PRAGMA user_version').get() ?? {};
    const { tip } =
      db
        .prepare(
          "SELECT coalesce((SELECT max(id) FROM entry), 0) || ' ' || coalesce((SELECT max(id) FROM set_aside), 0) AS tip",
        )
        .get() ?? {};
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { schema: Number(schema), tip: String(tip) };
  } finally {
    db.close();
    assertNoLog(path);
  }
}

function assertNoLog(path: string): void {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  if (log !== undefined && log.size > 0) throw new Error(`${path}-wal could not be worked into the journal`);
}

function sync(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
