// The count room of the scripted agent: the real room over the journal of its stock room.

import { countRoom } from '../../main/rooms/count.ts';
import { makeChanges } from '../../main/rooms/parts.ts';
import type { Storage } from '../../storage/client.ts';

type Method = (...args: unknown[]) => Promise<unknown>;

/** The journal is opened when something is first asked of it. */
function opening(store: string, storage: () => Promise<Storage>): Storage {
  const ask =
    (name: string): Method =>
    async (...args) =>
      ((await storage()) as unknown as Record<string, Method>)[name]?.(...args);
  return new Proxy({ store } as Storage, {
    get: (_, name) => (name === 'store' ? store : ask(String(name))),
  });
}

export function scriptCount(store: string, storage: () => Promise<Storage>, changed: () => void) {
  const clock = { wallMs: Date.now, monotonicMs: () => performance.now() };
  const changes = { ...makeChanges(), tell: changed };
  return countRoom({ storage: opening(store, storage), clock, changes });
}
