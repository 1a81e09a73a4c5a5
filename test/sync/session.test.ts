// The session machine by example: who speaks when, and what is settled.
import { describe, expect, test } from 'vitest';
import {
  BATCH_ENTRIES_MAX,
  BATCHES_IN_FLIGHT_MAX,
  CREDIT_WAIT_MS,
  MISSED_REPLIES_MAX,
  REPLY_WAIT_MS,
  SESSION_CHECK_MS,
} from '../../core/limits.ts';
import { BEGUN, step } from '../../sync/session.ts';
import type { Effect, Input, Session } from '../../sync/session-words.ts';
import { viewOf } from '../../sync/uplink-state.ts';
import { kinds, LINKED, mark, offered, run, wakeOf, welcomed } from './session-steps.ts';

describe('the line', () => {
  test('dials at once, says hello when linked, waits for the welcome', () => {
    expect(kinds(run([{ kind: 'resume' }]).effects)).toEqual(['dial', 'wake']);
    expect(run(LINKED).effects).toEqual([{ kind: 'greet' }, { kind: 'wake', afterMs: REPLY_WAIT_MS }]);
  });

  test('a failed dial waits longer each time, spread by chance', () => {
    const failed = (session: Session, chance: number) =>
      step(run([{ kind: 'resume' }], session).session, { kind: 'unlinked', reason: 'no' }, chance);
    const [first, wake] = failed(BEGUN, 0.99);
    const [, later] = failed(first, 0.99);
    expect(wakeOf([wake as Effect])).toBeGreaterThan(5_000);
    expect(wakeOf([later as Effect])).toBeGreaterThan(wakeOf([wake as Effect]) ?? Number.NaN);
  });

  test('a fleet that loses its broker comes back spread over seconds (F33)', () => {
    const perSecond = new Map<number, number>();
    const fleet = 1_000;
    for (let i = 0; i < fleet; i++) {
      const [, wake] = step(run(welcomed()).session, { kind: 'unlinked', reason: 'broker gone' }, i / fleet);
      const second = Math.floor((wakeOf([wake as Effect]) ?? 0) / 1_000);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(Math.max(...perSecond.values())).toBeLessThan(fleet * 0.2);
  });

  test('a dial that never ends is hung up and dialled anew', () => {
    const { session, effects } = run([{ kind: 'resume' }, { kind: 'timeout' }]);
    expect(kinds(effects)).toEqual(['hang-up', 'wake']);
    expect(kinds(run([{ kind: 'timeout' }], session).effects)).toEqual(['dial', 'wake']);
  });

  test('hellos without an answer end in a fresh client', () => {
    const silent = Array.from({ length: MISSED_REPLIES_MAX }, (): Input => ({ kind: 'timeout' }));
    expect(run([...LINKED, ...silent.slice(1)]).effects).toContainEqual({ kind: 'greet' });
    expect(kinds(run([...LINKED, ...silent]).effects)).toEqual(['hang-up', 'wake']);
  });
});

describe('a pause', () => {
  const QUIET: Input = { kind: 'quiet', quiet: true };
  const LOUD: Input = { kind: 'quiet', quiet: false };

  test('nothing of the journal goes out, the session goes on, and all goes out afterwards', () => {
    const paused = run([QUIET, ...welcomed({ tip: 9_000 })]);
    expect(paused.effects).toEqual([{ kind: 'wake', afterMs: SESSION_CHECK_MS }]);
    const later = run([{ kind: 'captured', tip: 9_001 }, { kind: 'reminded' }], paused.session);
    expect(later.effects).toEqual([]);
    expect(kinds(run([{ kind: 'timeout' }], later.session).effects)).toEqual(['greet', 'wake']);
    expect(kinds(run([LOUD], later.session).effects)).toEqual(['offer', 'wake', 'remind']);
  });

  test('what is on its way is marked, and an offer that goes out just now ends where it is', () => {
    const streaming = run([...welcomed({ tip: 2_000 }), offered(1, 500)]);
    const paused = run([QUIET], streaming.session);
    expect(kinds(paused.effects)).not.toContain('offer');
    expect(run([offered(2, 1_000)], paused.session).effects).toEqual([]);
    expect(run([mark(500)], paused.session).effects).toEqual([
      { kind: 'settle', seq: 500 },
      { kind: 'wake', afterMs: SESSION_CHECK_MS },
    ]);
    const missed = run([{ kind: 'timeout' }], paused.session);
    expect(missed.effects).toEqual([{ kind: 'wake', afterMs: SESSION_CHECK_MS }]);
    expect(run([LOUD], missed.session).effects).toContainEqual(expect.objectContaining({ kind: 'offer', after: 0 }));
  });
});

describe('the window', () => {
  test('goes on behind what central holds, whatever was settled before (a restored central)', () => {
    const { effects } = run(welcomed({ seq: 40, tip: 100, settled: 90 }));
    expect(effects).toEqual([
      { kind: 'offer', n: 1, after: 40, entriesMax: 60 },
      { kind: 'wake', afterMs: REPLY_WAIT_MS },
    ]);
  });

  test('a welcome settles what central holds beyond our last mark', () => {
    expect(run(welcomed({ seq: 100, tip: 100, settled: 90 })).effects).toEqual([
      { kind: 'settle', seq: 100 },
      { kind: 'wake', afterMs: SESSION_CHECK_MS },
    ]);
  });

  test('never more in flight than credit, and one offer at a time', () => {
    const start = run(welcomed({ tip: 2_000, credit: 700 }));
    expect(start.effects[0]).toEqual({ kind: 'offer', n: 1, after: 0, entriesMax: BATCH_ENTRIES_MAX });
    expect(run([{ kind: 'captured', tip: 2_001 }], start.session).effects).toEqual([]);
    const half = run([offered(1, 500)], start.session);
    expect(half.effects).toEqual([{ kind: 'offer', n: 2, after: 500, entriesMax: 200 }]);
    expect(run([offered(2, 700)], half.session).effects).toEqual([]);
  });

  test('sales one by one: after so many batches they gather until a mark', () => {
    let session = run(welcomed()).session;
    for (let sale = 1; sale <= BATCHES_IN_FLIGHT_MAX; sale++) {
      session = run([{ kind: 'captured', tip: sale }, offered(sale, sale)], session).session;
    }
    const gathered = run([{ kind: 'captured', tip: 400 }], session);
    expect(gathered.effects).toEqual([]);
    expect(run([mark(1)], gathered.session).effects).toContainEqual(
      expect.objectContaining({ kind: 'offer', after: BATCHES_IN_FLIGHT_MAX, entriesMax: 400 - BATCHES_IN_FLIGHT_MAX }),
    );
  });

  test('without credit it waits, then asks for some', () => {
    const start = run(welcomed({ tip: 10, credit: 0 }));
    expect(start.effects).toEqual([{ kind: 'wake', afterMs: CREDIT_WAIT_MS }]);
    expect(run([{ kind: 'timeout' }], start.session).effects[0]).toEqual({ kind: 'greet' });
    expect(run([mark(0)], start.session).effects[0]).toMatchObject({ kind: 'offer', entriesMax: 10 });
  });

  test('marks are cumulative; late and repeated ones change nothing', () => {
    const sent = run([...welcomed({ tip: 50 }), offered(1, 50)]);
    const settled = run([mark(50)], sent.session);
    expect(settled.effects[0]).toEqual({ kind: 'settle', seq: 50 });
    expect(run([mark(20)], settled.session).effects).toEqual([]);
    expect(run([mark(50)], settled.session).effects).toEqual([]);
    expect(run([mark(50, { session: 's0' })], sent.session).effects).toEqual([]);
  });

  test('no mark in time: everything behind the last mark is offered again, then a fresh client', () => {
    const sent = run([...welcomed({ tip: 50 }), offered(1, 50)]);
    const again = run([{ kind: 'timeout' }], sent.session);
    expect(again.effects).toEqual([
      { kind: 'offer', n: 2, after: 0, entriesMax: 50 },
      { kind: 'wake', afterMs: REPLY_WAIT_MS * 2 },
    ]);
    expect(run([offered(1, 50)], again.session).session).toEqual(again.session);
    const dead = run([{ kind: 'timeout' }, { kind: 'timeout' }], again.session);
    expect(kinds(dead.effects)).toEqual(['hang-up', 'wake']);
  });

  test('each missed reply makes the offers smaller, each mark larger again: the line may be slow', () => {
    const sizes: number[] = [];
    let session = run(welcomed({ tip: 3_000 })).session;
    const offers = (input: Input): void => {
      const result = run([input], session);
      session = result.session;
      for (const effect of result.effects) if (effect.kind === 'offer') sizes.push(effect.entriesMax);
    };
    offers({ kind: 'timeout' });
    offers({ kind: 'timeout' });
    offers(offered(3, 31));
    offers(mark(31));
    offers(offered(4, 62));
    expect(sizes).toEqual([125, 31, 31, 62]);
  });

  test('what is offered again is given up where a late mark covers it', () => {
    const sent = run([...welcomed({ tip: 900 }), offered(1, 500), { kind: 'timeout' }]);
    expect(sent.effects[0]).toMatchObject({ kind: 'offer', n: 3, after: 0 });
    expect(run([mark(500)], sent.session).effects).toContainEqual(
      expect.objectContaining({ kind: 'offer', n: 4, after: 500 }),
    );
  });

  test('new sales do not put off the time-out', () => {
    const sent = run([...welcomed({ tip: 1 }), offered(1, 1)]);
    const busy = run([{ kind: 'captured', tip: 2 }, offered(2, 2), { kind: 'captured', tip: 3 }], sent.session);
    expect(kinds(busy.effects)).toEqual(['offer']);
  });

  test('the first sale after a quiet time is watched like any other', () => {
    const { effects } = run([...welcomed(), { kind: 'captured', tip: 1 }]);
    expect(effects).toEqual([
      { kind: 'offer', n: 1, after: 0, entriesMax: 1 },
      { kind: 'wake', afterMs: REPLY_WAIT_MS },
    ]);
  });

  test('an offer of which nothing could be sent waits for the timer', () => {
    const stalled = run([...welcomed({ tip: 5 }), offered(1, 0)]);
    expect(stalled.effects).toEqual([]);
    expect(run([{ kind: 'timeout' }], stalled.session).effects[0]).toMatchObject({ kind: 'offer', after: 0 });
  });

  test('an idle session asks central now and then what it holds', () => {
    const idle = run([...welcomed(), { kind: 'timeout' }]);
    expect(kinds(idle.effects)).toEqual(['greet', 'wake']);
    expect(viewOf(idle.session, 0, null).line).toBe('online');
    expect(viewOf(run([{ kind: 'timeout' }], idle.session).session, 0, null).line).toBe('connecting');
  });
});
