// What the guard does next: it installs a version, watches it, and puts the previous one back. Pure.
import {
  UPDATE_BAD_MAX,
  UPDATE_STARTS_MAX,
  UPDATE_TRIAL_MS,
  UPDATE_TRIES_MAX,
  UPDATE_WELL_MS,
} from './limits/updates.ts';
import { compareVersions, newest, type Version } from './update-release.ts';

/** An installer that the guard took over and checked itself. */
export type Kept = { version: Version; sha256: string; size: number; journal: number; file: string };

/** Forward: stop, copy the journal, install, start, watch. Back: stop, see to the journal, install, start. */
export type Phase =
  | 'stop'
  | 'copy'
  | 'install'
  | 'start'
  | 'watch'
  | 'back-stop'
  | 'back-journal'
  | 'back-install'
  | 'back-start';

export type Job = {
  from: Kept;
  to: Kept;
  phase: Phase;
  /** Of this phase: counted before the attempt, so that a power cut counts too. */
  tries: number;
  sinceMs: number;
  /** Failed starts, and restarts of the PC, during the trial. */
  failedStarts: number;
  why: string | null;
};

/** well: it stays. put-back: the previous one runs again. given-up: nothing was changed. stuck: a person is needed. */
export type Ending = {
  outcome: 'well' | 'put-back' | 'given-up' | 'stuck';
  version: Version;
  why: string | null;
  atMs: number;
};

export type GuardState = {
  /** What is installed, as far as the guard knows. */
  running: Version;
  /** Highest version that ever ran or was accepted; only ever grows (S28). */
  highest: Version;
  /** Put back once, never tried again. */
  bad: Version[];
  kept: Kept[];
  job: Job | null;
  last: Ending | null;
};

export type GuardPace = { wellMs: number; trialMs: number; startsMax: number };
export const GUARD_PACE: GuardPace = { wellMs: UPDATE_WELL_MS, trialMs: UPDATE_TRIAL_MS, startsMax: UPDATE_STARTS_MAX };

/** What the guard sees of the program while it watches. */
export type TrialSight = {
  nowMs: number;
  /** Failed starts since `start`. */
  failedStarts: number;
  /** For how long the new version has said that it is well; null where it has not. */
  wellForMs: number | null;
};

export type Work = Exclude<Phase, 'watch'>;
export type GuardStep = { do: Work; job: Job } | { do: 'watch'; job: Job } | { do: 'rest' };

export const nextGuardStep = ({ job }: GuardState): GuardStep =>
  job === null ? { do: 'rest' } : { do: job.phase, job };

/** The agent's word to begin. Nothing where a job is under way, or where one of the two installers is not here. */
export function beginJob(state: GuardState, sha256: string, nowMs: number): GuardState {
  const to = state.kept.find((kept) => kept.sha256 === sha256);
  const from = state.kept.find((kept) => kept.version === state.running);
  if (state.job !== null || to === undefined || from === undefined || state.bad.includes(to.version)) return state;
  const least = newest(state.highest, state.running);
  if (to.version === state.running || compareVersions(to.version, least) < 0) return state;
  const job: Job = { from, to, phase: 'stop', tries: 0, sinceMs: nowMs, failedStarts: 0, why: null };
  return { ...state, highest: newest(state.highest, to.version), job };
}

/** Takes an installer into the list: the one that runs, and one that may come next; all others are no longer needed. */
export function keepInstaller(state: GuardState, kept: Kept): GuardState {
  const isWayBack = kept.version === state.running;
  const others = state.kept.filter(({ version }) =>
    isWayBack ? compareVersions(version, state.running) > 0 : version === state.running,
  );
  return { ...state, highest: newest(state.highest, kept.version), kept: [...others, kept] };
}

/** Before an attempt, to be saved first: an attempt that a power cut ends counts. */
export const attempted = (state: GuardState): GuardState =>
  state.job === null ? state : { ...state, job: { ...state.job, tries: state.job.tries + 1 } };

/** newer: the journal can't go back without losing what was captured since. */
export type WorkResult = { ok: true } | { ok: false; why: string } | { newer: true };

/** After an attempt. Forward every phase has a bounded number of them; backward it is tried until it is done. */
export function worked(state: GuardState, result: WorkResult, nowMs: number): GuardState {
  const { job } = state;
  if (job === null) return state;
  const to = (phase: Phase): GuardState => ({ ...state, job: { ...job, phase, tries: 0, sinceMs: nowMs } });
  if ('newer' in result)
    return end(state, 'stuck', `${job.why ?? 'it did not run'}; what was captured since keeps it here`, nowMs);
  if (!result.ok) return job.tries < UPDATE_TRIES_MAX ? state : gaveUp(state, job, result.why, nowMs);
  switch (job.phase) {
    case 'stop':
      return to('copy');
    case 'copy':
      return to('install');
    case 'install':
      return { ...to('start'), running: job.to.version };
    case 'start':
      return to('watch');
    case 'watch':
      return state;
    case 'back-stop':
      return to('back-journal');
    case 'back-journal':
      return to('back-install');
    case 'back-install':
      return { ...to('back-start'), running: job.from.version };
    case 'back-start':
      return state.bad.includes(job.to.version)
        ? end(state, 'put-back', job.why, nowMs)
        : end(state, 'given-up', job.why, nowMs);
  }
}

function gaveUp(state: GuardState, job: Job, why: string, nowMs: number): GuardState {
  switch (job.phase) {
    case 'stop':
    case 'copy':
      // Nothing was installed yet: the version that runs is only started again, and may be asked another time.
      return { ...state, job: { ...job, phase: 'back-start', tries: 0, sinceMs: nowMs, why } };
    case 'install':
    case 'start':
    case 'watch':
      return turnBack(state, job, why, nowMs);
    case 'back-start':
      return end(state, state.bad.includes(job.to.version) ? 'put-back' : 'given-up', job.why, nowMs);
    default:
      // The way back has no other end than to succeed: a person is told, and it is tried on.
      return { ...state, last: { outcome: 'stuck', version: job.to.version, why, atMs: nowMs } };
  }
}

/** From here on the version is never tried again, whatever happens next. */
function turnBack(state: GuardState, job: Job, why: string, nowMs: number): GuardState {
  const bad = [...state.bad.filter((version) => version !== job.to.version), job.to.version].slice(-UPDATE_BAD_MAX);
  return { ...state, bad, job: { ...job, phase: 'back-stop', tries: 0, sinceMs: nowMs, why } };
}

/** One look at a version on trial: it stays, goes back, or is watched on. */
export function watched(state: GuardState, sight: TrialSight, pace: GuardPace = GUARD_PACE): GuardState {
  const { job } = state;
  if (job === null || job.phase !== 'watch') return state;
  const { nowMs, wellForMs } = sight;
  const failed = job.failedStarts + sight.failedStarts;
  if (failed >= pace.startsMax) return turnBack(state, job, `it did not start ${failed} times in a row`, nowMs);
  if (wellForMs !== null && wellForMs >= pace.wellMs) return end(state, 'well', null, nowMs);
  if (nowMs - job.sinceMs >= pace.trialMs) return turnBack(state, job, 'it was not well in time', nowMs);
  // A clock that was set back must not make the trial longer.
  return nowMs < job.sinceMs ? { ...state, job: { ...job, sinceMs: nowMs } } : state;
}

/** When the guard starts: a job that was cut off goes on; a trial begins anew, and being cut off counts as a failed start. */
export function resumed(state: GuardState, nowMs: number): GuardState {
  const { job } = state;
  if (job === null) return state;
  // A step that takes the PC down each time must not be tried for ever.
  if (FORWARD.includes(job.phase) && job.tries >= UPDATE_TRIES_MAX) return gaveUp(state, job, CUT_OFF, nowMs);
  if (job.phase !== 'watch') return state;
  return { ...state, job: { ...job, phase: 'start', tries: 0, failedStarts: job.failedStarts + 1, sinceMs: nowMs } };
}

const FORWARD: readonly Phase[] = ['stop', 'copy', 'install', 'start'];
const CUT_OFF = 'it was cut off each time';

function end(state: GuardState, outcome: Ending['outcome'], why: string | null, nowMs: number): GuardState {
  const { job } = state;
  if (job === null) return state;
  const last: Ending = { outcome, version: job.to.version, why, atMs: nowMs };
  // The installer of the version before stays until the next one is taken over.
  return { ...state, job: null, last };
}
