// The streaming part of the session: what may be in flight, what is settled, when to offer again. Pure.
import { PREPARE_WAIT_MS } from '../core/limits/uplink.ts';
import { BATCH_ENTRIES_MAX, BATCHES_IN_FLIGHT_MAX, CREDIT_WAIT_MS, SESSION_CHECK_MS } from '../core/limits.ts';
import { beginErrands, type Errand, isBacklog, noteCut } from './errands-session.ts';
import { isSilent, offerBytes, type Policy, restMs } from './policy.ts';
import { SILENT } from './reasons.ts';
import type { Carried, Effect, Facts, Input, Stream } from './session-words.ts';
import { replyWaitMs, spread } from './waits.ts';

/**
 * Everything central does not hold is offered again, also where it once held it (a restored central). What it holds
 * beyond our last mark is settled by the welcome: it is signed and says the same words as a mark (L3). Its own directives
 * go back to a central that lost them before any entry does.
 */
export function beginStream(carried: Carried, told: Facts, chance: number): Errand {
  const facts = told.standing === 'ungranted' ? onlyGivingBack(told) : told;
  const { session, seq, credit, tip } = facts;
  const isPresent = facts.standing === 'same';
  const settled = isPresent ? facts.settled : tip;
  const give = facts.applied > facts.stated ? facts.stated : null;
  const digest = isBacklog({ isPresent, tip, acked: seq, quiet: carried.quiet, policy: carried.policy });
  const preparing = give !== null || digest;
  const stream: Stream = {
    ...carried,
    at: 'streaming',
    turnedAway: null,
    reason: null,
    gives: give,
    // What came through while nobody listened is progress as well.
    rejects: seq > settled ? 0 : carried.rejects,
    session,
    isPresent,
    acked: seq,
    sent: seq,
    tip,
    settled: Math.max(settled, seq),
    credit,
    offer: null,
    flights: [],
    offers: 0,
    due: 'check',
    misses: 0,
    errands: beginErrands(facts, preparing),
  };
  const before = settle(settled, seq);
  if (preparing) before.push({ kind: 'prepare', give, digest });
  if (facts.missing) before.push({ kind: 'recall' });
  return fill(stream, chance, true, ...before);
}

/** Central must be told first what it decided, the grant of our epoch perhaps: no entry goes out or is recalled. */
const onlyGivingBack = (facts: Facts): Facts => ({ ...facts, tip: facts.seq, missing: false });

export const prepared = (stream: Stream, chance: number): Errand =>
  fill({ ...stream, errands: { ...stream.errands, preparing: false } }, chance, false);

/** An earlier epoch does not grow. */
export const captured = (stream: Stream, tip: number, chance: number): Errand =>
  stream.isPresent ? fill({ ...stream, tip: Math.max(stream.tip, tip) }, chance, false) : [stream];

/** What is on its way already is marked; an offer that goes out just now ends where it is. */
export const quieted = (stream: Stream, quiet: boolean, chance: number): Errand =>
  fill({ ...stream, quiet, offer: quiet ? null : stream.offer }, chance, false);

/** The same holds where the time for sending ends; what it bounds otherwise holds from the next offer on. */
export const bounded = (stream: Stream, policy: Policy, chance: number): Errand =>
  fill({ ...stream, policy, offer: policy.outOfHours ? null : stream.offer }, chance, false);

export const rested = (stream: Stream, rests: number, chance: number): Errand =>
  fill({ ...stream, rests }, chance, false);

/** Cumulative. The caller has compared the chain (L3). A mark from before the last one says nothing new. */
export function marked(
  before: Stream,
  { seq, credit, dseq, states }: Input & { kind: 'mark' },
  chance: number,
): Errand {
  if (seq < before.acked) return [before];
  const { stream, isNews } = noteCut(before, seq, dseq, states);
  const progress = seq > stream.acked;
  const next: Stream = {
    ...stream,
    acked: seq,
    sent: Math.max(stream.sent, seq),
    settled: Math.max(stream.settled, seq),
    credit,
    flights: stream.flights.filter((through) => through > seq),
    // An offer that began before the mark says again what central holds.
    offer: stream.offer !== null && stream.offer.after < seq ? null : stream.offer,
    ...(progress ? { misses: 0, rejects: 0, reason: null, entriesMax: grown(stream.entriesMax) } : {}),
    ...(progress && dseq <= stream.errands.applied ? { tries: 0 } : {}),
  };
  return fill(next, chance, progress, ...settle(stream.settled, seq, isNews));
}

/** Also what was sent for an offer that was replaced meanwhile went over the line. */
export function offered(before: Stream, { n, through, bytes }: Input & { kind: 'offered' }, chance: number): Errand {
  const afterMs = restMs(before.policy, bytes);
  const rest: Effect[] = afterMs > 0 ? [{ kind: 'rest', afterMs }] : [];
  const stream: Stream = { ...before, rests: before.rests + rest.length };
  if (stream.offer?.n !== n) return [stream, ...rest];
  // Nothing could be sent: the timer that runs since the offer tries again, not we at once.
  if (through <= stream.offer.after) return [{ ...stream, offer: null }, ...rest];
  const sent = Math.max(stream.sent, Math.min(through, stream.tip));
  const flights = through > stream.acked ? [...stream.flights, through] : stream.flights;
  return fill({ ...stream, offer: null, sent, flights }, chance, false, ...rest);
}

/** No mark in time: what was sent is taken for lost, and offered again from central's last word, less at a time. */
export const streamTimeout = (stream: Stream, chance: number): Errand =>
  fill(
    {
      ...stream,
      sent: stream.acked,
      offer: null,
      flights: [],
      misses: stream.misses + 1,
      reason: SILENT,
      entriesMax: shrunk(stream.entriesMax),
    },
    chance,
    true,
  );

const shrunk = (entries: number): number => Math.max(1, Math.floor(entries / 4));
const grown = (entries: number): number => Math.min(BATCH_ENTRIES_MAX, entries * 2);

/**
 * Offers what fits the window, one offer at a time. The timer is set when what it waits for changes, or on progress:
 * never by new sales alone, or a busy store would put off its own time-out for ever.
 */
export function fill(stream: Stream, chance: number, rearm: boolean, ...before: Effect[]): Errand {
  const { policy } = stream;
  const room = Math.min(policy.windowEntries, stream.credit) - (stream.sent - stream.acked);
  const entriesMax = Math.min(room, stream.tip - stream.sent, stream.entriesMax, policy.batchEntries);
  const offers = entriesMax > 0 && isFree(stream) && !isSilent(stream);
  const n = stream.offers + 1;
  const next: Stream = offers ? { ...stream, gives: null, offers: n, offer: { n, after: stream.sent } } : stream;
  const effects: Effect[] = offers ? [{ kind: 'offer', n, after: stream.sent, entriesMax, ...offerBytes(policy) }] : [];
  const due = dueOf(next);
  if (rearm || due !== stream.due) effects.push({ kind: 'wake', afterMs: dueWaitMs(due, next.misses, chance) });
  return [{ ...next, due }, ...before, ...effects];
}

/** Nothing goes before the next offer, and nothing holds it up. */
const isFree = ({ offer, flights, rests, errands }: Stream): boolean =>
  offer === null && flights.length < BATCHES_IN_FLIGHT_MAX && rests === 0 && !errands.preparing && !errands.comparing;

function dueOf(stream: Stream): Stream['due'] {
  if (stream.errands.preparing) return 'prepared';
  if (stream.offer !== null || stream.sent > stream.acked) return 'reply';
  return stream.tip > stream.acked && !isSilent(stream) && stream.rests === 0 ? 'credit' : 'check';
}

function dueWaitMs(due: Stream['due'], misses: number, chance: number): number {
  if (due === 'prepared') return spread(PREPARE_WAIT_MS, chance);
  if (due === 'reply') return replyWaitMs(misses, chance);
  return spread(due === 'credit' ? CREDIT_WAIT_MS : SESSION_CHECK_MS, chance);
}

const settle = (settled: number, seq: number, isNews = false): Effect[] =>
  seq > settled || isNews ? [{ kind: 'settle', seq }] : [];
