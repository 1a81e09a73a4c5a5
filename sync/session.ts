// When to speak to central and what to say. Pure: no socket, clock, journal or chance in here.
import { assertNever } from '../core/assert.ts';
import { nextWaitMs } from '../core/backoff.ts';
import {
  BATCH_ENTRIES_MAX,
  CENTRAL_PRESENT_SPREAD_MS,
  DIAL_WAIT_MS,
  MISSED_REPLIES_MAX,
  REDIAL_WAIT_MS_FIRST,
  REDIAL_WAIT_MS_MAX,
  REDIAL_WAIT_MS_MIN,
  REJECTS_MAX,
  TURNED_AWAY_WAIT_MS,
} from '../core/limits.ts';
import { FORK, SILENT } from './reasons.ts';
import type { Carried, Facts, Input, Session, Step } from './session-words.ts';
import { beginStream, captured, marked, offered, streamTimeout } from './stream-session.ts';
import { replyWaitMs, spread } from './waits.ts';

export const BEGUN: Session = {
  at: 'offline',
  dialling: false,
  waitMs: REDIAL_WAIT_MS_FIRST,
  rejects: 0,
  turnedAway: null,
  reason: null,
  entriesMax: BATCH_ENTRIES_MAX,
};

/** One step; `chance` is uniform in [0, 1) and only spreads waits. Begin with BEGUN and `resume`. */
export function step(session: Session, input: Input, chance: number): Step {
  switch (input.kind) {
    case 'linked':
      return session.at === 'offline' && session.dialling ? ask({ ...session, reason: null }, 0, chance) : [session];
    case 'unlinked':
      return unlinked(session, input.reason, chance);
    case 'timeout':
      return timeout(session, chance);
    case 'resume':
      return resume(session, chance);
    case 'captured':
      return session.at === 'streaming' ? captured(session, input.tip, chance) : [session];
    case 'welcome':
      return session.at === 'greeting' ? welcomed(session, input.facts, chance) : [session];
    case 'mark':
      if (session.at !== 'streaming' || session.session !== input.session) return [session];
      if (!input.sameHistory || input.seq > session.tip) return forked(session);
      return marked(session, input.seq, input.credit, chance);
    case 'offered':
      return session.at === 'streaming' && session.session === input.session
        ? offered(session, input.n, input.through, chance)
        : [session];
    case 'reject':
      return rejected(session, input, chance);
    case 'fence':
      return fenced(session, input.reason);
    case 'central-present':
      return centralPresent(session, chance);
    case 'doubted':
      return [session.at === 'greeting' ? { ...session, reason: input.reason } : session];
    default:
      return assertNever(input);
  }
}

function timeout(session: Session, chance: number): Step {
  switch (session.at) {
    case 'offline':
      // A dial that neither came up nor went down in twice its own bound: its client is stuck.
      return session.dialling ? hungUp(session, 'The connection attempt hung.', chance) : dialled(session, chance);
    case 'greeting': {
      if (!session.asked) return ask(session, session.misses, chance);
      const misses = session.misses + 1;
      return misses >= MISSED_REPLIES_MAX ? silent(session, chance) : ask(session, misses, chance);
    }
    case 'streaming': {
      if (session.due !== 'reply') return ask(session, 0, chance);
      if (session.misses + 1 >= MISSED_REPLIES_MAX) return silent(session, chance);
      return streamTimeout(session, chance);
    }
    case 'held':
      return session.retry ? dialled({ ...session, turnedAway: session.reason }, chance) : [session];
  }
}

function resume(session: Session, chance: number): Step {
  switch (session.at) {
    case 'offline':
      return session.dialling ? [session] : dialled(session, chance);
    case 'held':
      return timeout(session, chance);
    default:
      return ask(session, 0, chance);
  }
}

/** Central's welcome says where to go on from; PUBACK and our own memory never do. */
function welcomed(session: Carried, facts: Facts, chance: number): Step {
  switch (facts.history) {
    case 'same':
      return beginStream({ ...carried(session), waitMs: REDIAL_WAIT_MS_FIRST }, facts, chance);
    case 'other':
      return forked(session);
    case 'ungranted':
      return turnedAway(session, 'Central has not accepted the new journal of this store yet.', chance);
  }
}

/**
 * A protocol fault. Late ones of a former session arrive too, and central answers also what others said in our name:
 * each costs one more hello. Only what is refused again and again without progress ends in a long wait.
 */
function rejected(session: Session, input: Input & { kind: 'reject' }, chance: number): Step {
  if (session.at !== 'greeting' && session.at !== 'streaming') return [session];
  const { code, message, proven } = input;
  if (!proven) return pause({ ...session, reason: message }, spread(REDIAL_WAIT_MS_MAX, chance));
  const isLate = code === 'session' || code === 'gap';
  if (session.at === 'greeting' && (!session.asked || isLate)) return [session];
  // Said only where our own signature was found good, so nobody else can have caused it.
  if (session.at === 'greeting' && code === 'epoch') return turnedAway(session, message, chance);
  const rejects = session.rejects + 1;
  if (rejects > REJECTS_MAX && !isLate) return turnedAway(session, message, chance);
  const waitMs = Math.min(REDIAL_WAIT_MS_MAX, REDIAL_WAIT_MS_MIN * 2 ** Math.min(rejects - 1, 10));
  return pause({ ...session, rejects, reason: isLate ? session.reason : message }, spread(waitMs, chance));
}

/** The one that central does not take for the present instance stays away: two copies must not chase each other. */
function fenced(session: Session, reason: string): Step {
  if (session.at !== 'greeting' && session.at !== 'streaming') return [session];
  return [{ ...carried(session), at: 'held', retry: false, reason }, { kind: 'hold', reason }, { kind: 'hang-up' }];
}

/** L7: nothing is acknowledged under the old epoch from here on, nothing is sent, nothing is lost. */
function forked(session: Carried): Step {
  return [
    { ...carried(session), at: 'held', retry: false, reason: FORK },
    { kind: 'begin-epoch', reason: FORK },
    { kind: 'hold', reason: FORK },
    { kind: 'hang-up' },
  ];
}

function turnedAway(session: Carried, reason: string, chance: number): Step {
  return [
    { ...carried(session), at: 'held', retry: true, rejects: REJECTS_MAX, reason },
    { kind: 'hold', reason },
    { kind: 'hang-up' },
    { kind: 'wake', afterMs: spread(TURNED_AWAY_WAIT_MS, chance) },
  ];
}

/** The fleet sees central come back in the same moment: each says hello a little later, not all at once (F33). */
function centralPresent(session: Session, chance: number): Step {
  if (session.at !== 'greeting' && session.at !== 'streaming') return [session];
  return pause(session, Math.round(chance * CENTRAL_PRESENT_SPREAD_MS));
}

function unlinked(session: Session, reason: string, chance: number): Step {
  if (session.at === 'held' || (session.at === 'offline' && !session.dialling)) return [session];
  const waitMs = nextWaitMs(session.waitMs, chance);
  return [
    { ...carried(session), at: 'offline', dialling: false, waitMs, reason },
    { kind: 'wake', afterMs: waitMs },
  ];
}

/** The broker answers and central does not: a fresh client, soon, or central's return would be missed for long. */
const silent = (session: Session, chance: number): Step =>
  hungUp({ ...session, waitMs: REDIAL_WAIT_MS_FIRST }, SILENT, chance);

function hungUp(session: Session, reason: string, chance: number): Step {
  const [next, ...effects] = unlinked(session, reason, chance);
  return [next, { kind: 'hang-up' }, ...effects];
}

const dialled = (session: Carried, chance: number): Step => [
  { ...carried(session), at: 'offline', dialling: true },
  { kind: 'dial' },
  { kind: 'wake', afterMs: spread(DIAL_WAIT_MS * 2, chance) },
];

const ask = (session: Session, misses: number, chance: number): Step => [
  {
    ...carried(session),
    at: 'greeting',
    asked: true,
    misses,
    checking: misses === 0 && isAnswered(session),
    reason: misses > 0 ? SILENT : session.reason,
  },
  { kind: 'greet' },
  { kind: 'wake', afterMs: replyWaitMs(misses, chance) },
];

/** A hello later; whatever was in flight is told by its welcome. */
const pause = (session: Session, afterMs: number): Step => [
  { ...carried(session), at: 'greeting', asked: false, misses: 0, checking: isAnswered(session) },
  { kind: 'wake', afterMs },
];

/** Central answered the last thing we said. */
export const isAnswered = (session: Session): boolean =>
  session.at === 'streaming' ? session.misses === 0 : session.at === 'greeting' && session.checking;

const carried = ({ waitMs, rejects, turnedAway, reason, entriesMax }: Carried): Carried => ({
  waitMs,
  rejects,
  turnedAway,
  reason,
  entriesMax,
});
