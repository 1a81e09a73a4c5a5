// How a store stands with its configuration: what it has, what it was shown last, and why they differ, in a sentence.
import { REASON_LENGTH_MAX } from '../limits.ts';
import { type Counts, type SlotsState, sinceThen } from './slots-machine.ts';

export type Standing = Counts & {
  applied: number | null;
  desired: number | null;
  state: 'none' | 'waiting' | 'trial' | 'good' | 'refused' | 'put-back' | 'withdrawn';
  message: string;
  since: number;
  isExpired: boolean;
  trust: number | null;
};

/** `trust`: version of the statement of keys that it follows; null for none. */
export type StandingSight = { nowMs: number; counts: Counts; trust: number | null };

export function standingOf(slots: SlotsState, { nowMs, counts, trust }: StandingSight): Standing {
  const { inForce, shown, since } = slots;
  const desired = shown?.revision ?? inForce?.revision ?? null;
  const { state, message } = desired === null ? NOTHING : aboutRevision(slots, desired);
  return {
    ...{ applied: inForce?.revision ?? null, desired, state, message: message.slice(0, REASON_LENGTH_MAX) },
    since: since.ms,
    isExpired: inForce !== null && nowMs >= inForce.expiresMs,
    trust,
    ...sinceThen(counts, since),
  };
}

type About = Pick<Standing, 'state' | 'message'>;
const NOTHING: About = { state: 'none', message: '' };

function aboutRevision({ inForce, trial, next, putBack, withdrawn, shown }: SlotsState, revision: number): About {
  if (inForce?.revision === revision && (trial !== null || shown === null || shown.refused === null)) {
    return { state: trial === null ? 'good' : 'trial', message: '' };
  }
  const taken = withdrawn.find((each) => each.revision === revision);
  if (taken !== undefined) {
    return { state: 'withdrawn', message: `Head office took revision ${revision} back: ${taken.why}` };
  }
  const back = putBack.find((each) => each.revision === revision);
  if (back !== undefined) {
    return { state: 'put-back', message: `Revision ${revision} was tried and put back: ${back.why}.` };
  }
  if (shown !== null && shown.refused !== null) return { state: 'refused', message: shown.refused.message };
  if (next !== null) return { state: 'waiting', message: `Revision ${revision} waits for its time.` };
  return { state: 'waiting', message: `Revision ${revision} waits until the trial of the one in force is over.` };
}

/** Of the version of the program up to which the revision in force lets updates come. */
export type ProgramCourse = { upTo: string; state: 'there' | 'coming' | 'put-back' };

/**
 * A revision that lets a version of the program come is well once that one runs, and failed where it was put back: so
 * the rings of a rollout wait for an update as they do for everything else. `course` is null where it brings none.
 */
export function withProgram(standing: Standing, course: ProgramCourse | null): Standing {
  if (course === null || course.state === 'there' || standing.state !== 'good') return standing;
  const { upTo, state } = course;
  return state === 'coming'
    ? { ...standing, state: 'trial', message: `Version ${upTo} of this program comes in the time for updates.` }
    : { ...standing, state: 'put-back', message: `Version ${upTo} of this program did not run here and was put back.` };
}
