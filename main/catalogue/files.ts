// Where an agent keeps head office's catalogue as it came: what is being fetched, and the last good one for a new journal.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_BYTES_MAX } from '../../core/limits/catalogue.ts';
import { SignedCatalogue } from '../../protocol/catalogue.ts';
import { writePrivateFile } from '../data-folder.ts';

export type CatalogueFiles = ReturnType<typeof catalogueFiles>;

const MANIFEST = 'manifest.json';
const PART = '.part';

export function catalogueFiles(dataFolder: string) {
  const folder = join(dataFolder, 'catalogue');
  const snapshot = (sha256: string): string => join(folder, `${sha256}.gz`);
  const part = (sha256: string): string => join(folder, `${sha256}${PART}`);

  function remove(isLeft: (name: string) => boolean): void {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) if (!isLeft(name)) rmSync(join(folder, name), { force: true });
  }

  return {
    /** A snapshot whose bytes were checked. */
    snapshot,
    has: (sha256: string): boolean => existsSync(snapshot(sha256)),
    /** Bytes of a snapshot as far as they came. What came of others is of no use any more. */
    part(sha256: string): string {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      remove((name) => !name.endsWith(PART) || name === `${sha256}${PART}`);
      return part(sha256);
    },
    isGood: (sha256: string): void => renameSync(part(sha256), snapshot(sha256)),
    drop: (sha256: string): void => remove((name) => !name.startsWith(sha256)),
    /** The last good one is this: what a new journal is filled from without a line. */
    keep(signed: SignedCatalogue, sha256: string): void {
      writePrivateFile(join(folder, MANIFEST), JSON.stringify(signed));
      remove((name) => name === MANIFEST || name === `${sha256}.gz`);
    },
    /** As it was kept; whether it is head office's is for the reader to check. */
    kept(): SignedCatalogue | null {
      const path = join(folder, MANIFEST);
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size === 0 || size > 2 * MANIFEST_BYTES_MAX) return null;
      try {
        return SignedCatalogue.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        return null;
      }
    },
  };
}
