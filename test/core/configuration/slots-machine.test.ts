// The two slots: what a trial ends by, what goes back, what is never tried again, what people are told (F52, L10).
import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../../core/configuration/judge.ts';
import {
  type Counts,
  dropped,
  endedInOrder,
  freeSlot,
  freshSlots,
  looked,
  type Next,
  nextSlotsStep,
  type Sight,
  SLOTS_PACE,
  type SlotsState,
  shown,
  standpointOf,
  started,
  switched,
  trialRules,
  unusable,
  withdrew,
  written,
} from '../../../core/configuration/slots-machine.ts';
import { standingOf } from '../../../core/configuration/standing.ts';

const RULES = trialRules(undefined);
const MINUTE = 60_000;
const NONE: Counts = { captured: 0, setAside: 0 };
const sight = (nowMs: number, counts: Counts = NONE, downMs = 0): Sight => ({
  ...{ nowMs, counts, line: { isUp: downMs === 0, downMs } },
});
const digest = (revision: number): string => String(revision).padStart(64, '0');
const take = (revision: number): Judgement<unknown> => ({
  ...{ kind: 'take', digest: digest(revision), isOwn: true, configuration: {} },
  envelope: { revision, title: '', expiresMs: 9_000_000_000, root: '', documents: 1 },
});

function writtenNext(state: SlotsState, revision: number, changes: Partial<Next> = {}): SlotsState {
  const slot = freeSlot(state);
  if (slot === null) throw new Error('no slot is free');
  const held = { slot, revision, digest: digest(revision), expiresMs: 9_000_000_000 };
  return written(shown(state, take(revision), null), { ...held, times: null, isOwn: true, ...changes });
}
const onTrial = (state: SlotsState, revision: number, at: Sight): SlotsState =>
  switched(writtenNext(state, revision), at);
const good = (state: SlotsState, revision: number, fromMs: number): SlotsState =>
  looked(onTrial(state, revision, sight(fromMs)), sight(fromMs + RULES.trialMs), RULES);

const FRESH = freshSlots(0, NONE);
const ELEVEN = good(FRESH, 11, 0);
const START = 10 * MINUTE;
const TWELVE = onTrial(ELEVEN, 12, sight(START));
const look = (state: SlotsState, seen: Sight) => looked(state, seen, RULES);
const standing = (state: SlotsState, seen = sight(START)) => standingOf(state, { ...seen, trust: 1 });
const found = ({ inForce, before, next }: SlotsState): Record<'a' | 'b', string | null> => ({
  ...{ a: null, b: null },
  ...Object.fromEntries([next, before, inForce].flatMap((held) => (held === null ? [] : [[held.slot, held.digest]]))),
});

describe('a revision', () => {
  test('is written beside the one in force, put into force by one save, and on trial from then on', () => {
    expect(ELEVEN).toMatchObject({ inForce: { slot: 'a', revision: 11 }, trial: null, good: [11] });
    expect(writtenNext(ELEVEN, 12)).toMatchObject({ inForce: { revision: 11 }, next: { slot: 'b', revision: 12 } });
    expect(TWELVE).toMatchObject({
      inForce: { slot: 'b', revision: 12 },
      before: { slot: 'a' },
      trial: { crashes: 0 },
    });
    expect(standing(TWELVE)).toMatchObject({ applied: 12, desired: 12, state: 'trial', message: '' });
  });

  test('is written over the way back, which is none any more', () => {
    const proven = look(TWELVE, sight(START + RULES.trialMs));
    expect(writtenNext(proven, 13)).toMatchObject({ before: null, inForce: { slot: 'b' }, next: { slot: 'a' } });
  });

  test('of its own, once in force, is not forgotten', () => {
    const others = switched(writtenNext(ELEVEN, 12, { isOwn: false }), sight(START));
    expect(standpointOf(others).hadOwn).toBe(true);
    expect(standpointOf(switched(writtenNext(FRESH, 1, { isOwn: false }), sight(0))).hadOwn).toBe(false);
  });

  test('is good after its trial, not sooner', () => {
    expect(look(TWELVE, sight(START + RULES.trialMs - 1))).toBe(TWELVE);
    const proven = look(TWELVE, sight(START + RULES.trialMs));
    expect(proven).toMatchObject({ inForce: { revision: 12 }, before: { revision: 11 }, trial: null, good: [11, 12] });
    expect(standing(proven)).toMatchObject({ applied: 12, state: 'good', message: '' });
  });

  test('has a trial that a clock which is set back makes no longer', () => {
    const later = look(TWELVE, sight(MINUTE));
    expect(look(later, sight(MINUTE + RULES.trialMs)).trial).toBe(null);
  });

  test('waits while another one is on trial, whose way back lies in the other slot', () => {
    expect(freeSlot(TWELVE)).toBe(null);
    const waiting = shown(TWELVE, take(13), null);
    expect(standing(waiting)).toMatchObject({ applied: 12, desired: 13, state: 'waiting' });
    expect(written(waiting, { ...(writtenNext(ELEVEN, 13).next as Next), slot: 'b' })).toBe(waiting);
  });
});

describe('a time of the week', () => {
  const nights = [{ days: ['mon'], from: '02:00', to: '03:00' }] as const;
  const waiting = writtenNext(ELEVEN, 12, { times: nights, expiresMs: 5 * MINUTE });

  test('is waited for, and survives a start', () => {
    expect(nextSlotsStep(waiting, 0, 60)).toEqual({ do: 'wait', minutes: 60 });
    expect(nextSlotsStep(waiting, 0, 120)).toEqual({ do: 'switch' });
    expect(standing(waiting)).toMatchObject({ applied: 11, desired: 12, state: 'waiting' });
    expect(started(waiting, found(waiting), sight(START))).toEqual(waiting);
    expect(started(waiting, { ...found(waiting), b: null }, sight(START)).next).toBe(null);
  });
  test('is not waited for where the revision expires before', () => {
    expect(nextSlotsStep(waiting, 5 * MINUTE, 120)).toEqual({ do: 'drop' });
    expect(standing(dropped(waiting))).toMatchObject({ applied: 11, desired: 12, state: 'refused' });
  });
  test('does not come where something else is shown meanwhile', () => {
    const held: Judgement<unknown> = { kind: 'held', revision: 11, digest: digest(11) };
    expect(shown(waiting, held, null).next).toBe(null);
    expect(shown(waiting, { ...held, revision: 12, digest: digest(12) }, null).next?.times).toBe(null);
  });
});

describe('a store goes back by itself', () => {
  const back = { inForce: { slot: 'a', revision: 11 }, before: null, trial: null };

  test('where more is set aside than may be', () => {
    const few = look(TWELVE, sight(START, { captured: 3, setAside: 1 }));
    expect(few).toBe(TWELVE);
    expect(look(TWELVE, sight(START, { captured: 95, setAside: 5 }))).toBe(TWELVE);
    const gone = look(TWELVE, sight(START, { captured: 90, setAside: 10 }));
    expect(gone).toMatchObject(back);
    expect(standing(gone)).toMatchObject({
      ...{ applied: 11, desired: 12, state: 'put-back' },
      message: 'Revision 12 was tried and put back: 10 of 100 documents that came in were set aside.',
    });
  });

  test('but not where it was no better before', () => {
    const usual = { captured: 80, setAside: 20 };
    const trial = onTrial(ELEVEN, 12, sight(START, usual));
    expect(look(trial, sight(START, { captured: 160, setAside: 40 }))).toBe(trial);
    expect(look(trial, sight(START, { captured: 150, setAside: 50 }))).toMatchObject(back);
  });

  test('where a part cannot be put into force', () => {
    const gone = unusable(TWELVE, 'the feed sales cannot be read', sight(START));
    expect(gone).toMatchObject({ ...back, putBack: [{ revision: 12, why: 'the feed sales cannot be read' }] });
    expect(unusable(ELEVEN, 'whatever', sight(START))).toBe(ELEVEN);
  });

  test('where the program ends by itself too often, and ends in order count for nothing', () => {
    const restart = (state: SlotsState) => started(state, found(state), sight(START));
    expect(restart(restart(TWELVE))).toMatchObject({ inForce: { revision: 12 }, trial: { crashes: 2 } });
    expect(restart(restart(restart(TWELVE)))).toMatchObject({ ...back, putBack: [{ revision: 12 }] });
    expect(restart(endedInOrder(restart(TWELVE)))).toMatchObject({ trial: { crashes: 1, isRunning: true } });
  });

  test('to nothing, where there was nothing before', () =>
    expect(unusable(onTrial(FRESH, 1, sight(0)), 'it is odd', sight(1))).toMatchObject({ inForce: null, trial: null }));

  test('and measures against all that it put back', () => {
    const gone = unusable(TWELVE, 'it is odd', sight(START));
    expect(standpointOf(gone)).toMatchObject({ floor: 12, held: [{ revision: 11 }], putBack: [{ revision: 12 }] });
    expect(standpointOf(withdrew(gone, { revision: 12, why: 'Bad' }, sight(START))).floor).toBe(11);
  });
});

describe('the line', () => {
  const wait = SLOTS_PACE.lineWaitMs;
  const gone = look(TWELVE, sight(START, NONE, wait + 1));

  test('may be away for a while, and a trial does not end well meanwhile', () => {
    expect(look(TWELVE, sight(START + RULES.trialMs, NONE, wait))).toBe(TWELVE);
    expect(gone).toMatchObject({ inForce: { revision: 11 }, putBack: [{ revision: 12 }] });
  });
  test('that was never up says nothing of a revision', () => {
    const offline = onTrial(ELEVEN, 12, sight(START, NONE, 1));
    expect(look(offline, sight(START, NONE, wait * 9))).toBe(offline);
    expect(look(offline, sight(START + RULES.trialMs, NONE, wait * 9)).trial).toBe(null);
  });
  test('that comes back under the one before shows that the revision was to blame', () =>
    expect(look(gone, sight(START))).toMatchObject({ blamed: null, putBack: [{ revision: 12 }] }));
  test('that stays away shows that it was not: it may come again', () => {
    expect(look(gone, sight(START, NONE, 2 * wait))).toBe(gone);
    const forgotten = look(gone, sight(START, NONE, 2 * wait + 2));
    expect(forgotten).toMatchObject({ blamed: null, putBack: [] });
    expect(standpointOf(forgotten).floor).toBe(11);
  });
  test('is watched anew after a start', () => {
    const anew = look(gone, sight(START, NONE, 5));
    expect(look(anew, sight(START, NONE, wait))).toBe(anew);
    expect(look(anew, sight(START, NONE, wait + 1)).putBack).toEqual([]);
  });
});

describe('head office takes a revision back', () => {
  const why = { revision: 12, why: 'Wrong prices' };
  test.each([
    ['on trial', TWELVE],
    ['good', look(TWELVE, sight(START + RULES.trialMs))],
  ])('that is %s: the one before is in force again', (_name, state) => {
    const taken = withdrew(state, why, sight(START));
    expect(taken).toMatchObject({ inForce: { revision: 11 }, before: null, trial: null });
    expect(standpointOf(taken).floor).toBe(11);
    expect(standing(taken)).toMatchObject({ applied: 11, desired: 12, state: 'withdrawn' });
  });
  test('that waits, or is the way back: it is not there any more', () => {
    expect(withdrew(writtenNext(ELEVEN, 12), why, sight(0))).toMatchObject({ next: null, inForce: { revision: 11 } });
    expect(withdrew(TWELVE, { revision: 11, why: '' }, sight(0))).toMatchObject({
      ...{ before: null, inForce: { revision: 12 }, trial: {} },
    });
  });
  test('once', () => {
    const taken = withdrew(TWELVE, why, sight(START));
    expect(withdrew(taken, why, sight(START))).toBe(taken);
  });
});

describe('at a start', () => {
  test('a slot that something else lies in is not used', () => {
    const state = look(TWELVE, sight(START + RULES.trialMs));
    const over = { ...found(state), a: digest(13) };
    expect(started(state, over, sight(0))).toMatchObject({ inForce: { revision: 12 }, before: null });
    expect(started(state, { ...found(state), b: null }, sight(0))).toMatchObject({ inForce: { revision: 11 } });
    const lost = started(state, { a: null, b: null }, sight(0));
    expect(lost).toMatchObject({ inForce: null, good: [11, 12] });
    // It is taken again when it is shown.
    expect(standpointOf(lost)).toMatchObject({ floor: 12, held: [] });
  });
});

describe('a standing', () => {
  test('says nothing where nothing ever came', () =>
    expect(standing(FRESH)).toMatchObject({ applied: null, desired: null, state: 'none', message: '' }));
  test('says what was refused, and that the last good one stays', () => {
    const message = 'Revision 13 came for another store.';
    const refused = shown(ELEVEN, { kind: 'refused', revision: 13, code: 'other-store', message }, null);
    expect(standing(refused)).toMatchObject({ applied: 11, desired: 13, state: 'refused', message });
  });
  test('says that something came which cannot be read, beside the revision that there is', () => {
    const message = 'A revision came that cannot be read.';
    const odd: Judgement<unknown> = { kind: 'refused', revision: null, code: 'unreadable', message };
    expect(standing(shown(ELEVEN, odd, null))).toMatchObject({ applied: 11, desired: 11, state: 'refused', message });
    expect(standing(shown(FRESH, odd, null))).toMatchObject({ applied: null, desired: null, state: 'none' });
  });
  test('says that the one in force has expired, and what came in under it', () =>
    expect(standing(ELEVEN, sight(9_000_000_000, { captured: 7, setAside: 2 }))).toMatchObject({
      ...{ isExpired: true, applied: 11, captured: 7, setAside: 2 },
    }));
});
