// Whether the installed program is the one that was packed: every file against its checksum (S27).
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export const HASHES_FILE = 'hashes.json';

/** Paths within the folder of resources, with `/` on every system, and the SHA-256 of each in hex. */
export const Hashes = z.strictObject({ files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)) });
export type Hashes = z.infer<typeof Hashes>;

export async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * The files that are missing or other than they were packed, of those that begin with one of `within` (all, where it
 * is left out). Where the list itself can't be read, that is the one file named.
 */
export async function changedFiles(resources: string, within: string[] = ['']): Promise<string[]> {
  const packed = await readHashes(resources);
  if (packed === null) return [HASHES_FILE];
  const changed: string[] = [];
  for (const [path, wanted] of Object.entries(packed.files)) {
    if (!within.some((start) => path.startsWith(start))) continue;
    const found = await hashOfFile(join(resources, path)).catch(() => null);
    if (found !== wanted) changed.push(path);
  }
  return changed;
}

async function readHashes(resources: string): Promise<Hashes | null> {
  try {
    return Hashes.parse(JSON.parse(await readFile(join(resources, HASHES_FILE), 'utf8')));
  } catch {
    return null;
  }
}
