// Answers the room of what could not be placed.
import { implement } from '@orpc/server';
import { setAsideContract } from '../../protocol/local/rooms/set-aside.ts';
import type { WindowParts } from './parts.ts';

export function setAsideRoom({ storage }: WindowParts) {
  const os = implement(setAsideContract);
  return os.router({
    list: os.list.handler(async ({ input }) => {
      const items = await storage.listAside(input);
      return items.map(({ id, feed, source, place, code, reason, receipt, raw, atMs }) => ({
        ...{ id, feed, source, place, code, reason, raw, atMs },
        receipt: receipt ?? null,
      }));
    }),
  });
}
