// Whether the installed program is the one that was packed: each file by its hash, before anything is started (S27).
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { OWN_FILES_BYTES_MAX } from '../../core/limits/desktop.ts';

/** Beside the program's files, in the folder that Electron calls resources. */
export const HASHES_FILE = 'hashes.json';
/** Without it the list would say nothing of the program itself. */
const PROGRAM_FILE = 'app.asar';

/** Path below the folder, with slashes, and SHA-256 in hex. */
const Hashes = z.record(
  z.string().regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[^/\\:\0][^\\:\0]*$/),
  z.string().regex(/^[0-9a-f]{64}$/),
);
export type Hashes = z.infer<typeof Hashes>;

export function hashesOf(folder: string, paths: readonly string[]): Hashes {
  return Hashes.parse(Object.fromEntries(paths.map((path) => [path, hashOf(join(folder, path))])));
}

/** Null where all is as it was packed; else the sentence that says what is not. */
export function checkOwnFiles(folder: string): string | null {
  const list = join(folder, HASHES_FILE);
  let hashes: Hashes;
  try {
    if (statSync(list).size > OWN_FILES_BYTES_MAX) return changed(list);
    hashes = Hashes.parse(JSON.parse(readFileSync(list, 'utf8')));
  } catch {
    return changed(list);
  }
  if (!Object.hasOwn(hashes, PROGRAM_FILE)) return changed(list);
  for (const [path, hash] of Object.entries(hashes)) {
    const file = join(folder, path);
    if (!isSame(file, hash)) return changed(file);
  }
  return null;
}

/** Whether another version was installed in this place since now. */
export function watchOwnFiles(folder: string): () => boolean {
  const list = join(folder, HASHES_FILE);
  const read = (): string | null => {
    try {
      return readFileSync(list, 'utf8');
    } catch {
      return null;
    }
  };
  const before = read();
  return () => {
    const now = read();
    return now !== null && now !== before;
  };
}

function isSame(file: string, hash: string): boolean {
  try {
    return hashOf(file) === hash;
  } catch {
    return false;
  }
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

const changed = (file: string): string =>
  `Tillwire was not started: ${file} is not as it was installed. Install Tillwire again; the sales on this PC are safe.`;
