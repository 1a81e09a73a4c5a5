// What the session does when central turns it away, contradicts itself or does not know it: later, or only for a person.
import { FORKS_MAX, FORKS_WITHIN_MS } from '../core/limits/uplink.ts';
import { REDIAL_WAIT_MS_MAX, REDIAL_WAIT_MS_MIN, REJECTS_MAX, TURNED_AWAY_WAIT_MS } from '../core/limits.ts';
import { CONTRADICTED, SUPERSEDED } from './reasons.ts';
import { carried, isAnswered } from './session-carried.ts';
import type { Carried, Input, Session, Step } from './session-words.ts';
import { spread } from './waits.ts';

/**
 * A protocol fault. Late ones of a former session arrive too, and central answers also what others said in our name:
 * each costs one more hello. Only what is refused again and again without progress ends in a long wait.
 */
export function rejected(session: Session, input: Input & { kind: 'reject' }, chance: number): Step {
  if (!isLinked(session)) return [session];
  const { code, message, proven } = input;
  if (!proven) return pause({ ...session, reason: message }, spread(REDIAL_WAIT_MS_MAX, chance));
  const isLate = code === 'session' || code === 'gap';
  // Before any entry it can only be what was given back; behind entries only patience tells.
  const isGivenBack = code === 'chain' && session.gives !== null;
  if (isGivenBack && !(session.at === 'greeting' && session.asked)) return contradicted(session, session.gives, chance);
  if (session.at === 'greeting' && (!session.asked || isLate)) return [session];
  // Said only where our own signature was found good, so nobody else can have caused it.
  if (session.at === 'greeting' && code === 'chain') return contradicted(session, 0, chance);
  if (session.at === 'greeting' && code === 'epoch') return turnedAway(session, message, chance);
  const rejects = session.rejects + 1;
  const givesBack = session.at === 'streaming' && session.errands.applied > session.errands.stated;
  if (code === 'chain' && givesBack && rejects > REJECTS_MAX) {
    return contradicted(session, session.errands.stated, chance);
  }
  if (rejects > REJECTS_MAX && !isLate) return turnedAway(session, message, chance);
  const waitMs = Math.min(REDIAL_WAIT_MS_MAX, REDIAL_WAIT_MS_MIN * 2 ** Math.min(rejects - 1, 10));
  return pause({ ...session, rejects, reason: isLate ? session.reason : message }, spread(waitMs, chance));
}

/** The one that central does not take for the present instance stays away: two copies must not chase each other. */
export const fenced = (session: Session, reason: string): Step =>
  isLinked(session) ? heldForGood(session, reason) : [session];

export const heldForGood = (session: Carried, reason: string): Step => [
  { ...carried(session), at: 'held', retry: false, reason },
  { kind: 'hold', reason },
  { kind: 'hang-up' },
];

/**
 * A central that was put back from a copy has gone on from there: what it holds now counts, and what it said before is
 * kept for people. More often than a few times an hour that is no copy put back, and a person must look at it.
 */
export function contradicted(session: Session | Carried, keeps: number | null, chance: number): Step {
  if (keeps === null || session.forks >= FORKS_MAX) return turnedAway(session, CONTRADICTED, chance);
  const later = { ...session, forks: session.forks + 1, reason: SUPERSEDED };
  const [next, ...effects] = pause(later, spread(REDIAL_WAIT_MS_MAX, chance));
  return [next, { kind: 'supersede', after: keeps }, ...effects, { kind: 'forget-fork', afterMs: FORKS_WITHIN_MS }];
}

export function turnedAway(session: Carried, reason: string, chance: number): Step {
  return [
    { ...carried(session), at: 'held', retry: true, rejects: REJECTS_MAX, reason },
    { kind: 'hold', reason },
    { kind: 'hang-up' },
    { kind: 'wake', afterMs: spread(TURNED_AWAY_WAIT_MS, chance) },
  ];
}

/** A hello later; whatever was in flight is told by its welcome. */
export const pause = (session: Session | Carried, afterMs: number): Step => [
  { ...carried(session), at: 'greeting', asked: false, misses: 0, checking: isAnswered(session) },
  { kind: 'wake', afterMs },
];

export const isLinked = (session: Session): boolean => session.at === 'greeting' || session.at === 'streaming';
