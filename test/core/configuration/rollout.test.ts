// The law of a rollout: when a ring opens, what stops it, what people may ask for.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterStep,
  askRollout,
  nextRolloutStep,
  openedRings,
  type RingPlan,
  type Rollout,
  type RolloutState,
  type Tally,
} from '../../../core/configuration/rollout.ts';

const MINUTE = 60_000;
const ring = (name: string, changes: Partial<RingPlan> = {}): RingPlan => ({
  ...{ name, successPercent: 80, failurePercent: 10, soakMinutes: 60 },
  ...changes,
});
const PLAN = [ring('pilot'), ring('north'), ring('rest')];
const tally = (stores: number, good = 0, failed = 0): Tally => ({ stores, good, failed });
const BEGUN: Rollout = { state: 'running', rings: PLAN.map(() => ({ openedMs: null, reachedMs: null })) };
const opened = (rollout: Rollout, at: number): Rollout => afterStep(rollout, { do: 'open', ring: at }, 0);
const FIRST = opened(BEGUN, 0);
const step = (rollout: Rollout, tallies: readonly Tally[], nowMs = 0) => nextRolloutStep(PLAN, rollout, tallies, nowMs);

describe('a rollout', () => {
  test('opens its first ring at once, or once a second person has approved', () => {
    expect(step(BEGUN, [tally(20)])).toEqual({ do: 'open', ring: 0 });
    const waiting: Rollout = { ...BEGUN, state: 'waiting' };
    expect(step(waiting, [tally(20)])).toMatchObject({ do: 'rest', why: 'not-running' });
    expect(askRollout(waiting.state, 'approve')).toEqual({ ok: true, state: 'running' });
  });

  test('goes on when enough stores are well and were so for a while', () => {
    expect(step(FIRST, [tally(20, 15)])).toEqual({ do: 'rest', why: 'stores', untilMs: null });
    expect(step(FIRST, [tally(20, 16)])).toEqual({ do: 'reached', ring: 0 });
    const reached = afterStep(FIRST, { do: 'reached', ring: 0 }, MINUTE);
    expect(step(reached, [tally(20, 16)], 60 * MINUTE)).toEqual({ do: 'rest', why: 'soaking', untilMs: 61 * MINUTE });
    expect(step(reached, [tally(20, 16)], 61 * MINUTE)).toEqual({ do: 'open', ring: 1 });
    expect(step(reached, [tally(20, 15, 1)], 61 * MINUTE)).toEqual({ do: 'unreached', ring: 0 });
  });

  test('is done once the last ring was well for a while', () => {
    let all = [0, 1, 2].reduce(opened, BEGUN);
    all = afterStep(all, { do: 'reached', ring: 2 }, 0);
    const tallies = [tally(1, 1), tally(1, 1), tally(5, 4)];
    expect(step(all, tallies, 60 * MINUTE)).toEqual({ do: 'finish' });
    expect(afterStep(all, { do: 'finish' }, 0).state).toBe('done');
  });

  test('stops by itself above its threshold, not at it', () => {
    expect(step(FIRST, [tally(20, 18, 2)])).toEqual({ do: 'reached', ring: 0 });
    const stop = step(FIRST, [tally(20, 17, 3)]);
    expect(stop).toEqual({
      ...{ do: 'stop', ring: 0 },
      why: 'In ring pilot 3 of 20 stores refused it or went back by themselves: more than 10 percent.',
    });
    expect(afterStep(FIRST, stop, 0)).toEqual({ ...FIRST, state: 'stopped' });
  });

  test('stops for one store of one, and for one of an earlier ring that fails late', () => {
    expect(step(FIRST, [tally(1, 0, 1)])).toMatchObject({ do: 'stop', why: expect.stringContaining('1 of 1 store ') });
    expect(step(opened(FIRST, 1), [tally(5, 4, 1), tally(100, 90)])).toMatchObject({ do: 'stop', ring: 0 });
  });

  test('does not look at rings that are not open', () =>
    expect(step(FIRST, [tally(20, 1), tally(5, 0, 5)])).toMatchObject({ do: 'rest' }));

  test('says when a ring cannot be reached any more', () => {
    const plan = [ring('pilot', { successPercent: 95, failurePercent: 10 })];
    expect(nextRolloutStep(plan, FIRST, [tally(20, 5, 2)], 0)).toMatchObject({ do: 'rest', why: 'out-of-reach' });
  });

  test('does not run through rings without stores before any store was well with it', () => {
    expect(step(FIRST, [tally(0), tally(20)])).toMatchObject({ do: 'rest', why: 'empty' });
    const second = opened(FIRST, 1);
    expect(step(second, [tally(20, 20), tally(0)])).toEqual({ do: 'open', ring: 2 });
    expect(step(second, [tally(0), tally(0)])).toMatchObject({ do: 'rest', why: 'empty' });
  });

  test('soaks no longer than it should when the clock is set back', () => {
    const reached = afterStep(FIRST, { do: 'reached', ring: 0 }, 9_000 * MINUTE);
    expect(step(reached, [tally(1, 1)], 0)).toMatchObject({ why: 'soaking', untilMs: 60 * MINUTE });
  });
});

const world = fc.array(fc.record({ good: fc.nat(20), failed: fc.nat(4), minutes: fc.nat(90) }), { maxLength: 30 });

test('generated: rings open one by one, each after the one before was reached, and none after a stop', () => {
  fc.assert(
    fc.property(world, (looks) => {
      let [rollout, nowMs] = [BEGUN, 0];
      for (const { good, failed, minutes } of looks) {
        nowMs += minutes * MINUTE;
        const tallies = PLAN.map((_, at) =>
          at === openedRings(rollout) - 1 ? tally(20, good, failed) : tally(20, 20),
        );
        const next = nextRolloutStep(PLAN, rollout, tallies, nowMs);
        if (rollout.state !== 'running') expect(next.do).toBe('rest');
        if (next.do === 'open' && next.ring > 0) {
          expect(next.ring).toBe(openedRings(rollout));
          expect(rollout.rings[next.ring - 1]?.reachedMs).toBeLessThanOrEqual(nowMs - 60 * MINUTE);
        }
        if (failed > 2 && rollout.state === 'running' && openedRings(rollout) > 0) expect(next.do).toBe('stop');
        rollout = afterStep(rollout, next, nowMs);
      }
    }),
  );
});

describe('people', () => {
  const after = (state: RolloutState, action: Parameters<typeof askRollout>[1]) => {
    const asked = askRollout(state, action);
    return asked.ok ? asked.state : asked.problem;
  };
  test('pause, resume and abort', () => {
    expect(after('running', 'pause')).toBe('paused');
    expect(after('paused', 'resume')).toBe('running');
    for (const state of ['waiting', 'running', 'paused'] as const) expect(after(state, 'abort')).toBe('aborted');
  });
  test('cannot bring back what was taken back for good, and are told so', () => {
    for (const action of ['pause', 'resume', 'abort', 'approve'] as const) {
      expect(after('stopped', action)).toMatch(/taken back for good\. Publish a higher revision/);
      expect(after('aborted', action)).toMatch(/taken back for good/);
      expect(after('done', action)).toMatch(/^It is done/);
    }
    expect(after('waiting', 'resume')).toMatch(/second person/);
    expect(after('waiting', 'pause')).toMatch(/second person/);
  });
});
