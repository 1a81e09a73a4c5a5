// Drives again what was set aside, by every reading that this computer has: drop folders, webhooks, feeds without settings.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { feedOf } from '../../capture/csv/mapping.ts';
import { SETTINGS_FILE } from '../../capture/drop-file.ts';
import { feedId } from '../../capture/feeds/plan.ts';
import { type IntakeParts, parseReading, parseReadingText, type Reading, redriveBy } from '../../capture/reading.ts';
import { readWebhook } from '../../capture/webhook-settings.ts';
import { MAPPING_BYTES_MAX } from '../../core/limits/files.ts';
import { VENDORS } from '../../protocol/local/webhooks.ts';

type Where = {
  folder: string;
  intake: IntakeParts;
  /** By drop folder, as head office configures them: they count before what the folders say. */
  configured: ReadonlyMap<string, Reading>;
  setAside(): Promise<number>;
};

/** A sentence: what was placed, and what is left. */
export async function redriveAll({ folder, intake, configured, setAside }: Where): Promise<string> {
  if ((await setAside()) === 0) return 'Nothing is set aside.';
  let resolved = 0;
  for (const reading of await readingsIn(folder, configured)) resolved += (await redriveBy(reading, intake)).resolved;
  const left = await setAside();
  const what = resolved === 1 ? '1 could be placed' : `${resolved} could be placed`;
  return left === 0 ? `${what}; nothing is set aside any more.` : `${what}; ${left} still wait for a person there.`;
}

/** Each source once, where several folders are read in the same name. */
async function readingsIn(folder: string, configured: Where['configured']): Promise<Reading[]> {
  const inFolders = await ofDropFolders(join(folder, 'drop'), configured);
  const found = [...inFolders, ...(await ofWebhooks(join(folder, 'webhooks'))), ...configured.values()];
  const bySource = new Map(found.map((reading) => [sourceOf(reading), reading]));
  return [...bySource.values()];
}

const sourceOf = (reading: Reading): string =>
  reading.kind === 'mapping' ? feedOf(reading.mapping) : feedId(reading.settings);

async function ofDropFolders(folder: string, configured: Where['configured']): Promise<Reading[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const readings: Reading[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory() && !configured.has(entry.name))) {
    const path = join(folder, name, SETTINGS_FILE);
    const size = (await stat(path).catch(() => null))?.size;
    if (size === undefined || size > MAPPING_BYTES_MAX) continue;
    const parsed = parseReadingText(await readFile(path, 'utf8'));
    if (parsed.ok) readings.push(parsed.reading);
  }
  return readings;
}

async function ofWebhooks(folder: string): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const vendor of VENDORS) {
    const read = await readWebhook(folder, vendor);
    const parsed = read.ok ? parseReading(read.webhook.settings) : null;
    if (parsed?.ok === true) readings.push(parsed.reading);
  }
  return readings;
}
