// The session machine by example: what goes on beside the entries.
import { describe, expect, test } from 'vitest';
import { RECALL_FRAMES_MAX } from '../../core/limits/conversation.ts';
import { COMPARES_MAX, PREPARE_WAIT_MS } from '../../core/limits/uplink.ts';
import { REPLY_WAIT_MS, WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import type { Input, Session } from '../../sync/session-words.ts';
import { viewOf } from '../../sync/uplink-state.ts';
import { facts, kinds, LINKED, mark, offered, run, welcomed } from './session-steps.ts';

const REMIND = { kind: 'remind', afterMs: REPLY_WAIT_MS };
const REMINDED: Input = { kind: 'reminded' };
const greeted = (over: Parameters<typeof facts>[0]): Input => ({ kind: 'welcome', facts: facts(over) });

describe('directives', () => {
  test('that are behind are asked for by a hello after the reply wait, each time later until some come', () => {
    const waits: number[] = [];
    let session: Session = run(LINKED).session;
    for (let i = 0; i < 4; i++) {
      const behind = run([greeted({ stated: 3, applied: 1 })], session);
      for (const effect of behind.effects) if (effect.kind === 'remind') waits.push(effect.afterMs);
      const asked = run([REMINDED], behind.session);
      expect(kinds(asked.effects)).toEqual(['greet', 'wake']);
      session = asked.session;
    }
    expect(waits).toEqual([1, 2, 4, 8].map((times) => times * REPLY_WAIT_MS));
    const some = run([greeted({ stated: 3, applied: 1 }), { kind: 'applied', dseq: 2, missing: false }], session);
    expect(run([REMINDED], some.session).effects).toEqual([REMIND]);
    const all = run([{ kind: 'applied', dseq: 3, missing: false }, REMINDED], some.session);
    expect({ effects: all.effects, tries: all.session.tries }).toEqual({ effects: [], tries: 0 });
  });

  test('a mark that names some which are not here settles at once, and reminds', () => {
    const { session, effects } = run([...welcomed({ tip: 5 }), offered(1, 5), mark(5, { dseq: 2, states: true })]);
    expect(effects).toEqual([{ kind: 'settle', seq: 5 }, expect.objectContaining({ kind: 'wake' }), REMIND]);
    expect(kinds(run([REMINDED], session).effects)).toEqual(['greet', 'wake']);
  });

  test('that fall behind while the reminder runs have their time from then', () => {
    const started = run([...welcomed({ missing: true }), mark(0, { dseq: 1 })]);
    expect(kinds(run([REMINDED], started.session).effects)).toEqual(['recall', 'remind']);
  });

  test('that central lost go back before the first entry; where nothing of it comes to an end, a new hello', () => {
    const start = run(welcomed({ tip: 50, stated: 2, applied: 7 }));
    expect(start.effects).toEqual([
      { kind: 'prepare', give: 2, digest: false },
      { kind: 'wake', afterMs: PREPARE_WAIT_MS },
    ]);
    expect(run([{ kind: 'captured', tip: 51 }], start.session).effects).toEqual([]);
    expect(run([{ kind: 'prepared', session: 's0' }], start.session).effects).toEqual([]);
    expect(kinds(run([{ kind: 'prepared', session: 's1' }], start.session).effects)).toEqual(['offer', 'wake']);
    expect(kinds(run([{ kind: 'timeout' }], start.session).effects)).toEqual(['greet', 'wake']);
  });
});

describe('a mark', () => {
  const agreed = run([...welcomed({ tip: 5, seq: 5, settled: 5 }), mark(5, { dseq: 0, states: true })]);

  test('that states a cut is noted once, also where nothing was sent', () => {
    expect(agreed.effects).toEqual([{ kind: 'settle', seq: 5 }]);
    expect(run([mark(5, { states: true })], agreed.session).effects).toEqual([]);
    const decided = run(
      [{ kind: 'applied', dseq: 1, missing: false }, mark(5, { dseq: 1, states: true })],
      agreed.session,
    );
    expect(decided.effects).toEqual([{ kind: 'settle', seq: 5 }]);
  });

  test('from before what is settled tells nothing: a restored central is being filled', () => {
    const { effects } = run([...welcomed({ tip: 9, seq: 2, settled: 9 }), offered(1, 9), mark(4, { states: true })]);
    expect(kinds(effects)).not.toContain('settle');
  });
});

describe('an earlier epoch', () => {
  const earlier = { standing: 'earlier', tip: 40, settled: 3 } as const;

  test('is given back to its end, settles nothing, then a hello; sales do not count as its entries', () => {
    const start = run(welcomed({ ...earlier, seq: 10 }));
    expect(start.effects[0]).toMatchObject({ kind: 'offer', after: 10, entriesMax: 30 });
    expect(run([{ kind: 'captured', tip: 90 }], start.session).session).toMatchObject({ tip: 40 });
    const half = run([offered(1, 40), mark(30, { states: true, dseq: 1 })], start.session);
    expect(kinds(half.effects)).not.toContain('settle');
    expect(kinds(run([mark(40)], half.session).effects)).toEqual(['greet', 'wake']);
  });

  test('that central has whole is not asked about in a hurry', () => {
    const waits: (number | undefined)[] = [];
    let session: Session = run(LINKED).session;
    for (let i = 0; i < 3; i++) {
      const { session: next, effects } = run([greeted({ ...earlier, seq: 40 })], session);
      expect(kinds(effects)).toEqual(['wake']);
      for (const effect of effects) if (effect.kind === 'wake') waits.push(effect.afterMs);
      session = run([{ kind: 'timeout' }], next).session;
    }
    expect(waits).toEqual([500, 2 * REPLY_WAIT_MS, 4 * REPLY_WAIT_MS]);
  });

  test('with another chain in a mark is no fork of ours: held', () => {
    const { session } = run([...welcomed({ ...earlier, seq: 10 }), mark(20, { sameHistory: false })]);
    expect(session).toMatchObject({ at: 'held', retry: true });
  });

  test('ends where central has moved on to another one: a hello', () => {
    const moved = run([...welcomed({ ...earlier, seq: 10 }), { kind: 'elsewhere', session: 's1' }]);
    expect(kinds(moved.effects)).toEqual(['wake']);
    expect(kinds(run([{ kind: 'timeout' }], moved.session).effects)).toEqual(['greet', 'wake']);
  });
});

describe('a branch', () => {
  test('is recalled when its grant comes, again when nothing moves, at once behind as many batches as central gives', () => {
    const granted = run([...welcomed({ stated: 1 }), { kind: 'applied', dseq: 1, missing: true }]);
    expect(granted.effects).toContainEqual({ kind: 'recall' });
    const lost = run([REMINDED, REMINDED], granted.session);
    expect(lost.effects).toEqual([{ kind: 'recall' }, { kind: 'remind', afterMs: 2 * REPLY_WAIT_MS }]);
    const more: Input = { kind: 'recalled', missing: true };
    const few = run(Array<Input>(RECALL_FRAMES_MAX - 1).fill(more), lost.session);
    expect(few.effects).toEqual([]);
    expect(run([REMINDED], few.session).effects).toEqual([REMIND]);
    expect(run([more], few.session).effects).toEqual([{ kind: 'recall' }]);
    const whole = run([{ kind: 'recalled', missing: false }, REMINDED], few.session);
    expect(whole.effects).toEqual([]);
  });

  test('does not hold up entries', () => {
    expect(kinds(run(welcomed({ tip: 3, missing: true })).effects)).toEqual(['recall', 'offer', 'wake', 'remind']);
  });
});

describe('books that differ', () => {
  const differs: Input = { kind: 'confirmed', agrees: false };
  const start = run([...welcomed({ tip: 9 }), offered(1, 9), differs]);

  test('are compared once in a session; entries wait until central has answered', () => {
    expect(start.effects).toEqual([{ kind: 'compare' }, REMIND]);
    expect(run([{ kind: 'captured', tip: 12 }, mark(9)], start.session).effects).toEqual([
      { kind: 'settle', seq: 9 },
      expect.objectContaining({ kind: 'wake' }),
    ]);
    const over = run([{ kind: 'captured', tip: 12 }, { kind: 'compared' }], start.session);
    expect(kinds(over.effects)).toContain('offer');
    expect(run([differs], over.session).effects).toEqual([]);
    const agreed = run([{ kind: 'confirmed', agrees: true }], over.session).session;
    expect(kinds(run([differs], agreed).effects)).toContain('compare');
  });

  test('and a central that does not answer: entries go on after the reply wait', () => {
    const waiting = run([{ kind: 'captured', tip: 12 }, REMINDED], start.session);
    expect(waiting.session).toMatchObject({ at: 'streaming', errands: { comparing: true } });
    expect(kinds(run([REMINDED], waiting.session).effects)).toContain('offer');
  });

  test('while the cut moves on are told anew, so often', () => {
    const moved = run(Array<Input>(COMPARES_MAX - 1).fill(differs), start.session);
    expect(moved.effects).toContainEqual({ kind: 'compare' });
    expect(run([differs], moved.session)).toMatchObject({ session: { errands: { comparing: false } } });
  });
});

describe('a backlog', () => {
  const tip = WINDOW_ENTRIES_MAX * 2;

  test('of more than one window is announced before its first entry, and every few seconds until it fits one', () => {
    const start = run(welcomed({ tip }));
    expect(start.effects[0]).toEqual({ kind: 'prepare', give: null, digest: true });
    expect(viewOf(start.session, 0, null).line).toBe('online');
    const going = run([{ kind: 'prepared', session: 's1' }, REMINDED], start.session);
    expect(going.effects).toEqual([{ kind: 'digest' }, REMIND]);
    const nearlyDone = run([mark(WINDOW_ENTRIES_MAX), REMINDED], going.session);
    expect(kinds(nearlyDone.effects)).not.toContain('digest');
    expect(kinds(run(welcomed({ tip: WINDOW_ENTRIES_MAX })).effects)).not.toContain('prepare');
  });

  test('of an epoch that central lost is no news about shelves', () => {
    expect(kinds(run(welcomed({ standing: 'earlier', tip })).effects)).toEqual(['offer', 'wake']);
  });
});
