// How entries are sent as head office configures it: few in a batch, few in flight, few bytes in a second, at its times.
import { expect, test } from 'vitest';
import { PACE_MS } from '../../core/limits/uplink.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, SESSION_CHECK_MS, WINDOW_ENTRIES_MAX } from '../../core/limits.ts';
import { type Policy, UNBOUNDED } from '../../sync/policy.ts';
import { BEGUN, step } from '../../sync/session.ts';
import type { Effect, Input, Session } from '../../sync/session-words.ts';
import { facts, kinds, LINKED, mark, offered, run, welcomed } from './session-steps.ts';
import { makeVirtualTime } from './virtual-time.ts';

const policy = (over: Partial<Policy>): Input => ({ kind: 'policy', policy: { ...UNBOUNDED, ...over } });
const offersIn = (effects: Effect[]) => effects.filter((effect) => effect.kind === 'offer');

test('without a word of head office an offer is what it always was', () => {
  const effects = run(welcomed({ tip: 9_000_000, credit: 1_000_000 })).effects;
  expect(offersIn(effects)).toEqual([]);
  expect(run([{ kind: 'prepared', session: 's1' }], run(welcomed({ tip: 9_000 })).session).effects[0]).toEqual({
    kind: 'offer',
    n: 1,
    after: 0,
    entriesMax: BATCH_ENTRIES_MAX,
  });
});

test('few entries in a batch, and few in flight', () => {
  const first = run([policy({ batchEntries: 20, windowEntries: 50 }), ...welcomed({ tip: 200 })]);
  expect(offersIn(first.effects)).toEqual([{ kind: 'offer', n: 1, after: 0, entriesMax: 20 }]);
  const second = run([offered(1, 20), offered(2, 40)], first.session);
  expect(offersIn(second.effects)).toEqual([{ kind: 'offer', n: 3, after: 40, entriesMax: 10 }]);
  const full = run([offered(3, 50)], second.session);
  expect(offersIn(full.effects)).toEqual([]);
  expect(offersIn(run([mark(20)], full.session).effects)).toEqual([{ kind: 'offer', n: 4, after: 50, entriesMax: 20 }]);
});

test('a narrower window than what is in flight waits for marks; it never offers less than nothing', () => {
  const streaming = run([...welcomed({ tip: 2_000 }), offered(1, 500), offered(2, 1_000), offered(3, 1_500)]);
  const narrow = run([policy({ windowEntries: 10 }), offered(4, 2_000)], streaming.session);
  expect(offersIn(narrow.effects)).toEqual([]);
  const grown = run([{ kind: 'captured', tip: 2_100 }, mark(1_999)], narrow.session);
  expect(offersIn(grown.effects)).toEqual([{ kind: 'offer', n: 5, after: 2_000, entriesMax: 9 }]);
});

test('out of its hours nothing of the journal goes out, the line stays, and it goes on when they begin', () => {
  const away = run([policy({ outOfHours: true }), ...welcomed({ tip: WINDOW_ENTRIES_MAX * 2 })]);
  expect(away.effects).toEqual([{ kind: 'wake', afterMs: SESSION_CHECK_MS }]);
  expect(kinds(run([{ kind: 'timeout' }], away.session).effects)).toEqual(['greet', 'wake']);
  expect(kinds(run([policy({})], away.session).effects)).toEqual(['offer', 'wake', 'remind']);
  const going = run(welcomed({ tip: 2_000 }));
  const ends = run([policy({ outOfHours: true }), offered(1, 500)], going.session);
  expect(ends.effects).toEqual([]);
  // The offer that went out just then ends where it is.
  expect(ends.session).toMatchObject({ offer: null, sent: 0 });
  expect(run([mark(500)], ends.session).effects).toContainEqual({ kind: 'settle', seq: 500 });
});

test('hours that begin end no pause of a person', () => {
  const both = run([{ kind: 'quiet', quiet: true }, policy({ outOfHours: true }), ...welcomed({ tip: 10 })]);
  expect(offersIn(run([policy({})], both.session).effects)).toEqual([]);
  expect(offersIn(run([policy({}), { kind: 'quiet', quiet: false }], both.session).effects)).toHaveLength(1);
});

test('after each offer as long a rest as its bytes are worth, also over a broken line', () => {
  const first = run([policy({ bytesPerSecond: 1_000 }), ...welcomed({ tip: 100 })]);
  expect(offersIn(first.effects)).toEqual([
    { kind: 'offer', n: 1, after: 0, entriesMax: 100, bytesMax: (1_000 * PACE_MS) / 1_000 },
  ]);
  const sent = run([offered(1, 10, 2_500)], first.session);
  expect(sent.effects).toEqual([{ kind: 'rest', afterMs: 2_500 }]);
  const resting = run([mark(10)], sent.session);
  expect(resting.effects).toEqual([
    { kind: 'settle', seq: 10 },
    { kind: 'wake', afterMs: SESSION_CHECK_MS },
  ]);
  const broken = run(
    [{ kind: 'unlinked', reason: 'cut' }, { kind: 'timeout' }, ...LINKED.slice(1), ...welcomed({ tip: 100 }).slice(-1)],
    resting.session,
  );
  expect([broken.session.at, offersIn(broken.effects)]).toEqual(['streaming', []]);
  expect(offersIn(run([{ kind: 'rested' }], broken.session).effects)).toHaveLength(1);
});

test('what was sent for an offer that was replaced counts too', () => {
  const first = run([policy({ bytesPerSecond: 1_000 }), ...welcomed({ tip: 100 })]);
  const replaced = run([{ kind: 'timeout' }, offered(1, 10, 2_000)], first.session);
  expect(replaced.effects).toEqual([{ kind: 'rest', afterMs: 2_000 }]);
  expect(offersIn(run([offered(2, 10, 2_000), { kind: 'rested' }], replaced.session).effects)).toEqual([]);
});

test('a wide bound is no more than a batch', () => {
  const { effects } = run([policy({ bytesPerSecond: 1_000_000_000 }), ...welcomed({ tip: 100 })]);
  expect(offersIn(effects)).toMatchObject([{ bytesMax: BATCH_BYTES_MAX }]);
});

test.each([1_000, 5_000, 100_000])('%i bytes in a second are kept, and hardly less than that', (bytesPerSecond) => {
  const entryBytes = 300;
  const time = makeVirtualTime();
  let session: Session = BEGUN;
  let bytes = 0;
  let settled = 0;
  const tip = 1_000_000;
  const input = (given: Input): void => {
    const [next, ...effects] = step(session, given, 0.5);
    session = next;
    for (const effect of effects) {
      if (effect.kind === 'offer') offer(effect);
      if (effect.kind === 'rest') time.later(effect.afterMs, () => input({ kind: 'rested' }));
      if (effect.kind === 'settle') settled = effect.seq;
      expect(kinds([effect])).not.toContain('greet');
    }
  };
  const offer = ({ n, after, entriesMax, bytesMax = 0 }: Effect & { kind: 'offer' }): void => {
    const count = Math.min(entriesMax, Math.max(1, Math.floor(bytesMax / entryBytes)));
    bytes += count * entryBytes;
    time.later(100, () =>
      input({ kind: 'offered', session: 's1', n, through: after + count, bytes: count * entryBytes }),
    );
    time.later(1_000, () => input(mark(after + count)));
  };
  session = run([...LINKED, policy({ bytesPerSecond })]).session;
  input({ kind: 'welcome', facts: facts({ tip }) });
  input({ kind: 'prepared', session: 's1' });
  time.runUntil(300_000);
  expect(bytes).toBeLessThanOrEqual(bytesPerSecond * 300 + (bytesPerSecond * PACE_MS) / 1_000);
  expect(bytes).toBeGreaterThan(bytesPerSecond * 300 * 0.8);
  expect(settled).toBeGreaterThan(0);
});
