// A disk in memory on which the agent's journal runs its real SQL; at a crash, what was not synced is lost.
import Database from 'better-sqlite3';
import { assertSynced, type Db } from '../../storage/database.ts';
import type { AppendFile, Disk } from '../../storage/disk.ts';
import { FolderInUse } from '../../storage/errors.ts';
import { committed, openImage, openMemoryDatabase } from './memory-database.ts';
import { diskError, type FaultCalls, makeFaults, PowerCut } from './memory-faults.ts';
import { appendTo, type DiskImage, type File, fileOf, makeNames, type Node, type Stored } from './memory-names.ts';

/** What of the un-synced survives; nothing unless told. Each is a prefix, in the order in which it was written. */
export type Survival = {
  /** How many of a file's un-synced bytes. */
  bytes?: ((path: string, unsynced: number) => number) | undefined;
  /** How many of the names made, changed and removed since their folder was synced. */
  names?: ((unsynced: number) => number) | undefined;
  /** How many of a database's un-synced commits; there are none unless `isSynced` is false. */
  commits?: ((path: string, unsynced: number) => number) | undefined;
};

/** The process was killed, and the system went on. */
export const ALL_SURVIVES: Survival = {
  bytes: (_, unsynced) => unsynced,
  names: (unsynced) => unsynced,
  commits: (_, unsynced) => unsynced,
};

export type MemoryDiskOptions = {
  /** False plants a defect: commits return before they are on the disk, the last `commitsKept` of them at risk. */
  isSynced?: boolean | undefined;
  /** How many of its last commits each database can lose (`loseCommits`); each costs an image per commit. */
  commitsKept?: number | undefined;
};

export type MemoryDisk = Disk &
  FaultCalls & {
    /** The process is gone, with it locks and open files; what was not synced goes too, but for what survives. */
    crash(survival?: Survival): void;
    /** Damage to what is there, while no process runs: the first bytes stay, one byte is changed. */
    cut(path: string, bytes: number): void;
    flip(path: string, at: number, mask?: number): void;
    /** A file, or a folder with all that is in it. */
    lose(path: string): void;
    /** The log's tail is gone: the database is sound and lacks its last commits. Returns how many it lost. */
    loseCommits(path: string, commits: number): number;
    /** All that a backup or a clone would hold now; un-synced bytes too, they are read through the same cache. */
    image(): DiskImage;
    /** The selected paths become what they were in the image; those it lacks go. While no process runs. */
    put(image: DiskImage, selects?: (path: string) => boolean): void;
    /** All files with their sizes, sorted by path. */
    files(): { path: string; bytes: number }[];
  };

/** Nothing in here is left to chance: the caller says what fails, when, and what survives. */
export function makeMemoryDisk(options: MemoryDiskOptions = {}): MemoryDisk {
  const { isSynced = true, commitsKept = 0 } = options;
  const names = makeNames();
  const faults = makeFaults();
  const process = makeProcess();
  const parts = { names, faults, process, commitsKept };

  function change(path: string, work: (bytes: Buffer) => Buffer): void {
    const node = names.get(path);
    if (node.kind === 'file') Object.assign(node, fileOf(work(node.bytes)));
    else if (node.open === null) node.image = work(node.image);
    else throw new Error(`${path} is open: end its process first`);
  }

  return {
    ...openFiles(parts),
    ...openDatabases(parts),
    ...faults.calls,
    crash(survival = {}) {
      names.crash(survival.names ?? (() => 0));
      for (const [path, node] of names.all()) {
        if (node.kind === 'file') crashFile(node, survival.bytes?.(path, node.bytes.length - node.synced) ?? 0);
        else crashDatabase(node, isSynced ? null : (unsynced) => survival.commits?.(path, unsynced) ?? 0);
      }
      process.end();
      faults.restore();
    },
    cut: (path, bytes) => change(path, (old) => Buffer.from(old.subarray(0, bytes))),
    flip: (path, at, mask = 0xff) =>
      change(path, (old) => {
        const damaged = Buffer.from(old);
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        return damaged;
      }),
    lose: names.lose,
    loseCommits(path, commits) {
      const history = names.database(path)?.history ?? [];
      const lost = Math.max(0, Math.min(commits, history.length - 1));
      history.splice(history.length - lost);
      if (lost > 0) change(path, (old) => history.at(-1) ?? old);
      return lost;
    },
    image: () => names.image(bytesOf),
    put: names.put,
    files: () =>
      names
        .all()
        .map(([path, node]) => ({ path, bytes: bytesOf(node).length }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

type Parts = {
  names: ReturnType<typeof makeNames>;
  faults: ReturnType<typeof makeFaults>;
  process: ReturnType<typeof makeProcess>;
  commitsKept: number;
};

/** What a process holds ends with it; calls through what it held are told so. */
function makeProcess() {
  const locks = new Set<string>();
  let life = 0;
  return {
    locks,
    /** Made when something is opened; throws once its process has ended. */
    watch(): { isAlive: () => boolean; assertAlive: () => void } {
      const born = life;
      const isAlive = (): boolean => born === life;
      return {
        isAlive,
        assertAlive: () => {
          if (!isAlive()) throw new PowerCut('this process was ended');
        },
      };
    },
    end(): void {
      locks.clear();
      life++;
    },
  };
}

function openDatabases({ names, faults, process, commitsKept }: Parts) {
  function remember(stored: Stored): void {
    if (commitsKept === 0 || stored.open === null) return;
    stored.history.push(stored.open.serialize());
    if (stored.history.length > commitsKept + 1) stored.history.shift();
  }

  return {
    openDatabase(path: string): Db {
      faults.reach(path);
      const stored = names.database(path) ?? names.addDatabase(path);
      const { isAlive, assertAlive } = process.watch();
      const gate = (commit: () => void, takeBack: () => void): void => {
        assertAlive();
        faults.reachPoint();
        const failure = faults.commitFailure(path);
        if (failure?.outcome === 'lost') takeBack();
        else {
          commit();
          remember(stored);
        }
        if (failure !== null) throw failure.error;
        faults.reachPoint();
      };
      stored.open = openMemoryDatabase(stored.image, gate, (image) => {
        if (!isAlive()) return;
        stored.image = image;
        stored.open = null;
      });
      if (stored.history.length === 0) remember(stored);
      return stored.open;
    },
    readDatabase(path: string): Db {
      const stored = names.database(path);
      if (stored === null) throw new Database.SqliteError('unable to open database file', 'SQLITE_CANTOPEN');
      return openImage(bytesOf(stored), { readonly: true });
    },
    assertDurable: assertSynced,
  };
}

function openFiles({ names, faults, process }: Parts): Omit<Disk, 'openDatabase' | 'readDatabase' | 'assertDurable'> {
  const at =
    <Args extends unknown[], Value>(work: (path: string, ...rest: Args) => Value) =>
    (path: string, ...rest: Args): Value => {
      faults.reach(path);
      return work(path, ...rest);
    };
  return {
    takeFolder: at(names.addFolders),
    lockFolder(folder) {
      if (process.locks.has(folder)) throw new FolderInUse(`Another process is using ${folder}.`);
      process.locks.add(folder);
      const { isAlive } = process.watch();
      return { release: () => void (isAlive() && process.locks.delete(folder)) };
    },
    freeBytes: faults.free,
    exists: names.exists,
    makeFolder: at(names.addFolder),
    list: at(names.list),
    sizeOf: (path) => names.file(path).bytes.length,
    rename: at(names.rename),
    remove: at(names.remove),
    truncate: at((path, bytes) => {
      const file = names.file(path);
      file.bytes = file.bytes.subarray(0, bytes);
      file.synced = bytes;
    }),
    syncFolder: at(names.sync),
    openAppend: at((path, which) => appendFile({ faults, process }, path, names.openFile(path, which))),
    openRead: at((path) => {
      const { bytes } = names.file(path);
      return { size: bytes.length, read: (from, length) => bytes.subarray(from, from + length), close: () => {} };
    }),
  };
}

function appendFile({ faults, process }: Pick<Parts, 'faults' | 'process'>, path: string, file: File): AppendFile {
  const { assertAlive } = process.watch();
  return {
    append(bytes) {
      assertAlive();
      faults.reach(path);
      faults.take(path, bytes.length);
      appendTo(file, bytes);
    },
    sync() {
      assertAlive();
      faults.reach(path);
      const outcome = faults.fileFailure();
      // After a failed sync the system takes the bytes for written: no later sync writes them.
      if (outcome === 'lost') file.isPoisoned = true;
      else if (!file.isPoisoned) file.synced = file.bytes.length;
      if (outcome !== null) throw diskError('EIO', path);
      faults.reach(path);
    },
    close: () => {},
  };
}

const bytesOf = (node: Node): Buffer => (node.kind === 'file' ? node.bytes : (node.open?.serialize() ?? node.image));

function crashFile(file: File, survives: number): void {
  file.bytes = file.bytes.subarray(0, file.synced + survives);
  file.synced = file.bytes.length;
  file.isPoisoned = false;
}

/** Every commit was synced, so the database is as it is; where they are not, only the first of the last ones stay. */
function crashDatabase(stored: Stored, survivors: ((unsynced: number) => number) | null): void {
  const { open } = stored;
  if (open === null) return;
  const image = committed(open);
  stored.open = null;
  open.close();
  const unsynced = stored.history.length - 1;
  stored.image = survivors === null || unsynced < 1 ? image : (stored.history[survivors(unsynced)] ?? image);
  if (survivors !== null) stored.history = [];
}
