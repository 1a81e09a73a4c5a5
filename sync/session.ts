// When to speak to central and what to say. Pure: no socket, clock, journal or chance in here.
import { assertNever } from '../core/assert.ts';
import { nextWaitMs } from '../core/backoff.ts';
import { OWED_HELLOS_MAX } from '../core/limits/conversation.ts';
import { FORKS_MAX, FORKS_WITHIN_MS } from '../core/limits/uplink.ts';
import {
  BATCH_ENTRIES_MAX,
  CENTRAL_PRESENT_SPREAD_MS,
  DIAL_WAIT_MS,
  MISSED_REPLIES_MAX,
  REDIAL_WAIT_MS_FIRST,
  REDIAL_WAIT_MS_MIN,
} from '../core/limits.ts';
import { applied, compared, confirmed, type Errand, recalled, remind, reminded } from './errands-session.ts';
import { UNBOUNDED } from './policy.ts';
import { CONTRADICTED, FORK, FORKS, SILENT, UNGRANTED } from './reasons.ts';
import { carried, isAnswered } from './session-carried.ts';
import type { Carried, Effect, Facts, Input, Session, Step, Stream } from './session-words.ts';
import {
  beginStream,
  bounded,
  captured,
  fill,
  marked,
  offered,
  prepared,
  quieted,
  rested,
  streamTimeout,
} from './stream-session.ts';
import { contradicted, fenced, heldForGood, isLinked, pause, rejected, turnedAway } from './turned-away-session.ts';
import { askAgainMs, replyWaitMs, spread } from './waits.ts';

export const BEGUN: Session = {
  at: 'offline',
  dialling: false,
  waitMs: REDIAL_WAIT_MS_FIRST,
  rejects: 0,
  turnedAway: null,
  reason: null,
  entriesMax: BATCH_ENTRIES_MAX,
  forks: 0,
  beginning: null,
  gives: null,
  quiet: false,
  tries: 0,
  policy: UNBOUNDED,
  rests: 0,
};

/** One step; `chance` is uniform in [0, 1) and only spreads waits. Begin with BEGUN and `resume`. */
export function step(session: Session, input: Input, chance: number): Step {
  const [next, ...effects] = stepped(session, input, chance);
  if (next.at !== 'streaming') return [next, ...effects];
  const [over, ...more] = next.isPresent ? [next] : refilled(next, chance);
  // What the stream wanted is of no use any more; an earlier epoch settles nothing.
  if (over.at !== 'streaming') return [over, ...more];
  const [reminded, ...last] = remind(over, chance);
  return [reminded, ...effects, ...last];
}

function stepped(session: Session, input: Input, chance: number): Step {
  switch (input.kind) {
    case 'linked':
      return session.at === 'offline' && session.dialling ? ask({ ...session, reason: null }, 0, chance) : [session];
    case 'unlinked':
      return unlinked(session, input.reason, chance);
    case 'timeout':
      return timeout(session, chance);
    case 'resume':
      return resume(session, chance);
    case 'welcome':
      return session.at === 'greeting' && session.beginning === null
        ? welcomed(session, input.facts, chance)
        : [session];
    case 'reject':
      return rejected(session, input, chance);
    case 'fence':
      return fenced(session, input.reason);
    case 'contradicted':
      return isLinked(session) ? contradicted(session, input.keeps, chance) : [session];
    case 'superseded':
      return session.at === 'greeting' && !session.asked ? ask(session, 0, chance) : [session];
    case 'central-present':
      return centralPresent(session, chance);
    case 'doubted':
      return [session.at === 'greeting' ? { ...session, reason: input.reason } : session];
    case 'epoch-begun':
      return epochBegun(session, input.ordinal, chance);
    case 'fork-forgotten':
      return [{ ...session, forks: Math.max(0, session.forks - 1) }];
    case 'quiet':
      return session.at === 'streaming' ? quieted(session, input.quiet, chance) : [{ ...session, quiet: input.quiet }];
    case 'policy':
      return session.at === 'streaming'
        ? bounded(session, input.policy, chance)
        : [{ ...session, policy: input.policy }];
    case 'rested': {
      const rests = Math.max(0, session.rests - 1);
      return session.at === 'streaming' ? rested(session, rests, chance) : [{ ...session, rests }];
    }
    default:
      return session.at === 'streaming' ? streamed(session, input, chance) : [session];
  }
}

type StreamInput = Exclude<Input, { kind: Greeted }>;
type Greeted =
  | ('linked' | 'unlinked' | 'timeout' | 'resume' | 'welcome' | 'reject' | 'fence' | 'contradicted')
  | ('superseded' | 'central-present' | 'doubted' | 'epoch-begun' | 'fork-forgotten' | 'quiet' | 'policy' | 'rested');

/** What only a stream takes notice of. */
function streamed(stream: Stream, input: StreamInput, chance: number): Step {
  switch (input.kind) {
    case 'captured':
      return captured(stream, input.tip, chance);
    case 'mark':
      if (stream.session !== input.session) return [stream];
      if (input.sameHistory && input.seq <= stream.tip) return marked(stream, input, chance);
      return stream.isPresent ? forked(stream, input.ordinal, chance) : turnedAway(stream, CONTRADICTED, chance);
    case 'elsewhere':
      return stream.session === input.session ? elsewhere(stream, chance) : [stream];
    case 'prepared':
      return stream.session === input.session ? prepared(stream, chance) : [stream];
    case 'offered':
      return stream.session === input.session ? offered(stream, input, chance) : [stream];
    case 'applied':
      return applied(stream, input.dseq, input.missing);
    case 'recalled':
      return recalled(stream, input.missing);
    case 'confirmed':
      return filled(confirmed(stream, input.agrees), chance);
    case 'compared':
      return filled(compared(stream), chance);
    case 'reminded': {
      const { errand, again } = reminded(stream);
      return again ? ask(errand[0], 0, chance) : filled(errand, chance);
    }
    default:
      return assertNever(input);
  }
}

function filled([stream, ...effects]: Errand, chance: number): Step {
  const [next, ...more] = fill(stream, chance, false);
  return [next, ...effects, ...more];
}

/** Central holds the whole of an earlier epoch again: it goes on with the next one. */
function refilled(stream: Stream, chance: number): Step {
  if (stream.errands.preparing || stream.acked < stream.tip) return [stream];
  return stream.offers > 0 ? ask(stream, 0, chance) : askLater(stream, chance);
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
      if (session.due !== 'reply') return ask({ ...session, tries: 0 }, 0, chance);
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
function welcomed(before: Carried, facts: Facts, chance: number): Step {
  const session = { ...carried(before), waitMs: REDIAL_WAIT_MS_FIRST };
  switch (facts.standing) {
    case 'same':
    case 'earlier':
      return beginStream(session, facts, chance);
    case 'other':
      return forked(session, facts.ordinal, chance);
    case 'ungranted':
      return ungranted(session, facts, chance);
    case 'contradicted':
      return contradicted(session, facts.keeps, chance);
    default:
      return assertNever(facts.standing);
  }
}

/** A central that was put back asks a few times for what nobody may have, before it grants what it lost. */
function ungranted(session: Carried, facts: Facts, chance: number): Step {
  if (facts.applied > facts.stated) return beginStream(session, facts, chance);
  if (session.tries > OWED_HELLOS_MAX) return turnedAway(session, UNGRANTED, chance);
  return askLater({ ...session, at: 'greeting', asked: true, misses: 0, checking: true, reason: UNGRANTED }, chance);
}

/**
 * L7: nothing is acknowledged under the old epoch from here on, nothing is lost. Two copies that run at the same time
 * would do so to each other for ever: after a few times a person must look at it.
 */
function forked(session: Session | Carried, ordinal: number, chance: number): Step {
  if (session.forks >= FORKS_MAX) return heldForGood(session, FORKS);
  const beginning = Math.max(1, ordinal);
  const [next, ...effects] = ask({ ...session, forks: session.forks + 1, beginning, reason: FORK }, 0, chance);
  return [next, ...effects, { kind: 'forget-fork', afterMs: FORKS_WITHIN_MS }];
}

/** A new epoch is begun again and again until the journal has it: until then nothing else is said. */
function epochBegun(session: Session, ordinal: number, chance: number): Step {
  if (session.beginning === null || ordinal <= session.beginning) return [session];
  const next: Session = { ...session, beginning: null };
  return next.at === 'greeting' ? ask(next, 0, chance) : [next];
}

/** The fleet sees central come back in the same moment: each says hello a little later, not all at once (F33). */
function centralPresent(session: Session, chance: number): Step {
  if (!isLinked(session)) return [session];
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

function ask(session: Session | Carried, misses: number, chance: number): Step {
  const { beginning } = session;
  const checking = misses === 0 && isAnswered(session);
  const reason = misses > 0 ? SILENT : session.reason;
  const greeting = { ...carried(session), at: 'greeting', misses, checking, reason } as const;
  const wake: Effect = { kind: 'wake', afterMs: replyWaitMs(misses, chance) };
  return beginning === null
    ? [{ ...greeting, asked: true }, { kind: 'greet' }, wake]
    : [{ ...greeting, asked: false }, { kind: 'begin-epoch', reason: FORK, above: beginning }, wake];
}

/** What goes back to a central that is being filled goes back to the end: a hello comes behind it anyway. */
const elsewhere = (stream: Stream, chance: number): Step =>
  !stream.isPresent && stream.errands.preparing ? [stream] : askLater(stream, chance);

/** Where the last hello brought nothing new, each next one comes later. */
function askLater(session: Session, chance: number): Step {
  const waitMs = session.tries === 0 ? spread(REDIAL_WAIT_MS_MIN, chance) : askAgainMs(session.tries, chance);
  return pause({ ...session, tries: session.tries + 1 }, waitMs);
}
