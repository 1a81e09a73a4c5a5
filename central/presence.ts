// Which stores the broker says are online: a hint in memory, never a reason for anything (D8).
import { PRESENCE_STORES_MAX } from '../core/limits.ts';
import { Presence } from '../protocol/wire/frames.ts';

export type OnlineHints = { hear(store: string, payload: Uint8Array): void; isOnline(store: string): boolean };

export function openOnlineHints(): OnlineHints {
  const online = new Set<string>();
  return {
    hear(store, payload) {
      if (readPresence(payload)?.online !== true) online.delete(store);
      else if (online.size < PRESENCE_STORES_MAX) online.add(store);
    },
    isOnline: (store) => online.has(store),
  };
}

function readPresence(payload: Uint8Array): Presence | null {
  try {
    return Presence.safeParse(JSON.parse(Buffer.from(payload).toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
