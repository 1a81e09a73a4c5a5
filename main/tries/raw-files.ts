// Files of a drop folder that were taken in the last days, as they still lie there: they can be read once more.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TRY_FILE_BYTES_MAX, TRY_FILES_BYTES_MAX, TRY_FILES_MAX } from '../../core/limits/tries.ts';

export type RawFile = { name: string; path: string; bytes: number; takenMs: number };

/** Where files go that were imported, and those that could not be used as a whole; each with a file that says so beside it. */
const PLACES = [
  { folder: 'done', told: '.result.json' },
  { folder: 'set-aside', told: '.reason.txt' },
] as const;

/** Newest first. `left`: more than are looked at. */
export async function rawFiles(home: string, sinceMs: number): Promise<{ files: RawFile[]; left: number }> {
  const found = (await Promise.all(PLACES.map((place) => filesIn(join(home, place.folder), place.told)))).flat();
  const recent = found.filter(({ takenMs }) => takenMs >= sinceMs).sort((a, b) => b.takenMs - a.takenMs);
  const files: RawFile[] = [];
  let bytes = 0;
  for (const file of recent) {
    if (file.bytes > TRY_FILE_BYTES_MAX) continue;
    bytes += file.bytes;
    if (files.length >= TRY_FILES_MAX || bytes > TRY_FILES_BYTES_MAX) break;
    files.push(file);
  }
  return { files, left: recent.length - files.length };
}

async function filesIn(folder: string, told: string): Promise<RawFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
  // What tells of a file is none itself.
  const raw = [...names].filter((name) => !(name.endsWith(told) && names.has(name.slice(0, -told.length))));
  const files = await Promise.all(
    raw.map(async (name) => {
      const path = join(folder, name);
      const [own, beside] = await Promise.all([stat(path).catch(() => null), stat(`${path}${told}`).catch(() => null)]);
      if (own === null) return [];
      // A file keeps its own time when it is moved: the one beside it was written when it was taken.
      return [{ name, path, bytes: own.size, takenMs: (beside ?? own).mtimeMs }];
    }),
  );
  return files.flat();
}
