// The names on a disk in memory: folders, files and databases, and which changes of names were not synced yet.
import { dirname } from 'node:path';
import type { Db } from '../../storage/database.ts';
import { diskError } from './memory-faults.ts';

/** Bytes lie at the front of the room; the first `synced` outlive a crash. Poisoned: a sync failed, and none will write those bytes any more. */
export type File = { kind: 'file'; bytes: Buffer; room: Buffer; synced: number; isPoisoned: boolean };
/** The image is that of the last clean end or crash; a database that is open is asked itself. */
export type Stored = { kind: 'database'; image: Buffer; open: Db | null; history: Buffer[] };
export type Node = File | Stored;

/** Owned by whoever holds it: nothing that happens on a disk changes it. */
export type DiskImage = { folders: string[]; files: { path: string; kind: Node['kind']; bytes: Buffer }[] };

/** A change of names that a crash can take back. */
type Change = { folders: string[]; undo: () => void };

/** Folders themselves are durable at once; names in them once their folder was synced. */
export function makeNames() {
  const nodes = new Map<string, Node>();
  const folders = new Set<string>(['/']);
  let changes: Change[] = [];

  const changed = (paths: string[], undo: () => void): void => {
    changes.push({ folders: paths.map((path) => dirname(path)), undo });
  };

  function get(path: string): Node {
    const node = nodes.get(path);
    if (node === undefined) throw diskError('ENOENT', path);
    return node;
  }

  function file(path: string): File {
    const node = get(path);
    if (node.kind !== 'file') throw new Error(`${path} is a database`);
    return node;
  }

  function add(path: string, node: Node): void {
    if (!folders.has(dirname(path))) throw diskError('ENOENT', path);
    if (nodes.has(path)) throw diskError('EEXIST', path);
    nodes.set(path, node);
  }

  function addFolder(path: string): void {
    if (!folders.has(dirname(path))) throw diskError('ENOENT', path);
    folders.add(path);
  }

  function addFolders(path: string): void {
    if (!folders.has(path)) addFolders(dirname(path));
    folders.add(path);
  }

  const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

  function assertEnded(): void {
    for (const [path, node] of nodes) {
      if (node.kind === 'database' && node.open !== null) throw new Error(`${path} is open: end its process first`);
    }
  }

  return {
    get,
    file,
    database(path: string): Stored | null {
      const node = nodes.get(path);
      if (node?.kind === 'file') throw new Error(`${path} is no database`);
      return node ?? null;
    },
    openFile(path: string, which: 'new' | 'existing'): File {
      if (which === 'existing') return file(path);
      const made: File = { kind: 'file', ...fileOf(Buffer.alloc(0)) };
      add(path, made);
      changed([path], () => nodes.delete(path));
      return made;
    },
    /** It is synced with its folder at once, as the real one is. */
    addDatabase(path: string): Stored {
      const made: Stored = { kind: 'database', image: Buffer.alloc(0), open: null, history: [] };
      add(path, made);
      return made;
    },
    exists: (path: string): boolean => nodes.has(path) || folders.has(path),
    addFolder,
    addFolders,
    list(folder: string): string[] {
      if (!folders.has(folder)) throw diskError('ENOENT', folder);
      const paths = [...nodes.keys(), ...folders].filter((path) => path !== '/' && dirname(path) === folder);
      return paths.map((path) => path.slice(folder.length + 1));
    },
    rename(from: string, to: string): void {
      const node = get(from);
      nodes.delete(from);
      nodes.set(to, node);
      changed([from, to], () => {
        nodes.delete(to);
        nodes.set(from, node);
      });
    },
    remove(path: string): void {
      const node = nodes.get(path);
      if (node === undefined) return;
      nodes.delete(path);
      changed([path], () => nodes.set(path, node));
    },
    /** All changes of names in this folder are durable. */
    sync(folder: string): void {
      changes = changes.filter((change) => !change.folders.includes(folder));
    },
    /** Keeps the first of the changes that were not synced. */
    crash(survivors: (unsynced: number) => number): void {
      for (const { undo } of changes.slice(survivors(changes.length)).reverse()) undo();
      changes = [];
    },
    all: (): [string, Node][] => [...nodes],
    lose(path: string): void {
      assertEnded();
      for (const name of [...nodes.keys()]) if (isIn(name, path)) nodes.delete(name);
      for (const folder of [...folders]) if (isIn(folder, path)) folders.delete(folder);
    },
    image(bytesOf: (node: Node) => Buffer): DiskImage {
      const files = [...nodes].map(([path, node]) => ({ path, kind: node.kind, bytes: Buffer.from(bytesOf(node)) }));
      return { folders: [...folders], files };
    },
    put(image: DiskImage, selects: (path: string) => boolean = () => true): void {
      assertEnded();
      for (const path of [...nodes.keys()]) if (selects(path)) nodes.delete(path);
      for (const folder of image.folders) if (selects(folder)) addFolders(folder);
      for (const { path, kind, bytes } of image.files) {
        if (selects(path)) nodes.set(path, restored(kind, Buffer.from(bytes)));
      }
    },
  };
}

const restored = (kind: Node['kind'], bytes: Buffer): Node =>
  kind === 'file' ? { kind, ...fileOf(bytes) } : { kind, image: bytes, open: null, history: [] };

/** All of it synced. */
export const fileOf = (bytes: Buffer): Omit<File, 'kind'> => ({
  bytes,
  room: bytes,
  synced: bytes.length,
  isPoisoned: false,
});

/** In place while there is room: a journal appends a thousand times. */
export function appendTo(file: File, bytes: Uint8Array): void {
  const size = file.bytes.length + bytes.length;
  if (size > file.room.length) {
    const room = Buffer.alloc(2 * size);
    file.bytes.copy(room);
    file.room = room;
  }
  file.room.set(bytes, file.bytes.length);
  file.bytes = file.room.subarray(0, size);
}
