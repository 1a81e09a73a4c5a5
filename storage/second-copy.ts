// Keeps the mirror beside the database: restores and completes at start-up, writes before each commit, tells when it fails.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Db } from './database.ts';
import { type EpochStart, listEpochs, startOf } from './epochs.ts';
import { DamagedJournal } from './errors.ts';
import type { MirrorRecord, MirrorWriter } from './mirror.ts';
import { completeMirror, saveSegments } from './mirror-complete.ts';
import { type Restored, type RestoreParts, restoreFromMirror } from './mirror-restore.ts';
import type { Notices } from './notices.ts';

export type SecondCopyParts = Omit<RestoreParts, 'nowMs'> & {
  folder: string;
  segmentBytes: number;
  notices: Notices;
  wallMs: () => number;
};

/** A mirror that fails never stops capture: the journal goes on with one copy and says so (D14). */
export function openSecondCopy(parts: SecondCopyParts) {
  const { db, disk, folder, notices, wallMs } = parts;
  let writer: MirrorWriter | null = null;
  let failure: string | null = null;
  const suspects = openSuspects(db);
  let start: EpochStart | null = null;

  function degrade(error: unknown): void {
    // What the database itself says is no matter of the mirror.
    if (error instanceof Database.SqliteError || error instanceof DamagedJournal) throw error;
    const suspect = writer?.name() ?? null;
    if (suspect !== null) suspects.keep(suspect);
    stop();
    const why = error instanceof Error ? error.message : String(error);
    if (failure === null) notices.end('one-copy-only');
    if (failure === null) notices.tell('one-copy-only', oneCopySentence(folder, why), wallMs());
    failure = why;
  }

  function stop(): void {
    const open = writer;
    writer = null;
    start = null;
    try {
      open?.close();
    } catch {
      // A handle that cannot even be closed is the failure that is being told.
    }
  }

  /** What the database lacks comes back from the mirror; null where the mirror cannot be read. */
  function restore(): Restored | null {
    try {
      disk.makeFolder(folder);
      return restoreFromMirror({ ...parts, nowMs: wallMs() }, folder);
    } catch (error) {
      degrade(error);
      return null;
    }
  }

  /**
   * After a failed sync nobody knows what of a file reached the disk, and reading shows what is in memory only: the
   * file goes, for the database holds all of it and writes it anew.
   */
  function withoutSuspects(restored: Restored): Restored {
    const names = suspects.list();
    for (const name of names) disk.remove(join(folder, name));
    const isSound = ({ name }: { name: string }): boolean => !names.includes(name);
    return { ...restored, scanned: restored.scanned.filter(isSound), trusted: restored.trusted.filter(isSound) };
  }

  /** What the mirror lacks is written from the database. */
  function complete(restored: Restored | null): void {
    if (restored === null) return;
    try {
      writer = completeMirror({ ...parts, nowMs: wallMs() }, withoutSuspects(restored));
      suspects.clear();
      failure = null;
      notices.end('one-copy-only');
    } catch (error) {
      degrade(error);
    }
  }

  return {
    restore,
    complete,
    isWhole: (): boolean => writer !== null,
    /** Inside the transaction, before its commit: on the disk when it returns, or given up for now. */
    write(records: MirrorRecord[]): void {
      if (writer === null || records.length === 0) return;
      try {
        start ??= startOf(listEpochs(db));
        const complete = writer.append(start, records);
        if (complete.length > 0) saveSegments(db, complete);
      } catch (error) {
        degrade(error);
      }
    },
    /** Reads and completes it anew; to be called outside a transaction. */
    renew(): void {
      stop();
      complete(restore());
    },
    /** Tries a mirror that failed once more. One that was away may hold what the database lacks. */
    mend(): Restored | null {
      if (writer !== null) return null;
      const restored = restore();
      complete(restored);
      return restored;
    },
    close: stop,
  };
}

/** Files whose sync failed; kept in the database, for a restart does not make them sound. */
function openSuspects(db: Db) {
  const insert = db.prepare('INSERT OR IGNORE INTO setting (name, value) VALUES (?, ?)');
  const select = db.prepare<[string], string>('SELECT value FROM setting WHERE name GLOB ?').pluck();
  const remove = db.prepare('DELETE FROM setting WHERE name GLOB ?');
  return {
    keep: (name: string): void => void insert.run(SUSPECT + name, name),
    list: (): string[] => select.all(`${SUSPECT}*`),
    clear: (): void => void remove.run(`${SUSPECT}*`),
  };
}

const SUSPECT = 'mirror-suspect-';

const oneCopySentence = (folder: string, why: string): string =>
  `Sales are safe, but on one disk only: the second copy in ${folder} cannot be written (${why}). Check that disk.`;
