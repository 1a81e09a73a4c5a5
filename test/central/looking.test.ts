// Looking again and again: one look at a time, at once where somebody asks, on after an error, and ended in order.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLooking } from '../../central/looking.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Each look lasts until it is let end. */
function slow() {
  const looks: PromiseWithResolvers<void>[] = [];
  const errors: unknown[] = [];
  const looking = keepLooking({
    ...{ everyMs: 1_000, firstMs: 100 },
    look() {
      const one = Promise.withResolvers<void>();
      looks.push(one);
      return one.promise;
    },
    onError: (error) => void errors.push(error),
  });
  return { looks, errors, looking };
}

test('first after a while, then again and again, never two at once', async () => {
  const { looks, looking } = slow();
  await vi.advanceTimersByTimeAsync(99);
  expect(looks).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(looks).toHaveLength(1);
  looks[0]?.resolve();
  await vi.advanceTimersByTimeAsync(999);
  expect(looks).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(looks).toHaveLength(2);
  looks[1]?.resolve();
  await looking.stop();
});

test('asked for, it looks at once; asked for during a look, once more right behind it', async () => {
  const { looks, looking } = slow();
  looking.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(looks).toHaveLength(1);
  looking.wake();
  looking.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(looks).toHaveLength(1);
  looks[0]?.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(looks).toHaveLength(2);
  looks[1]?.resolve();
  await vi.advanceTimersByTimeAsync(999);
  expect(looks).toHaveLength(2);
  await looking.stop();
});

test('an error is told, and the next look comes; stopping waits for the one at work, and none follows', async () => {
  const { looks, errors, looking } = slow();
  await vi.advanceTimersByTimeAsync(100);
  looks[0]?.reject(new Error('the database is away'));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(errors).toEqual([new Error('the database is away')]);
  expect(looks).toHaveLength(2);
  let hasEnded = false;
  const ended = looking.stop().then(() => {
    hasEnded = true;
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect([hasEnded, looking.isStopped()]).toEqual([false, true]);
  looks[1]?.resolve();
  await ended;
  looking.wake();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(looks).toHaveLength(2);
});
