// How each drop folder of this computer is read now, and how it would be read under another configuration.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SETTINGS_FILE } from '../../capture/drop-file.ts';
import { parseReading, type Reading } from '../../capture/reading.ts';
import { canonicalJson } from '../../core/canonical.ts';
import { MAPPING_BYTES_MAX } from '../../core/limits/files.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';
import type { Issue } from '../../protocol/local/capture.ts';

/** Null where a folder has none, or one that cannot be used now. */
export type FolderReading = {
  name: string;
  before: Reading | null;
  after: Reading | null;
  /** Word for word the same. */
  isSame: boolean;
  /** Why the new one cannot be used. */
  problem: string | null;
};

/** A configuration's reading wins over the folder's own file. By name. */
export async function readingsUnder(
  dropFolder: string,
  before: Configuration,
  after: Configuration,
): Promise<FolderReading[]> {
  const entries = await readdir(dropFolder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const configured = [before, after].flatMap(({ feeds }) => Object.keys(feeds ?? {}));
  const names = [...new Set([...folders, ...configured])].sort();
  return Promise.all(
    names.map(async (name) => {
      const own = await ownReading(join(dropFolder, name, SETTINGS_FILE));
      const was = configuredReading(before, name) ?? own;
      const is = configuredReading(after, name) ?? own;
      const parsed = is === null ? null : parseReading(is);
      return {
        name,
        before: readingOf(was),
        after: parsed?.ok === true ? parsed.reading : null,
        isSame: textOf(was) === textOf(is),
        problem: parsed?.ok === false ? problemOf(parsed.issues) : null,
      };
    }),
  );
}

function configuredReading({ feeds = {} }: Configuration, name: string): unknown {
  return Object.hasOwn(feeds, name) ? feeds[name]?.reading : undefined;
}

function readingOf(value: unknown): Reading | null {
  if (value === null) return null;
  const parsed = parseReading(value);
  return parsed.ok ? parsed.reading : null;
}

/** What is no whole number is written as text: only whether both are the same counts. */
function textOf(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return JSON.stringify(value);
  }
}

/** Null where there is none, or none that is JSON. */
async function ownReading(path: string): Promise<unknown> {
  const size = (await stat(path).catch(() => null))?.size;
  if (size === undefined || size > MAPPING_BYTES_MAX) return null;
  try {
    return JSON.parse((await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
  } catch {
    return null;
  }
}

const problemOf = (issues: readonly Issue[]): string =>
  issues.map(({ field, problem, fix }) => `${field} ${problem}: ${fix}`).join('; ');
