// What wakes the store windows.
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { makeChanges } from '../../main/rooms/parts.ts';

test('a window that waits for many changes leaves nothing behind', async () => {
  const changes = makeChanges();
  const { signal } = new AbortController();
  for (let count = 0; count < 50; count++) {
    const changed = changes.next(signal);
    changes.tell();
    await changed;
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a window that goes away waits no longer', async () => {
  const gone = new AbortController();
  const waits = makeChanges().next(gone.signal);
  gone.abort();
  await expect(waits).resolves.toBeUndefined();
});
