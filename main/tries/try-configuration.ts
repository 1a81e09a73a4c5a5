// Tries a configuration on this computer's own files and journal of the last days. Nothing is kept or changed.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { trafficOf } from '../../core/dry-run/traffic.ts';
import { EXCEPTION_TYPES, policyOf } from '../../core/exception.ts';
import { FEEDS_MAX } from '../../core/limits/configuration.ts';
import { TRY_TIME_MS } from '../../core/limits/tries.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';
import { StoreDocument } from '../../protocol/configuration/revision.ts';
import type { TryFeed, TryResult, TryTask } from '../../protocol/device/tries.ts';
import { journalDays } from './journal-days.ts';
import { rawFiles } from './raw-files.ts';
import { type FolderReading, readingsUnder } from './readings.ts';
import { type ReplayParts, replayFolder, untried } from './replay-folder.ts';

export type InForce = { configuration: Configuration; revision: number | null };

export type TryParts = {
  folder: string;
  store: string;
  inForce: InForce;
  nowMs: number;
  /** Milliseconds of a clock that nobody sets. */
  monotonicMs(): number;
  say(message: string): void;
};

const DAY_MS = 86_400_000;
const FOLDERS_MAX = 2 * FEEDS_MAX;

/** Throws where the document is none for this store. */
export async function tryConfiguration(task: Pick<TryTask, 'days' | 'document'>, parts: TryParts): Promise<TryResult> {
  const { folder, store, inForce, nowMs } = parts;
  const after = configurationIn(task.document, store);
  const before = inForce.configuration;
  const sinceMs = nowMs - task.days * DAY_MS;
  const dropFolder = join(folder, 'drop');
  const lateMs = parts.monotonicMs() + TRY_TIME_MS;
  const replay: ReplayParts = {
    ...{ store, spillFolder: folder, say: parts.say },
    pseudonymKey: randomBytes(32),
    isLate: () => parts.monotonicMs() > lateMs,
  };
  const feeds: TryFeed[] = [];
  for (const reading of (await readingsUnder(dropFolder, before, after)).slice(0, FOLDERS_MAX)) {
    feeds.push(await tryFolder(reading, join(dropFolder, reading.name), sinceMs, replay));
  }
  parts.say('The entries of these days are counted.');
  const { days, ways } = await journalDays(folder, sinceMs);
  return {
    ...{ v: 1, applied: inForce.revision, fromMs: sinceMs, toMs: nowMs, feeds, ways },
    traffic: {
      before: trafficOf(days, before.sync ?? {}),
      after: trafficOf(days, after.sync ?? {}, scaleOf(days, feeds)),
    },
    deadlines: deadlinesThatDiffer(before, after),
  };
}

function configurationIn(document: string, store: string): Configuration {
  const parsed = StoreDocument.safeParse(JSON.parse(document));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`What this computer shall try is no configuration: ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const { store: addressee, configuration } = parsed.data;
  if (addressee === store || addressee === '*') return configuration;
  throw new Error(`What this computer shall try is for store ${addressee}, and this one is ${store}.`);
}

async function tryFolder(reading: FolderReading, home: string, sinceMs: number, parts: ReplayParts): Promise<TryFeed> {
  const { name, after, isSame, problem } = reading;
  const raw = await rawFiles(home, sinceMs);
  const files = raw.files.length + raw.left;
  if (isSame) return untried(name, reading.before === null ? 'no-reading' : 'same', null, files);
  if (problem !== null) return untried(name, 'unusable', problem, files);
  if (after === null) return untried(name, 'no-reading', null, files);
  return replayFolder({ ...reading, after }, raw, parts);
}

/** How many times as many entries, and bytes, the journal would have of these days. */
function scaleOf(
  days: readonly { entries: number; bytes: number }[],
  feeds: readonly TryFeed[],
): { entries: number; bytes: number } {
  const more = (what: 'facts' | 'bytes'): number =>
    feeds.reduce((sum, { before, after }) => sum + after[what] - before[what], 0);
  const entries = days.reduce((sum, day) => sum + day.entries, 0);
  const bytes = days.reduce((sum, day) => sum + day.bytes, 0);
  const ratio = (now: number, change: number): number => (now === 0 ? 1 : Math.max(0, now + change) / now);
  return { entries: ratio(entries, more('facts')), bytes: ratio(bytes, more('bytes')) };
}

function deadlinesThatDiffer(before: Configuration, after: Configuration): TryResult['deadlines'] {
  const hoursIn = ({ conflicts = {} }: Configuration, type: (typeof EXCEPTION_TYPES)[number]): number =>
    conflicts[type]?.hours ?? policyOf(type).hours;
  return EXCEPTION_TYPES.map((type) => ({ type, before: hoursIn(before, type), after: hoursIn(after, type) })).filter(
    (deadline) => deadline.before !== deadline.after,
  );
}
