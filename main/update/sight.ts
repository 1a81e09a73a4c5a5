// What the law is shown: the guard's memory, the folder, the clock on the wall, and what the agent did before.
import { statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { Clock } from '../../core/clock.ts';
import { UPDATE_RETRY_MS_MAX } from '../../core/limits/updates.ts';
import type { UpdateSight } from '../../core/update.ts';
import { newest, type Place } from '../../core/update-release.ts';
import { minutesLeft, minutesUntil } from '../../core/weekly.ts';
import type { UpdateSettings } from '../../protocol/settings.ts';
import {
  type AskFile,
  GuardFile,
  type GuardSettings,
  type KeyStatement,
  type WishFile,
} from '../../protocol/update.ts';
import type { UpdateSource } from './fetch.ts';
import { readAs } from './files.ts';
import type { Offer } from './look.ts';
import type { Memory } from './memory.ts';
import type { agentPlaces, guardPlaces } from './places.ts';
import { stagedIn } from './stage.ts';

const PRODUCT = 'tillwire';
const MINUTE_MS = 60_000;

/** What this start of the agent knows; times by the clock on the wall but for captures. */
export type Seen = {
  offer: Offer | null;
  keys: KeyStatement | null;
  lookMs: number;
  retryMs: number;
  goMs: number;
  failures: number;
  wish: WishFile | null;
  /** Where and what was last looked for; null before the first pulse. */
  settings: string | null;
  asked: (AskFile & { times: number }) | null;
  /** By the monotonic clock. */
  capturedMs: number | null;
  startedMs: number;
};

export const guardState = (guard: ReturnType<typeof guardPlaces>): GuardFile | null => readAs(guard.state, GuardFile);

export type SightParts = {
  folder: string;
  version: string;
  clock: Clock;
  isImporting(): boolean;
  memory: Memory;
  seen: Seen;
  file: GuardFile | null;
  settings: UpdateSource;
  installer: GuardSettings['installer'];
  pace: GuardSettings['pace'];
  places: ReturnType<typeof agentPlaces>;
};

export function sightOf(parts: SightParts): UpdateSight {
  const { folder, version, clock, memory, seen, file, settings, pace } = parts;
  const nowMs = clock.wallMs();
  const law = file?.law ?? null;
  const { bavail, bsize } = statfsSync(folder);
  const since = (ms: number): number => clock.monotonicMs() - ms;
  return {
    nowMs,
    place: placeOf(parts),
    past: {
      running: version,
      highest: newest(memory.state().highest, law?.highest ?? version, version),
      bad: law?.bad ?? [],
    },
    offered: seen.offer?.release ?? null,
    ...{ lookMs: seen.lookMs, retryMs: seen.retryMs, goMs: Math.max(seen.goMs, gaveUpUntil(law, nowMs)) },
    staged: stagedIn(parts.places),
    guarded: law?.kept.map(({ sha256 }) => sha256) ?? [],
    // It may have been the clock of this PC, or keys that came since.
    refused: (file?.refused ?? []).filter(({ atMs }) => nowMs - atMs < UPDATE_RETRY_MS_MAX).map(({ sha256 }) => sha256),
    hasWayBack: law?.kept.some((kept) => kept.version === version) ?? false,
    isGuardBusy: law !== null && law.job !== null,
    isAskedNow: seen.wish?.word === 'now' && nowMs < seen.wish.untilMs,
    freeBytes: bavail * bsize,
    journalBytes: statSync(join(folder, 'journal.db'), { throwIfNoEntry: false })?.size ?? 0,
    sinceCaptureMs: seen.capturedMs === null ? null : since(seen.capturedMs),
    sinceStartMs: since(seen.startedMs),
    isImporting: parts.isImporting(),
    window: windowAt(settings, nowMs),
    ...{ quietMs: pace?.quietMs, windowLeftMs: pace?.windowLeftMs },
  };
}

/** What is refused on other computers is refused here: macOS and the like have no installer that could be offered. */
function placeOf({ settings, installer }: SightParts): Place {
  const platform = process.platform === 'win32' ? 'win32' : 'linux';
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  return {
    name: PRODUCT,
    platform,
    arch,
    installer,
    channel: settings.channel,
    ring: settings.ring,
    upTo: settings.upTo,
  };
}

/** Nothing was changed then, so it may be tried again, though not in the same night's every minute. */
function gaveUpUntil(law: GuardFile['law'] | null, nowMs: number): number {
  const last = law?.last ?? null;
  if (last?.outcome !== 'given-up' || nowMs < last.atMs) return 0;
  return last.atMs + UPDATE_RETRY_MS_MAX;
}

/** By the clock on the wall of the store. */
export function windowAt({ window }: UpdateSettings, nowMs: number): UpdateSight['window'] {
  const { weekday, hour, minute } = DateTime.fromMillis(nowMs);
  const minuteOfWeek = ((weekday - 1) * 24 + hour) * 60 + minute;
  const opensIn = minutesUntil(window, minuteOfWeek);
  return {
    leftMs: minutesLeft(window, minuteOfWeek) * MINUTE_MS,
    opensInMs: opensIn === null ? null : opensIn * MINUTE_MS,
  };
}
