// Commands that capture without a running agent: the journal is opened here, for as long as they need it.
import { readFileSync } from 'node:fs';
import { issuesText } from '../../capture/csv/mapping.ts';
import { parseReadingText, type Reading } from '../../capture/reading.ts';
import { type Storage, startStorage } from '../../storage/client.ts';
import { revisionInForce } from '../configuration/files.ts';
import { openIdentity } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';

export type JournalAccess = { journal: Storage; store: string; pseudonymKey: Uint8Array; spillFolder: string };

export async function withStorage<T>(
  where: { folder: string; store?: string | undefined },
  work: (access: JournalAccess) => Promise<T>,
): Promise<T> {
  const { store, pseudonymKey } = openIdentity(where.folder, { store: where.store });
  const journal = await startStorage({ folder: where.folder, store });
  try {
    await journal.captureUnder(revisionInForce(where.folder));
    return await work({ journal, store, pseudonymKey: Buffer.from(pseudonymKey, 'hex'), spillFolder: where.folder });
  } finally {
    await journal.close();
  }
}

/** What says how a file is read: its text for an agent, and parsed. */
export type ReadingFile = { text: string; reading: Reading };

export type ReadingOptions = { mapping?: string | undefined; settings?: string | undefined; feed?: string | undefined };

/**
 * One of a mapping file, a settings file and the name of a feed that needs no settings; a feed beside a file must be the
 * one that the file is of ("csv" is that of a mapping). Null where none is named.
 */
export function readReading({ mapping, settings, feed }: ReadingOptions): ReadingFile | null {
  if (mapping !== undefined && settings !== undefined) {
    throw new UsageError('Name either --mapping or --settings: a file is read in one way.');
  }
  const path = mapping ?? settings;
  if (path === undefined) return feed === undefined ? null : parsed('--feed', JSON.stringify({ feed }));
  const found = parsed(path, readText(path));
  const is = found.reading.kind === 'feed' ? found.reading.settings.feed : 'csv';
  if (feed === undefined || feed === is) return found;
  throw new UsageError(`${path} is for the feed ${is}, and --feed says ${feed}.`);
}

function parsed(path: string, text: string): ReadingFile {
  const result = parseReadingText(text);
  if (!result.ok) throw new UsageError(`${path}: ${issuesText(result.issues)}.`);
  return { text, reading: result.reading };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
