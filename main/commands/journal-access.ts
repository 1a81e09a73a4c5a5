// Commands that capture without a running agent: the journal is opened here, for as long as they need it.
import { readFileSync } from 'node:fs';
import { type CsvMapping, issuesText, parseMappingText } from '../../capture/csv/mapping.ts';
import { type Storage, startStorage } from '../../storage/client.ts';
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
    return await work({ journal, store, pseudonymKey: Buffer.from(pseudonymKey, 'hex'), spillFolder: where.folder });
  } finally {
    await journal.close();
  }
}

/** A mapping file: as text for an agent, and parsed. */
export function readMapping(path: string): { text: string; mapping: CsvMapping } {
  const text = readText(path);
  const parsed = parseMappingText(text);
  if (!parsed.ok) throw new UsageError(`${path}: ${issuesText(parsed.issues)}.`);
  return { text, mapping: parsed.mapping };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
