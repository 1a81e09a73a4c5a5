// Two slots: one revision in force, and beside it the way back or the next one. Pure; saving a state is what puts it into
// force, so whatever is killed wherever, either the old one or the new one is in force, whole (L10, F52).
import {
  TRIAL_CRASHES_MAX,
  TRIAL_LINE_WAIT_MS,
  TRIAL_MINUTES_USUAL,
  WITHDRAWALS_MAX,
} from '../limits/configuration.ts';
import { REASON_LENGTH_MAX } from '../limits.ts';
import { minutesUntil, type Span } from '../weekly.ts';
import type { Finding, Judgement, RefusalCode, Standpoint } from './judge.ts';

export const SLOTS = ['a', 'b'] as const;
export type SlotName = (typeof SLOTS)[number];

/** A revision that lies in a slot, whole: a file of another digest is not it. */
export type Held = { slot: SlotName; revision: number; digest: string; expiresMs: number };
/** Written, checked, and put into force once its time has come. `isOwn`: the document names this store. */
export type Next = Held & { times: readonly Span[] | null; isOwn: boolean };
/** Documents captured and set aside, counted from any point on. */
export type Counts = { captured: number; setAside: number };

export type Trial = {
  sinceMs: number;
  /** Starts of the program within it that were not ended in order. */
  crashes: number;
  /** The program has started and not said since that it ends. */
  isRunning: boolean;
  /** The line was up when it began, or came up since. */
  wasUp: boolean;
};

export type SlotsState = {
  inForce: Held | null;
  /** The last good one before, as long as nothing was written over it. */
  before: Held | null;
  next: Next | null;
  trial: Trial | null;
  /** Put back because the line went away; it may turn out not to have been the reason. */
  blamed: { revision: number; downMs: number } | null;
  /** Proven good here, put back here, taken back by head office: newest last, bounded. */
  good: readonly number[];
  putBack: readonly Finding[];
  withdrawn: readonly Finding[];
  hadOwn: boolean;
  /** What it was shown last; where that could not be read, beside the revision that it has. */
  shown: { revision: number; refused: { code: RefusalCode; message: string } | null } | null;
  /** Since when there is in force what is, and the counts at that moment. */
  since: { ms: number } & Counts;
  /** What came in under the one before: what a trial is measured by. */
  usual: Counts;
};

export const freshSlots = (nowMs: number, counts: Counts): SlotsState => ({
  ...{ inForce: null, before: null, next: null, trial: null, blamed: null, good: [], putBack: [], withdrawn: [] },
  ...{ hadOwn: false, shown: null, since: { ms: nowMs, ...counts }, usual: counts },
});

export type TrialRules = { trialMs: number; setAsidePercent: number; leastDocuments: number };
const LEAST_DOCUMENTS_USUAL = 5;
const SET_ASIDE_PERCENT_USUAL = 5;

/** What a configuration says of its own trial. */
export const trialRules = (
  trial: Partial<Record<'minutes' | 'setAsidePercent' | 'leastDocuments', number | undefined>> | undefined,
): TrialRules => ({
  trialMs: (trial?.minutes ?? TRIAL_MINUTES_USUAL) * 60_000,
  setAsidePercent: trial?.setAsidePercent ?? SET_ASIDE_PERCENT_USUAL,
  leastDocuments: trial?.leastDocuments ?? LEAST_DOCUMENTS_USUAL,
});

export type SlotsPace = { lineWaitMs: number; crashesMax: number };
export const SLOTS_PACE: SlotsPace = { lineWaitMs: TRIAL_LINE_WAIT_MS, crashesMax: TRIAL_CRASHES_MAX };

/** `downMs`: for how long the program has seen no line, by a clock that only runs forward; 0 while it is up. */
export type Sight = { nowMs: number; counts: Counts; line: { isUp: boolean; downMs: number } };

/** What judging needs of it. */
export function standpointOf(
  state: SlotsState,
): Pick<Standpoint, 'held' | 'floor' | 'putBack' | 'withdrawn' | 'hadOwn'> {
  const { inForce, next, putBack, withdrawn, hadOwn } = state;
  const held = [inForce, next].flatMap((each) => each ?? []);
  return { held, floor: floorOf(state), putBack, withdrawn, hadOwn };
}

/** The newest that was ever in force or put back here; what head office took back does not count any more. */
function floorOf({ inForce, good, putBack, withdrawn }: SlotsState): number {
  const had = [...good, ...putBack.map(({ revision }) => revision), inForce?.revision ?? 0];
  return Math.max(0, ...had.filter((revision) => !isIn(withdrawn, revision)));
}

const isIn = (found: readonly Finding[], revision: number): boolean => found.some((each) => each.revision === revision);

/** Where the next one is written; null during a trial, whose way back lies there: it is judged again afterwards. */
export const freeSlot = ({ inForce, trial }: SlotsState): SlotName | null =>
  trial !== null ? null : inForce?.slot === 'a' ? 'b' : 'a';

/** Keeps what was shown, for people. What waits for its time is dropped where something else is shown instead. */
export function shown(state: SlotsState, judgement: Judgement<unknown>, times: Next['times']): SlotsState {
  const isNext = judgement.kind === 'held' && judgement.digest === state.next?.digest;
  const next = isNext && state.next !== null ? { ...state.next, times } : null;
  const named = judgement.kind === 'take' ? judgement.envelope.revision : judgement.revision;
  const revision = named ?? state.inForce?.revision ?? floorOf(state);
  if (revision === 0) return { ...state, next };
  const refused = judgement.kind === 'refused' ? { code: judgement.code, message: judgement.message } : null;
  return { ...state, next, shown: { revision, refused } };
}

/** After its file lies in the free slot, whole. Saved first, and only then the next step. */
export function written(state: SlotsState, next: Next): SlotsState {
  if (next.slot !== freeSlot(state)) return state;
  return { ...state, next, before: state.before?.slot === next.slot ? null : state.before };
}

export type SlotsStep = { do: 'switch' } | { do: 'drop' } | { do: 'wait'; minutes: number } | { do: 'rest' };

/** What is to be done about the next one, at this minute of the week on this PC's clock. drop: it has expired meanwhile. */
export function nextSlotsStep({ next, trial }: SlotsState, nowMs: number, minuteOfWeek: number): SlotsStep {
  if (next === null || trial !== null) return { do: 'rest' };
  if (nowMs >= next.expiresMs) return { do: 'drop' };
  const minutes = next.times === null ? 0 : (minutesUntil(next.times, minuteOfWeek) ?? 0);
  return minutes === 0 ? { do: 'switch' } : { do: 'wait', minutes };
}

/** The next one is not waited for any more. */
export const dropped = (state: SlotsState): SlotsState =>
  state.next === null
    ? state
    : {
        ...state,
        next: null,
        shown: {
          revision: state.next.revision,
          refused: { code: 'expired', message: `Revision ${state.next.revision} expired before its time came.` },
        },
      };

/** The switch: with this state saved the next one is in force, on trial, and what was in force is the way back. */
export function switched(state: SlotsState, { nowMs, counts, line }: Sight): SlotsState {
  if (state.next === null || state.trial !== null) return state;
  const { times: _, isOwn, ...inForce } = state.next;
  const under = sinceThen(counts, state.since);
  return {
    ...state,
    inForce,
    before: state.inForce,
    next: null,
    trial: { sinceMs: nowMs, crashes: 0, isRunning: true, wasUp: line.isUp },
    blamed: null,
    hadOwn: state.hadOwn || isOwn,
    since: { ms: nowMs, ...counts },
    usual: under.captured + under.setAside >= LEAST_DOCUMENTS_USUAL ? under : state.usual,
  };
}

/** Never below zero: a journal that begins anew counts anew. */
export const sinceThen = (after: Counts, before: Counts): Counts => ({
  captured: Math.max(0, after.captured - before.captured),
  setAside: Math.max(0, after.setAside - before.setAside),
});

/** One look: the trial goes on, ends well, or the store goes back by itself. Unchanged states are the same object. */
export function looked(state: SlotsState, sight: Sight, rules: TrialRules, pace: SlotsPace = SLOTS_PACE): SlotsState {
  const { trial } = state;
  if (trial === null) return lineWatched(state, sight, pace);
  const { nowMs, line } = sight;
  const why = captureProblem(state, sight, rules);
  if (why !== null) return goneBack(state, why, sight);
  if (trial.wasUp && !line.isUp) {
    if (line.downMs <= pace.lineWaitMs) return state;
    const back = goneBack(state, 'the line to head office went away and stayed away', sight);
    return { ...back, blamed: { revision: state.inForce?.revision ?? 0, downMs: line.downMs } };
  }
  if (nowMs - trial.sinceMs >= rules.trialMs) return proven(state);
  const seen = { ...trial, wasUp: trial.wasUp || line.isUp, sinceMs: Math.min(trial.sinceMs, nowMs) };
  // A clock that was set back must not make the trial longer.
  return seen.wasUp === trial.wasUp && seen.sinceMs === trial.sinceMs ? state : { ...state, trial: seen };
}

function captureProblem({ since, usual }: SlotsState, { counts }: Sight, rules: TrialRules): string | null {
  const { captured, setAside } = sinceThen(counts, since);
  const documents = captured + setAside;
  if (documents < rules.leastDocuments || setAside * 100 <= rules.setAsidePercent * documents) return null;
  const before = usual.captured + usual.setAside;
  // Where nothing came in before, everything was well.
  if (before > 0 && setAside * before <= usual.setAside * documents) return null;
  return `${setAside} of ${documents} documents that came in were set aside`;
}

function proven(state: SlotsState): SlotsState {
  const revision = state.inForce?.revision;
  const good = revision === undefined ? state.good : [...state.good.filter((each) => each !== revision), revision];
  return { ...state, trial: null, good: good.slice(-WITHDRAWALS_MAX) };
}

/** A part of the revision on trial could not be put into force; `why` goes on a sentence, without a full stop. */
export const unusable = (state: SlotsState, why: string, sight: Sight): SlotsState =>
  state.trial === null ? state : goneBack(state, why, sight);

/** At once, and the revision is never tried again. */
function goneBack(state: SlotsState, why: string, sight: Sight): SlotsState {
  const { inForce, putBack } = state;
  if (inForce === null) return state;
  const others = putBack.filter(({ revision }) => revision !== inForce.revision);
  const found = [...others, { revision: inForce.revision, why: why.slice(0, REASON_LENGTH_MAX) }].slice(
    -WITHDRAWALS_MAX,
  );
  return { ...beforeAgain(state, sight), putBack: found };
}

function beforeAgain(state: SlotsState, { nowMs, counts }: Pick<Sight, 'nowMs' | 'counts'>): SlotsState {
  return { ...state, inForce: state.before, before: null, trial: null, since: { ms: nowMs, ...counts } };
}

/** Where the line stays away under the one before as well, the revision was not to blame: it may come again. */
function lineWatched(state: SlotsState, { line }: Sight, pace: SlotsPace): SlotsState {
  const { blamed } = state;
  if (blamed === null) return state;
  if (line.isUp) return { ...state, blamed: null };
  // The program was started since, and counts anew.
  if (line.downMs < blamed.downMs) return { ...state, blamed: { ...blamed, downMs: 0 } };
  if (line.downMs - blamed.downMs <= pace.lineWaitMs) return state;
  const putBack = state.putBack.filter(({ revision }) => revision !== blamed.revision);
  return { ...state, blamed: null, putBack };
}

/** Head office took a revision back: where it is in force the one before is again; where it is not it never will be. */
export function withdrew(state: SlotsState, taken: Finding, sight: Pick<Sight, 'nowMs' | 'counts'>): SlotsState {
  if (isIn(state.withdrawn, taken.revision)) return state;
  const known = [...state.withdrawn, taken].sort((a, b) => a.revision - b.revision).slice(-WITHDRAWALS_MAX);
  const isIt = (held: Held | null): boolean => held?.revision === taken.revision;
  const without = {
    ...state,
    withdrawn: known,
    next: isIt(state.next) ? null : state.next,
    before: isIt(state.before) ? null : state.before,
  };
  return isIt(state.inForce) ? beforeAgain(without, sight) : without;
}

/**
 * At a start, saved before anything of the configuration is put into force. `found`: digests of what lies in the slots,
 * null where nothing whole does. A trial begins anew; one that was cut off too often has failed.
 */
export function started(
  state: SlotsState,
  found: Readonly<Record<SlotName, string | null>>,
  sight: Sight,
  pace: SlotsPace = SLOTS_PACE,
): SlotsState {
  const isThere = (held: Held): boolean => found[held.slot] === held.digest;
  const kept = <H extends Held>(held: H | null): H | null => (held !== null && isThere(held) ? held : null);
  const whole = { ...state, before: kept(state.before), next: kept(state.next) };
  if (state.inForce !== null && !isThere(state.inForce)) return beforeAgain(whole, sight);
  const { trial } = whole;
  if (trial === null) return whole;
  const crashes = trial.crashes + (trial.isRunning ? 1 : 0);
  if (crashes >= pace.crashesMax) return goneBack(whole, `the program ended by itself ${crashes} times`, sight);
  return { ...whole, trial: { ...trial, sinceMs: sight.nowMs, crashes, isRunning: true } };
}

/** The program ends in order. */
export const endedInOrder = (state: SlotsState): SlotsState =>
  state.trial === null ? state : { ...state, trial: { ...state.trial, isRunning: false } };
