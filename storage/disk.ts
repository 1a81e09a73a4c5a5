// All that the journal does with files, as a port: node's files here, an in-memory disk that crashes in the simulator.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { assertDurable, type Db, openDatabase, syncFolder } from './database.ts';
import { type Lock, lockFolder } from './lock.ts';
import { makePrivateFolder } from './private-folder.ts';

/** A file that only grows. What was appended is on the disk once `sync` has returned; if that throws, nobody knows. */
export type AppendFile = {
  append(bytes: Uint8Array): void;
  sync(): void;
  close(): void;
};

export type ReadFile = {
  /** Bytes at the time of opening. */
  size: number;
  /** Up to `length` bytes from `at` on; fewer at the end. */
  read(at: number, length: number): Buffer;
  close(): void;
};

/** Everything is synchronous and throws what the disk says: databases `SqliteError`, files an error with a `code`. */
export type Disk = {
  /** Makes a data folder and those above it. Throws FolderHoldsOther where it would take over a stranger's. */
  takeFolder(folder: string): void;
  /** Held until released or until the process ends. Throws FolderInUse where another holds it (D13). */
  lockFolder(folder: string): Lock;
  /** For writing, made where it is absent; each commit is on the disk when it returns (F3). */
  openDatabase(path: string): Db;
  /** For reading; a damaged file may open and fail later. Throws where there is none. */
  readDatabase(path: string): Db;
  /** Throws where commits would not survive a power cut; to be called after a write (F3). */
  assertDurable(db: Db): void;
  /** Bytes that may still be written where a folder lies. */
  freeBytes(folder: string): number;
  exists(path: string): boolean;
  /** Makes the last folder of the path only, for its owner; nothing where it is there. */
  makeFolder(path: string): void;
  /** Names in a folder, in no order. */
  list(folder: string): string[];
  sizeOf(path: string): number;
  rename(from: string, to: string): void;
  /** Nothing where it is absent. */
  remove(path: string): void;
  /** Cuts a file to its first bytes; on the disk when it returns. */
  truncate(path: string, bytes: number): void;
  /** New and renamed names of a folder are on the disk when it returns. */
  syncFolder(folder: string): void;
  /** A new file must not be there yet, an existing one goes on growing. */
  openAppend(path: string, which: 'new' | 'existing'): AppendFile;
  openRead(path: string): ReadFile;
};

/** The files of this computer. */
export const systemDisk: Disk = {
  takeFolder: makePrivateFolder,
  lockFolder,
  openDatabase,
  readDatabase: (path) => new Database(path, { readonly: true }),
  assertDurable,
  freeBytes(folder) {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  },
  exists: existsSync,
  makeFolder(path) {
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
  },
  list: (folder) => readdirSync(folder),
  sizeOf: (path) => statSync(path).size,
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  truncate(path, bytes) {
    const handle = openSync(path, 'r+');
    try {
      ftruncateSync(handle, bytes);
      fdatasyncSync(handle);
    } finally {
      closeSync(handle);
    }
  },
  syncFolder,
  openAppend(path, which) {
    const handle = openSync(path, which === 'new' ? 'wx' : 'a', 0o600);
    return {
      append(bytes) {
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      },
      sync: () => fdatasyncSync(handle),
      close: () => closeSync(handle),
    };
  },
  openRead(path) {
    const handle = openSync(path, 'r');
    return {
      size: fstatSync(handle).size,
      read(at, length) {
        const bytes = Buffer.allocUnsafe(length);
        return bytes.subarray(0, readSync(handle, bytes, 0, length, at));
      },
      close: () => closeSync(handle),
    };
  },
};
