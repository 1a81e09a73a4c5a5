// Frames that wait: in order for each store, a few together, several stores at once, bounded.
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openQueues } from '../../central/queues.ts';
import {
  INTAKE_GROUP_FRAMES_MAX,
  INTAKE_QUEUE_BYTES_MAX,
  INTAKE_QUEUE_FRAMES_MAX,
  INTAKE_STORES_MAX,
} from '../../core/limits.ts';

const frame = (n: number): Uint8Array => Uint8Array.of(n);

/** Work that waits for the test to finish it, one group of frames at a time and store. */
function openHeld() {
  const begun: string[] = [];
  const read: string[] = [];
  const held = new Map<string, { finish(): void; underway(): void }>();
  const queues = openQueues<string>({
    open: (store, payload) => `${store}${payload[0]}`,
    readAhead: (name) => read.push(name),
    take(store, frames, underway) {
      begun.push(frames.join(' '));
      return new Promise((finish) => held.set(store, { finish, underway }));
    },
  });
  const done = async (store: string): Promise<void> => {
    held.get(store)?.finish();
    await turn();
  };
  const underway = async (store: string): Promise<void> => {
    held.get(store)?.underway();
    for (let n = 0; n <= INTAKE_QUEUE_FRAMES_MAX; n++) await turn();
  };
  return { begun, read, queues, done, underway };
}

test('a store is worked on in order, what waited meanwhile together; a backlog does not hold up the others', async () => {
  const { begun, queues, done } = openHeld();
  for (const n of [1, 2, 3]) queues.offer('a', frame(n));
  for (let n = 0; n < INTAKE_STORES_MAX; n++) queues.offer(`s${n}-`, frame(1));
  expect(begun).toEqual(['a1', 's0-1', 's1-1', 's2-1', 's3-1', 's4-1']);
  await done('a');
  expect(begun.slice(INTAKE_STORES_MAX)).toEqual(['s5-1']);
  await done('s0-');
  expect(begun.slice(INTAKE_STORES_MAX)).toEqual(['s5-1', 'a2 a3']);
});

test('a store that floods gets its turn like every other: short while others wait', async () => {
  const { begun, queues, done } = openHeld();
  for (let n = 0; n < INTAKE_QUEUE_FRAMES_MAX; n++) queues.offer('a', frame(n));
  for (let n = 0; n <= INTAKE_STORES_MAX; n++) queues.offer(`s${n}-`, frame(1));
  for (const store of ['a', 's0-']) await done(store);
  expect(begun.slice(INTAKE_STORES_MAX)).toEqual(['s5-1', 's6-1']);
  queues.offer('late', frame(1));
  await done('s1-');
  expect(begun.at(-1)).toBe('a1');
  for (const store of ['a', 's2-']) await done(store);
  expect(begun.slice(-2)).toEqual([
    'late1',
    Array.from({ length: INTAKE_GROUP_FRAMES_MAX }, (_, n) => `a${n + 2}`).join(' '),
  ]);
});

test('the next frames of a store are read while the database works for it, unless another store waits', async () => {
  const { begun, read, queues, done, underway } = openHeld();
  for (let n = 0; n < 7; n++) queues.offer('a', frame(n));
  expect(read).toEqual([]);
  await underway('a');
  const ahead = Array.from({ length: INTAKE_GROUP_FRAMES_MAX }, (_, n) => `a${n + 1}`);
  expect(read).toEqual(ahead);
  await done('a');
  expect(begun).toEqual(['a0', ahead.join(' ')]);
  for (let n = 0; n < INTAKE_STORES_MAX; n++) queues.offer(`s${n}-`, frame(1));
  await underway('a');
  expect(read).toEqual(ahead);
});

test('beyond the bounds frames are dropped, and there is room again when work is done', async () => {
  const { begun, queues, done } = openHeld();
  for (let n = 0; n <= INTAKE_QUEUE_FRAMES_MAX; n++) expect(queues.offer('a', frame(n))).toBe(true);
  expect(queues.offer('a', frame(99))).toBe(false);
  expect(queues.offer('b', new Uint8Array(INTAKE_QUEUE_BYTES_MAX))).toBe(false);
  expect(queues.offer('b', frame(1))).toBe(true);
  await done('a');
  expect(queues.offer('a', frame(100))).toBe(true);
  expect(begun).toEqual(['a0', 'b1', 'a1 a2 a3 a4']);
});

test('stores are told to send less while more than half of what may wait does', async () => {
  const { queues, done } = openHeld();
  const half = new Uint8Array(INTAKE_QUEUE_BYTES_MAX / 2);
  queues.offer('a', frame(1));
  queues.offer('a', half);
  expect(queues.isCrowded()).toBe(false);
  queues.offer('a', frame(2));
  expect(queues.isCrowded()).toBe(true);
  await done('a');
  expect(queues.isCrowded()).toBe(false);
});

test('stop waits for what is at work and begins nothing more', async () => {
  const { begun, queues, done } = openHeld();
  queues.offer('a', frame(1));
  queues.offer('a', frame(2));
  let isStopped = false;
  const stopped = queues.stop().then(() => {
    isStopped = true;
  });
  await turn();
  expect(isStopped).toBe(false);
  expect(queues.offer('b', frame(1))).toBe(false);
  await done('a');
  await stopped;
  expect(begun).toEqual(['a1']);
});
