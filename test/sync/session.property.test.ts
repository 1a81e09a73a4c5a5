// The session machine under every weather and every input: never wrong, never stuck, and done soon after the storm.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import { REJECT_CODES } from '../../protocol/wire/frames.ts';
import { BEGUN, step } from '../../sync/session.ts';
import type { Effect, Input, Session } from '../../sync/session-words.ts';
import { viewOf } from '../../sync/uplink-state.ts';
import { FAIR, makeWorld, type Weather } from './session-world.ts';

const chance = (max: number) => fc.double({ min: 0, max, noNaN: true });
const weathers: fc.Arbitrary<Weather> = fc.record({
  drop: chance(0.5),
  repeat: chance(0.5),
  delayMsMax: fc.constantFrom(10, 500, 8_000),
  dialFails: chance(0.7),
  dialHangs: chance(0.2),
  cut: chance(0.05),
  journalStalls: chance(0.3),
  centralSleeps: chance(0.5),
  centralLoses: chance(0.02),
  littleCredit: chance(0.7),
  entriesPerSecond: fc.constantFrom(0, 0, 20, 200),
});

test('in any weather nothing is settled that central did not hold, and after it everything settles', () => {
  const outcome = { settledInStorm: 0, rejected: 0 };
  fc.assert(
    fc.property(fc.nat(), weathers, fc.array(fc.nat(1_500), { maxLength: 30 }), (seed, storm, sales) => {
      const world = makeWorld(seed);
      for (const count of sales) {
        world.sell(count);
        world.pass(5_000, storm);
      }
      outcome.settledInStorm += world.settled();
      outcome.rejected += world.sent.reject;
      for (let minute = 0; minute < 10 && world.settled() < world.tip(); minute++) world.pass(60_000, FAIR);
      expect(world.settled()).toBe(world.tip());
    }),
    { numRuns: 400 },
  );
  expect(outcome.settledInStorm).toBeGreaterThan(0);
  expect(outcome.rejected).toBeGreaterThan(0);
});

test('in fair weather each entry is sent once, with hardly a hello', () => {
  const world = makeWorld(1);
  for (let i = 0; i < 60; i++) {
    world.sell(400);
    world.pass(1_000, FAIR);
  }
  expect(world.settled()).toBe(24_000);
  expect(world.sent).toMatchObject({ hello: 1, batch: 60, mark: 60, reject: 0 });
});

test.each([2, 20, 100])('a line that takes %i entries a second settles, and hardly anything is said twice', (rate) => {
  const world = makeWorld(3);
  const tip = rate * 120;
  world.sell(tip);
  world.pass(600_000, { ...FAIR, entriesPerSecond: rate });
  expect(world.settled()).toBe(tip);
  expect(world.entriesSent()).toBeLessThan(tip * 2.5);
});

test('central that comes back after an hour is greeted within a minute', () => {
  for (let seed = 0; seed < 20; seed++) {
    const world = makeWorld(seed);
    world.sell(10);
    world.pass(3_600_000, { ...FAIR, centralSleeps: 1 });
    expect(world.settled()).toBe(0);
    world.pass(45_000, FAIR);
    expect(world.settled()).toBe(10);
  }
});

test('in a silent world it neither stops asking nor asks often', () => {
  const world = makeWorld(2);
  world.sell(10);
  world.pass(3_600_000, { ...FAIR, drop: 1 });
  expect(world.sent.hello).toBeGreaterThan(60);
  expect(world.sent.hello).toBeLessThan(400);
});

const seq = fc.nat(50);
const nonce = fc.constantFrom('s1', 's2');
const inputs: fc.Arbitrary<Input> = fc.oneof(
  fc.constantFrom<Input>(
    { kind: 'linked' },
    { kind: 'timeout' },
    { kind: 'resume' },
    { kind: 'central-present' },
    { kind: 'unlinked', reason: 'cut' },
    { kind: 'doubted', reason: 'who?' },
    { kind: 'fence', reason: 'other' },
  ),
  fc.constantFrom<Input>({ kind: 'linked' }, { kind: 'timeout' }, { kind: 'resume' }),
  seq.map((tip): Input => ({ kind: 'captured', tip })),
  fc
    .record({
      session: nonce,
      history: fc.constantFrom('same' as const, 'same' as const, 'ungranted' as const),
      ...{ seq, tip: seq, settled: seq, credit: fc.nat(6_000) },
    })
    .map(
      (facts): Input => ({
        kind: 'welcome',
        facts: { ...facts, tip: Math.max(facts.tip, facts.seq, facts.settled) },
      }),
    ),
  fc.record({
    kind: fc.constant('mark' as const),
    session: nonce,
    seq,
    sameHistory: fc.boolean(),
    credit: fc.nat(6_000),
  }),
  fc.record({ kind: fc.constant('offered' as const), session: nonce, n: fc.nat(5), through: seq }),
  fc.record({
    kind: fc.constant('reject' as const),
    code: fc.constantFrom(...REJECT_CODES),
    message: fc.constant('no'),
    proven: fc.boolean(),
  }),
);

const isFinal = (session: Session): boolean => session.at === 'held' && !session.retry;
const mayPerform = (effect: Effect, session: Session): boolean => {
  switch (effect.kind) {
    case 'dial':
      return session.at === 'offline' && session.dialling;
    case 'greet':
      return session.at === 'greeting' && session.asked;
    case 'offer':
      return session.at === 'streaming' && session.offer?.n === effect.n && effect.entriesMax > 0;
    case 'settle':
      return session.at === 'streaming' && session.settled === effect.seq && session.acked === effect.seq;
    case 'begin-epoch':
      return isFinal(session);
    case 'hold':
      return session.at === 'held';
    case 'hang-up':
      return session.at === 'offline' || session.at === 'held';
    case 'wake':
      return !isFinal(session) && effect.afterMs >= 0;
  }
};

test('whatever comes in whatever order: one timer, always running, and nothing said out of place', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(fc.tuple(inputs, chance(0.999)), { maxLength: 60 }), (steps) => {
      let [session, ...effects]: readonly [Session, ...Effect[]] = step(BEGUN, { kind: 'resume' }, 0);
      let isTimerSet = effects.some(({ kind }) => kind === 'wake');
      for (const [input, luck] of steps) {
        if (input.kind === 'timeout') isTimerSet = false;
        const before = session;
        [session, ...effects] = step(session, input, luck);
        seen.add(`${session.at} ${effects.map(({ kind }) => kind).join(' ')}`);
        expect(effects.filter(({ kind }) => kind === 'wake').length).toBeLessThanOrEqual(1);
        isTimerSet ||= effects.some(({ kind }) => kind === 'wake');
        expect(isTimerSet || isFinal(session)).toBe(true);
        for (const effect of effects) expect(mayPerform(effect, session)).toBe(true);
        if (isFinal(before)) expect([session, ...effects]).toEqual([before]);
        if (effects.some(({ kind }) => kind === 'settle')) {
          expect(input.kind === 'welcome' || (input.kind === 'mark' && input.sameHistory)).toBe(true);
        }
        if (session.at === 'streaming') {
          expect(session.acked <= session.sent && session.sent <= session.tip).toBe(true);
          expect(session.sent - session.acked).toBeLessThanOrEqual(WINDOW_ENTRIES_MAX);
        }
        expect(viewOf(session, 0, null).line === 'held').toBe(session.at === 'held' || session.turnedAway !== null);
      }
    }),
    { numRuns: 2_000 },
  );
  for (const rare of [
    'held begin-epoch hold hang-up',
    'held hold hang-up',
    'held hold hang-up wake',
    'streaming settle offer wake',
  ]) {
    expect(seen).toContain(rare);
  }
});
