// What goes wrong on a disk in memory and when: all of it told by the caller, nothing left to chance.
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

/** The power went: the process is dead, whatever it did after this was never done. */
export class PowerCut extends Error {
  override name = 'PowerCut';
}

export type SyncOutcome = 'kept' | 'lost';

export type FaultCalls = {
  /** Points reached so far at which the power could have been cut; they lie before and behind each change. */
  points(): number;
  /** Cuts the power `points` further on: there and from then on everything throws PowerCut, until `crash`. */
  cutPowerAfter(points: number): void;
  /** The next sync of a database or of a file fails with EIO, `after` further ones; what it was for is kept or lost. */
  failSync(of: 'database' | 'file', outcome: SyncOutcome, after?: number): void;
  /** Everything in this folder fails with EIO, until another one or null is told: a disk that was pulled out. */
  breakFolder(folder: string | null): void;
  /** Files can grow by so many bytes; where none are left, commits fail too. */
  setFreeBytes(bytes: number): void;
};

export function makeFaults() {
  const failing: Record<'database' | 'file', { outcome: SyncOutcome; after: number } | null> = {
    database: null,
    file: null,
  };
  let point = 0;
  let cutAt = Number.POSITIVE_INFINITY;
  let free = 2 ** 40;
  let broken: string | null = null;

  /** Where the power may go; also where a process that lost it finds out. */
  function reachPoint(): void {
    if (point++ >= cutAt) throw new PowerCut('the power was cut');
  }

  const isBroken = (path: string): boolean => broken !== null && path.startsWith(broken);

  const calls: FaultCalls = {
    points: () => point,
    cutPowerAfter: (points) => {
      cutAt = point + points;
    },
    failSync: (of, outcome, after = 0) => {
      failing[of] = { outcome, after };
    },
    breakFolder: (folder) => {
      broken = folder;
    },
    setFreeBytes: (bytes) => {
      free = bytes;
    },
  };

  return {
    calls,
    /** Before and behind each use of a file. */
    reach(path: string): void {
      reachPoint();
      if (isBroken(path)) throw diskError('EIO', path);
    },
    reachPoint,
    free: (): number => free,
    take(path: string, bytes: number): void {
      if (bytes > free) throw diskError('ENOSPC', path);
      free -= bytes;
    },
    /** What the sync of a commit says, null where it works. */
    commitFailure(path: string): { outcome: SyncOutcome; error: Error } | null {
      const full = new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
      if (free <= 0) return { outcome: 'lost', error: full };
      const outcome = isBroken(path) ? 'lost' : failureOf('database');
      return outcome === null ? null : { outcome, error: new Database.SqliteError('disk I/O error', IOERR) };
    },
    fileFailure: (): SyncOutcome | null => failureOf('file'),
    /** The power is back. */
    restore(): void {
      cutAt = Number.POSITIVE_INFINITY;
    },
  };

  function failureOf(of: 'database' | 'file'): SyncOutcome | null {
    const told = failing[of];
    if (told === null || told.after-- > 0) return null;
    failing[of] = null;
    return told.outcome;
  }
}

const IOERR = 'SQLITE_IOERR_FSYNC';

/** As node tells it. */
export function diskError(code: 'EIO' | 'ENOSPC' | 'ENOENT' | 'EEXIST', path: string): Error {
  return Object.assign(new Error(`${code}: in ${dirname(path)}, '${path}'`), { code, path });
}
