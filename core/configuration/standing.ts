// How a store stands with its configuration: what it has, what it was shown last, and why they differ, in a sentence.
import { REASON_LENGTH_MAX } from '../limits.ts';
import { type Counts, type Sight, type SlotsState, sinceThen } from './slots-machine.ts';

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
export function standingOf(
  state: SlotsState,
  { nowMs, counts }: Pick<Sight, 'nowMs' | 'counts'>,
  trust: number | null,
): Standing {
  const { inForce, shown, since } = state;
  const word = wordOf(state);
  return {
    applied: inForce?.revision ?? null,
    desired: shown === null ? (inForce?.revision ?? null) : shown.revision,
    state: word.state,
    message: word.message.slice(0, REASON_LENGTH_MAX),
    since: since.ms,
    isExpired: inForce !== null && nowMs >= inForce.expiresMs,
    trust,
    ...sinceThen(counts, since),
  };
}

type Word = Pick<Standing, 'state' | 'message'>;

function wordOf({ inForce, next, trial, shown, putBack, withdrawn }: SlotsState): Word {
  const wanted = shown?.revision ?? null;
  const back = putBack.find(({ revision }) => revision === wanted);
  if (back !== undefined) {
    return { state: 'put-back', message: `Revision ${wanted} was put back: ${back.why}.` };
  }
  const taken = withdrawn.find(({ revision }) => revision === wanted);
  if (taken !== undefined) {
    return { state: 'withdrawn', message: `Head office took revision ${wanted} back: ${taken.why}` };
  }
  if (shown !== null && shown.refused !== null) return { state: 'refused', message: shown.refused.message };
  if (next !== null) {
    return { state: 'waiting', message: `Revision ${next.revision} is here and waits for its time of the week.` };
  }
  if (wanted !== null && wanted !== inForce?.revision)
    return { state: 'waiting', message: notYet(wanted, trial !== null) };
  if (inForce === null) return { state: 'none', message: '' };
  return { state: trial === null ? 'good' : 'trial', message: '' };
}

const notYet = (wanted: number, isOnTrial: boolean): string =>
  isOnTrial
    ? `Revision ${wanted} waits until the trial of the one before is over.`
    : `Revision ${wanted} is not in force yet.`;
