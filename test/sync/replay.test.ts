// Entries that are said again go out no faster than the policy lets them.
import { expect, test } from 'vitest';
import { NOTHING_SAID } from '../../sync/downlink.ts';
import { UNBOUNDED } from '../../sync/policy.ts';
import { makeReplay } from '../../sync/replay.ts';
import { facts, mark, run, welcomed } from './session-steps.ts';

const EPOCH = { ordinal: 1, life: '0123456789abcdef0123456789abcdef' };

async function replayed(bytesPerSecond: number | null) {
  const { session } = run([
    ...welcomed({ seq: 30, tip: 30 }),
    { kind: 'policy', policy: { ...UNBOUNDED, bytesPerSecond } },
  ]);
  const rests: number[] = [];
  const bounds: (number | undefined)[] = [];
  const replay = makeReplay({
    loop: { session: () => session, hasEnded: () => false },
    reception: { talk: () => ({ ...NOTHING_SAID, session: 's1', epoch: EPOCH }) },
    sending: {
      async send({ after, bytesMax, onHanded }) {
        bounds.push(bytesMax);
        onHanded?.(500);
        queueMicrotask(() => replay.heard(mark(30)));
        return after + 10;
      },
    },
    // Only rests end by themselves here: answers come.
    timers: {
      after(ms, call) {
        if (ms <= 1_000) {
          rests.push(ms);
          queueMicrotask(call);
        }
        return () => undefined;
      },
    },
    hello: () => queueMicrotask(() => replay.heard({ kind: 'welcome', facts: facts() })),
  });
  return { done: await replay.run({ first: 1, last: 30 }, () => undefined), rests, bounds };
}

test('after each batch it rests for as long as its bytes are worth', async () => {
  expect(await replayed(1_000)).toEqual({
    ...{ done: { kind: 'done', first: 1, last: 30 }, rests: [500, 500, 500] },
    bounds: [2_000, 2_000, 2_000],
  });
});

test('without a bound it does not rest', async () => {
  expect(await replayed(null)).toMatchObject({
    done: { kind: 'done' },
    rests: [],
    bounds: [undefined, undefined, undefined],
  });
});
