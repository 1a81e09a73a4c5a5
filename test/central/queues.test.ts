// Frames that wait: in order for each store, several stores at once, bounded.
import { expect, test } from 'vitest';
import { openQueues } from '../../central/queues.ts';
import { INTAKE_QUEUE_BYTES_MAX, INTAKE_QUEUE_FRAMES_MAX, INTAKE_STORES_MAX } from '../../core/limits.ts';

const frame = (n: number): Uint8Array => Uint8Array.of(n);

/** Work that waits for the test to finish it, one frame at a time and store. */
function openHeld() {
  const begun: string[] = [];
  const finish = new Map<string, () => void>();
  const queues = openQueues((store, payload) => {
    begun.push(`${store}${payload[0]}`);
    return new Promise((resolve) => finish.set(store, resolve));
  });
  const done = async (store: string): Promise<void> => {
    finish.get(store)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, queues, done };
}

test('a store is worked on in order and one frame at a time; a long backlog does not hold up the others', async () => {
  const { begun, queues, done } = openHeld();
  for (const n of [1, 2, 3]) queues.offer('a', frame(n));
  for (let n = 0; n < INTAKE_STORES_MAX; n++) queues.offer(`s${n}-`, frame(1));
  expect(begun).toEqual(['a1', 's0-1', 's1-1', 's2-1', 's3-1', 's4-1']);
  expect(queues.waiting('a')).toBe(2);
  await done('a');
  expect(begun.slice(INTAKE_STORES_MAX)).toEqual(['s5-1']);
  await done('s0-');
  expect(begun.slice(INTAKE_STORES_MAX)).toEqual(['s5-1', 'a2']);
});

test('beyond the bounds frames are dropped, and there is room again when work is done', async () => {
  const { begun, queues, done } = openHeld();
  for (let n = 0; n <= INTAKE_QUEUE_FRAMES_MAX; n++) expect(queues.offer('a', frame(n))).toBe(true);
  expect(queues.offer('a', frame(99))).toBe(false);
  expect(queues.offer('b', new Uint8Array(INTAKE_QUEUE_BYTES_MAX))).toBe(false);
  expect(queues.offer('b', frame(1))).toBe(true);
  await done('a');
  expect(queues.offer('a', frame(100))).toBe(true);
  expect(begun).toEqual(['a0', 'b1', 'a1']);
});

test('stop waits for what is at work and begins nothing more', async () => {
  const { begun, queues, done } = openHeld();
  queues.offer('a', frame(1));
  queues.offer('a', frame(2));
  let isStopped = false;
  const stopped = queues.stop().then(() => {
    isStopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isStopped).toBe(false);
  expect(queues.offer('b', frame(1))).toBe(false);
  await done('a');
  await stopped;
  expect(begun).toEqual(['a1']);
});
