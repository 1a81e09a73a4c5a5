// A person is told each thing once, however often it is looked at and however it flickers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TELL_AGAIN_MS } from '../../core/limits/desktop.ts';
import { type Concerns, NOTHING_TOLD, type Told, toTell } from '../../core/told.ts';

const none = { store: 0, others: 0, newestMs: null };

/** What is told at each of these looks, one after the other. */
function looks(...seen: { atMs: number; states?: string[]; questions?: Concerns['questions'] }[]) {
  let told: Told = NOTHING_TOLD;
  return seen.map(({ atMs, states = [], questions = none }) => {
    const next = toTell(told, { states, questions }, atMs);
    told = next.told;
    return [...next.tell.states, ...(next.tell.isAsked ? ['asked'] : [])];
  });
}

test('a state is told when it begins, and not while it lasts', () => {
  const states = ['held'];
  expect(looks({ atMs: 1, states }, { atMs: 2, states }, { atMs: 10 * TELL_AGAIN_MS, states })).toEqual([
    ['held'],
    [],
    [],
  ]);
});

test('a state that flickers is one message; one that comes back much later is another', () => {
  const states = ['one-copy-only'];
  const later = TELL_AGAIN_MS + 3;
  expect(looks({ atMs: 1, states }, { atMs: 2 }, { atMs: 3, states })).toEqual([[states[0]], [], []]);
  expect(looks({ atMs: 1, states }, { atMs: 2 }, { atMs: later, states })).toEqual([[states[0]], [], [states[0]]]);
  expect(looks({ atMs: 1, states }, { atMs: 2 }, { atMs: 3 }, { atMs: later, states }).at(-1)).toEqual(states);
});

test('each state by itself', () => {
  expect(looks({ atMs: 1, states: ['held'] }, { atMs: 2, states: ['held', 'disk-nearly-full'] })).toEqual([
    ['held'],
    ['disk-nearly-full'],
  ]);
});

const asked = (store: number, newestMs: number, others = 0) => ({ store, others, newestMs });

test('a question is told when it is raised, not when others of it are answered', () => {
  expect(
    looks(
      { atMs: 1, questions: asked(2, 100) },
      { atMs: 2, questions: asked(1, 100) },
      { atMs: 3, questions: asked(1, 100) },
      { atMs: 4, questions: asked(2, 200) },
    ),
  ).toEqual([['asked'], [], [], ['asked']]);
});

test('one answered and one raised between two looks is told by its time', () => {
  expect(looks({ atMs: 1, questions: asked(1, 100) }, { atMs: 2, questions: asked(1, 200) })).toEqual([
    ['asked'],
    ['asked'],
  ]);
});

test('a question of somebody else is nothing to this store', () => {
  expect(
    looks(
      { atMs: 1, questions: asked(0, 100, 1) },
      { atMs: 2, questions: asked(1, 150, 1) },
      { atMs: 3, questions: asked(1, 200, 2) },
    ),
  ).toEqual([[], ['asked'], []]);
});

test('what was told outlives the program as JSON', () => {
  const { told } = toTell(NOTHING_TOLD, { states: ['held'], questions: asked(3, 100) }, 5);
  const next = toTell(JSON.parse(JSON.stringify(told)), { states: ['held'], questions: asked(3, 100) }, 6);
  expect(next.tell).toEqual({ states: [], isAsked: false });
});

test('whatever happens: nothing is told that is not so, nothing twice within the time, and no more is kept than lasts', () => {
  const look = fc.record({
    afterMs: fc.integer({ min: 0, max: TELL_AGAIN_MS }),
    states: fc.subarray(['held', 'disk-nearly-full', 'one-copy-only']),
  });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 60 }), (all) => {
      let told: Told = NOTHING_TOLD;
      let nowMs = 0;
      const toldAt = new Map<string, number>();
      for (const { afterMs, states } of all) {
        nowMs += afterMs;
        const next = toTell(told, { states, questions: none }, nowMs);
        for (const name of next.tell.states) {
          expect(states).toContain(name);
          expect(nowMs - (toldAt.get(name) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(TELL_AGAIN_MS);
          toldAt.set(name, nowMs);
        }
        for (const name of states) expect(toldAt.has(name)).toBe(true);
        expect(Object.keys(next.told.states).length).toBeLessThanOrEqual(3);
        told = next.told;
      }
    }),
  );
});
