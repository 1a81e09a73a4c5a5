// What the agent does next about updates, decided from what it sees: pure, asked again at every pulse.
import {
  UPDATE_DISK_RESERVE_BYTES,
  UPDATE_QUIET_MS,
  UPDATE_RETRY_MS_MAX,
  UPDATE_RETRY_MS_MIN,
  UPDATE_WINDOW_LEFT_MS,
} from './limits/updates.ts';
import { judgeRelease, type Past, type Place, type Refusal, type Release } from './update-release.ts';

export type UpdateSight = {
  nowMs: number;
  place: Place;
  past: Past;
  /** The release that the address offers, its signature checked; null where none was seen. */
  offered: Release | null;
  /** When to look at the address again, and when to download again after a failure. */
  lookMs: number;
  retryMs: number;
  /** When the guard may be asked again after it gave up before anything was changed. */
  goMs: number;
  /** SHA-256 of installers that lie here whole and checked, and of those that the guard has taken over. */
  staged: readonly string[];
  guarded: readonly string[];
  /** SHA-256 of an installer that the guard refused: it is not handed over again. */
  refused: readonly string[];
  /** The guard holds the installer of the version that runs. */
  hasWayBack: boolean;
  /** The guard is at work: installing, or watching a new version. */
  isGuardBusy: boolean;
  /** A person asked for it at this PC: at any time of day, yet never while tills are selling. */
  isAskedNow: boolean;
  freeBytes: number;
  journalBytes: number;
  /** Since the last capture; null where nothing was captured since the start. `sinceStartMs` counts then. */
  sinceCaptureMs: number | null;
  sinceStartMs: number;
  /** A file is being imported, or taken from the drop folder. */
  isImporting: boolean;
  /** Of the maintenance window, by the clock on the wall. */
  window: { leftMs: number; opensInMs: number | null };
  quietMs?: number | undefined;
  windowLeftMs?: number | undefined;
};

export type WaitReason =
  | 'nothing-offered'
  | 'newest'
  | 'other-ring'
  | 'beyond'
  | 'not-yet'
  | 'refused'
  | 'guard-refused'
  | 'guard-busy'
  | 'guard-takes-over'
  | 'retry'
  | 'disk-full'
  | 'outside-window'
  | 'selling'
  | 'importing';

export type UpdateStep =
  | { do: 'look' }
  | { do: 'download'; release: Release }
  | { do: 'download-way-back' }
  | { do: 'hand-over'; release: Release }
  | { do: 'go'; release: Release }
  | { do: 'wait'; why: WaitReason; untilMs: number; refusal?: Refusal | undefined };

/** Every step but "go" may be taken at any time: tills notice nothing of them. */
export function nextUpdateStep(sight: UpdateSight): UpdateStep {
  const { nowMs, offered, lookMs } = sight;
  const wait = (why: WaitReason, untilMs = lookMs): UpdateStep => ({ do: 'wait', why, untilMs });
  // What the guard began it ends; its new version speaks for itself.
  if (sight.isGuardBusy) return wait('guard-busy');
  if (nowMs >= lookMs) return { do: 'look' };
  if (offered === null) return wait('nothing-offered');
  const judged = judgeRelease(offered, sight.place, sight.past, nowMs);
  if (judged.kind === 'refuse') return { do: 'wait', why: 'refused', untilMs: lookMs, refusal: judged.why };
  if (judged.kind === 'not-yet') return wait('not-yet', Math.min(lookMs, judged.untilMs));
  if (judged.kind !== 'take') return wait(judged.kind);
  if (sight.refused.includes(offered.sha256)) return wait('guard-refused');
  return nextPreparation(sight, offered) ?? nextMoment(sight, offered);
}

/** Brings both installers to where the guard has them: the new one, and the one that leads back. */
function nextPreparation(sight: UpdateSight, release: Release): UpdateStep | null {
  const { nowMs, retryMs, staged, guarded, hasWayBack } = sight;
  if (guarded.includes(release.sha256) && hasWayBack) return null;
  const needed = release.size * 2 + sight.journalBytes + UPDATE_DISK_RESERVE_BYTES;
  if (sight.freeBytes < needed) return { do: 'wait', why: 'disk-full', untilMs: sight.lookMs };
  if (!hasWayBack && nowMs >= retryMs) return { do: 'download-way-back' };
  if (!staged.includes(release.sha256) && !guarded.includes(release.sha256)) {
    return nowMs >= retryMs ? { do: 'download', release } : { do: 'wait', why: 'retry', untilMs: retryMs };
  }
  if (!guarded.includes(release.sha256)) return { do: 'hand-over', release };
  return { do: 'wait', why: 'retry', untilMs: retryMs };
}

/** Only inside the window, only while no till is selling, never on a disk that is too full. */
function nextMoment(sight: UpdateSight, release: Release): UpdateStep {
  const { nowMs, lookMs, window, quietMs = UPDATE_QUIET_MS, windowLeftMs = UPDATE_WINDOW_LEFT_MS } = sight;
  const wait = (why: WaitReason, untilMs: number): UpdateStep => ({ do: 'wait', why, untilMs });
  if (sight.freeBytes < sight.journalBytes + UPDATE_DISK_RESERVE_BYTES) return wait('disk-full', lookMs);
  if (!sight.isAskedNow && window.leftMs < windowLeftMs) {
    return wait('outside-window', Math.min(lookMs, nowMs + (window.opensInMs ?? lookMs - nowMs)));
  }
  if (nowMs < sight.goMs) return wait('retry', sight.goMs);
  if (sight.isImporting) return wait('importing', nowMs);
  // After a start nobody knows what came before it: it counts as a capture.
  const quiet = Math.min(sight.sinceCaptureMs ?? sight.sinceStartMs, sight.sinceStartMs);
  if (quiet < quietMs) return wait('selling', nowMs + quietMs - quiet);
  return { do: 'go', release };
}

/** Wait after the n-th failure in a row (from 1 on): grows, by chance (uniform in [0, 1)), up to a bound. */
export function retryWaitMs(failures: number, chance: number): number {
  const top = Math.min(UPDATE_RETRY_MS_MAX, UPDATE_RETRY_MS_MIN * 2 ** Math.min(failures, 20));
  return Math.round(UPDATE_RETRY_MS_MIN + chance * (top - UPDATE_RETRY_MS_MIN));
}
