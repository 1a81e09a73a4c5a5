// How a file is read: by the settings of a feed, or by a mapping of its columns. Everything that takes files asks here.
import { z } from 'zod';
import type { FeedResult, ImportResult, Issue, RedriveResult } from '../protocol/local/capture.ts';
import { importCsv } from './csv/import.ts';
import { type CsvMapping, parseMapping } from './csv/mapping.ts';
import { redrive } from './csv/redrive.ts';
import type { Bytes } from './csv/source.ts';
import type { Feed } from './feeds/feed.ts';
import { importFeed } from './feeds/import.ts';
import { redriveFeed } from './feeds/redrive.ts';
import { feedNamed } from './feeds/registry.ts';
import { FeedSettings } from './feeds/settings.ts';
import { issuesOf } from './issues.ts';
import type { CaptureJournal } from './ports.ts';

export type Reading = { kind: 'mapping'; mapping: CsvMapping } | { kind: 'feed'; feed: Feed; settings: FeedSettings };

export type ParsedReading = { ok: true; reading: Reading } | { ok: false; issues: Issue[] };

/** A JSON object with "feed" holds the settings of that feed; one without is a mapping. */
export function parseReading(value: unknown): ParsedReading {
  if (!NamesFeed.safeParse(value).success) {
    const parsed = parseMapping(value);
    return parsed.ok ? { ok: true, reading: { kind: 'mapping', mapping: parsed.mapping } } : parsed;
  }
  const parsed = FeedSettings.safeParse(value);
  if (!parsed.success) return { ok: false, issues: issuesOf(parsed.error, value) };
  const feed = feedNamed(parsed.data.feed);
  if (feed !== undefined) return { ok: true, reading: { kind: 'feed', feed, settings: parsed.data } };
  return { ok: false, issues: [{ field: 'feed', problem: 'is not read from files', fix: 'name another feed' }] };
}

const NamesFeed = z.object({ feed: z.unknown() }).refine(({ feed }) => feed !== undefined);

/** The text of a mapping or settings file; a byte order mark is let pass. */
export function parseReadingText(text: string): ParsedReading {
  try {
    return parseReading(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch (error) {
    const problem = `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    return { ok: false, issues: [{ field: 'the file', problem, fix: 'mend it in a text editor' }] };
  }
}

export type IntakeParts = {
  journal: CaptureJournal;
  store: string;
  pseudonymKey: Uint8Array;
  /** Folder for private temporary files. */
  spillFolder: string;
};

/** `spillFolder` is null where nothing may be written. */
type ImportParts = Omit<IntakeParts, 'spillFolder'> & { spillFolder: string | null };

export type FileToRead = {
  /** Bytes, perhaps gzip. */
  source: Bytes;
  fileName: string;
  onProgress?: ((progress: { rows: number; placed: number }) => void) | undefined;
};

/** Rejects with ImportStopped where the file can't be used to its end; importing it again is always harmless. */
export const importBy = (reading: Reading, parts: ImportParts, file: FileToRead): Promise<ImportResult | FeedResult> =>
  reading.kind === 'mapping'
    ? importCsv({ ...parts, ...file, mapping: reading.mapping })
    : importFeed({ ...parts, ...file, feed: reading.feed, settings: reading.settings });

/** Drives what this feed or mapping set aside again. */
export const redriveBy = (reading: Reading, parts: IntakeParts): Promise<RedriveResult> =>
  reading.kind === 'mapping'
    ? redrive({ ...parts, mapping: reading.mapping })
    : redriveFeed({ ...parts, feed: reading.feed, settings: reading.settings });
