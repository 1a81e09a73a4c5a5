// The session machine under every weather and every input: never wrong, never stuck, and done soon after the storm.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FORKS_MAX } from '../../core/limits/uplink.ts';
import { WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import { REJECT_CODES } from '../../protocol/wire/frames.ts';
import { isSilent, UNBOUNDED } from '../../sync/policy.ts';
import { BEGUN, step } from '../../sync/session.ts';
import type { Effect, Input, Session } from '../../sync/session-words.ts';
import { viewOf } from '../../sync/uplink-state.ts';
import { facts, mark } from './session-steps.ts';
import { FAIR, type Weather, type World } from './session-weather.ts';
import { makeWorld } from './session-world.ts';

const chance = (max: number) => fc.double({ min: 0, max, noNaN: true });
const weathers: fc.Arbitrary<Weather> = fc.record({
  drop: chance(0.5),
  repeat: chance(0.5),
  overtakes: fc.constantFrom(0, 0, 0.5),
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

/** Also where the last decision of this test was refused because central was being filled. */
const isDone = (world: World): boolean =>
  world.settled() === world.tip() && world.applied() === world.decided() && world.missing() === 0;

test('in any weather nothing is settled that central did not hold, and after it everything settles', () => {
  const outcome = { settledInStorm: 0, rejected: 0, recalls: 0 };
  fc.assert(
    fc.property(fc.nat(), weathers, fc.array(fc.nat(1_500), { maxLength: 30 }), (seed, storm, sales) => {
      const world = makeWorld(seed);
      for (const count of sales) {
        world.sell(count);
        if (count % 2 === 0) world.decide(count % 5);
        world.pass(5_000, storm);
      }
      outcome.settledInStorm += world.settled();
      outcome.rejected += world.sent.reject;
      if (world.missing() > 0) outcome.recalls += 1;
      world.decide(4);
      for (let minute = 0; minute < 15 && !isDone(world); minute++) world.pass(60_000, FAIR);
      expect(isDone(world)).toBe(true);
    }),
    { numRuns: 400 },
  );
  expect(outcome.settledInStorm).toBeGreaterThan(0);
  expect(outcome.rejected).toBeGreaterThan(0);
  expect(outcome.recalls).toBeGreaterThan(0);
});

test('in fair weather each entry is sent once, with hardly a hello', () => {
  const world = makeWorld(1);
  for (let i = 0; i < 60; i++) {
    world.sell(400);
    world.pass(1_000, FAIR);
  }
  expect(world.settled()).toBe(24_000);
  expect(world.sent).toMatchObject({ hello: 1, batch: 60, mark: 61, reject: 0 });
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
const dseq = fc.constantFrom(0, 0, 0, 1, 2);
const nonce = fc.constantFrom('s1', 's2');
/** Fair weather: so that each history gets somewhere. */
const usual = fc.constantFrom<Input>(
  { kind: 'welcome', facts: facts({ tip: 50 }) },
  { kind: 'welcome', facts: facts({ tip: 9_000 }) },
  { kind: 'prepared', session: 's1' },
  { kind: 'reminded' },
  mark(20),
  mark(50, { states: true }),
  { kind: 'linked' },
);
const POLICIES: Input[] = [
  { kind: 'policy', policy: UNBOUNDED },
  { kind: 'policy', policy: UNBOUNDED },
  { kind: 'policy', policy: { batchEntries: 3, windowEntries: 20, bytesPerSecond: 1_000, outOfHours: false } },
  { kind: 'policy', policy: { ...UNBOUNDED, outOfHours: true } },
];
const inputs: fc.Arbitrary<Input> = fc.oneof(
  fc.constantFrom<Input>(
    { kind: 'linked' },
    { kind: 'timeout' },
    { kind: 'resume' },
    { kind: 'central-present' },
    { kind: 'unlinked', reason: 'cut' },
    { kind: 'doubted', reason: 'who?' },
  ),
  fc.constantFrom<Input>({ kind: 'linked' }, { kind: 'timeout' }, { kind: 'resume' }),
  ...Array<typeof usual>(8).fill(usual),
  seq.map((tip): Input => ({ kind: 'captured', tip })),
  fc.constantFrom<Input>(
    { kind: 'quiet', quiet: true },
    { kind: 'quiet', quiet: false },
    { kind: 'quiet', quiet: false },
  ),
  fc
    .record({
      session: nonce,
      standing: fc.constantFrom(
        ...(['same', 'same', 'same', 'earlier', 'other', 'ungranted', 'contradicted'] as const),
      ),
      ordinal: fc.nat(3),
      ...{ seq, tip: fc.constantFrom(0, 5, 50, 9_000), settled: seq, credit: fc.nat(6_000) },
      ...{ stated: dseq, applied: dseq, missing: fc.boolean(), keeps: dseq },
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
    ordinal: fc.nat(3),
    seq,
    sameHistory: fc.constantFrom(true, true, true, false),
    credit: fc.nat(6_000),
    dseq,
    states: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('elsewhere' as const, 'prepared' as const), session: nonce }),
  fc.record({ kind: fc.constant('applied' as const), dseq, missing: fc.boolean() }),
  fc.record({ kind: fc.constant('recalled' as const), missing: fc.boolean() }),
  fc.record({ kind: fc.constant('confirmed' as const), agrees: fc.boolean() }),
  fc.record({ kind: fc.constant('epoch-begun' as const), ordinal: fc.nat(5) }),
  fc.constantFrom<Input>({ kind: 'reminded' }, { kind: 'compared' }, { kind: 'fork-forgotten' }),
  fc.constantFrom<Input>(
    { kind: 'fence', reason: 'other' },
    ...Array(5).fill({ kind: 'contradicted', keeps: null }),
    ...Array(4).fill({ kind: 'contradicted', keeps: 1 }),
    { kind: 'superseded' },
  ),
  fc.record({
    kind: fc.constant('offered' as const),
    session: nonce,
    n: fc.nat(5),
    through: seq,
    bytes: fc.nat(5_000),
  }),
  fc.constantFrom<Input>(...POLICIES, { kind: 'rested' }, { kind: 'rested' }),
  fc.record({
    kind: fc.constant('reject' as const),
    code: fc.constantFrom(...REJECT_CODES),
    message: fc.constant('no'),
    proven: fc.boolean(),
  }),
);

const isFinal = (session: Session): boolean => session.at === 'held' && !session.retry;
const isStreaming = (session: Session): boolean => session.at === 'streaming';
const mayOffer = ({ entriesMax }: Effect & { kind: 'offer' }, session: Session): boolean =>
  entriesMax > 0 && entriesMax <= session.policy.batchEntries && !isSilent(session) && session.rests === 0;
const mayPerform = (effect: Effect, session: Session): boolean => {
  switch (effect.kind) {
    case 'dial':
      return session.at === 'offline' && session.dialling;
    case 'greet':
      return session.at === 'greeting' && session.asked && session.beginning === null;
    case 'offer':
      return session.at === 'streaming' && session.offer?.n === effect.n && mayOffer(effect, session);
    case 'settle':
      return session.at === 'streaming' && session.isPresent && session.settled === effect.seq;
    case 'begin-epoch':
      return session.at === 'greeting' && !session.asked && session.beginning === effect.above;
    case 'supersede':
      return session.at === 'greeting' && !session.asked && session.forks > 0;
    case 'prepare':
      return session.at === 'streaming' && session.errands.preparing;
    case 'compare':
      return session.at === 'streaming' && session.errands.comparing && session.isPresent;
    case 'recall':
    case 'digest':
    case 'remind':
      return isStreaming(session);
    case 'forget-fork':
      return session.forks > 0;
    case 'rest':
      return isStreaming(session) && session.rests > 0 && effect.afterMs > 0;
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
    fc.property(fc.array(fc.tuple(inputs, chance(0.999)), { maxLength: 60, size: 'max' }), (steps) => {
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
        if (isFinal(before)) expect([session.at, ...effects]).toEqual(['held']);
        if (effects.some(({ kind }) => kind === 'settle')) {
          expect(input.kind === 'welcome' || (input.kind === 'mark' && input.sameHistory)).toBe(true);
        }
        if (session.at === 'streaming') {
          expect(session.acked <= session.sent && session.sent <= session.tip).toBe(true);
          const { preparing, comparing, missing, applied, stated, reminder } = session.errands;
          if (effects.some(({ kind }) => kind === 'offer')) expect(preparing || comparing).toBe(false);
          if (missing || comparing || applied < stated) expect(reminder).toBe(true);
          if (!session.isPresent) expect(preparing || session.acked < session.tip).toBe(true);
          expect(session.sent - session.acked).toBeLessThanOrEqual(WINDOW_ENTRIES_MAX);
        }
        expect(session.forks).toBeLessThanOrEqual(FORKS_MAX);
        expect(viewOf(session, 0, null).line === 'held').toBe(session.at === 'held' || session.turnedAway !== null);
      }
    }),
    { numRuns: 2_000 },
  );
  for (const rare of [
    'greeting begin-epoch wake forget-fork',
    'greeting supersede wake forget-fork',
    'held hold hang-up',
    'held hold hang-up wake',
    'streaming settle',
    'streaming offer',
    'streaming prepare',
    'streaming recall',
    'streaming compare',
    'streaming digest',
    'streaming rest',
  ]) {
    expect({ rare, seen: [...seen].some((step) => step.startsWith(rare)) }).toEqual({ rare, seen: true });
  }
});
