// Reads a text as a file of a feed into a journal in memory.
import type { Feed } from '../../capture/feeds/feed.ts';
import { importFeed } from '../../capture/feeds/import.ts';
import { jsonl } from '../../capture/feeds/jsonl/feed.ts';
import { redriveFeed } from '../../capture/feeds/redrive.ts';
import { FeedSettings } from '../../capture/feeds/settings.ts';
import type { CaptureJournal } from '../../capture/ports.ts';
import type { FeedResult, RedriveResult } from '../../protocol/local/capture.ts';
import { sale } from './door.ts';
import { bytesOf, pseudonymKey } from './imports.ts';

export const settingsOf = (changes: Record<string, unknown> = {}): FeedSettings =>
  FeedSettings.parse({ feed: 'jsonl', timeZone: 'Europe/London', ...changes });

export const linesText = (...documents: unknown[]): string =>
  documents.map((each) => `${typeof each === 'string' ? each : JSON.stringify(each)}\n`).join('');

/** The document that a till would post, without its clock. */
export function saleLine(receipt: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { sentAt: _, ...document } = sale(receipt, changes);
  return document;
}

export const importLines = (
  journal: CaptureJournal,
  content: string | Uint8Array,
  settings = settingsOf(),
  feed: Feed = jsonl,
): Promise<FeedResult> =>
  importFeed({ source: bytesOf(content), feed, settings, store: 'S001', fileName: 'day.jsonl', journal, pseudonymKey });

export const redriveLines = (
  journal: CaptureJournal,
  settings = settingsOf(),
  feed: Feed = jsonl,
): Promise<RedriveResult> => redriveFeed({ journal, feed, settings, store: 'S001', pseudonymKey });

/** Everything in the file is in exactly one class. */
export const balanced = ({ items, captured, duplicates, setAside, passed }: FeedResult): boolean =>
  items === captured + duplicates + setAside + passed;
