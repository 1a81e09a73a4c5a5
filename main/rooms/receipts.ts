// Answers the receipts room.
import { implement } from '@orpc/server';
import { receiptsContract } from '../../protocol/local/rooms/receipts.ts';
import type { WindowParts } from './parts.ts';

export function receiptsRoom({ storage }: WindowParts) {
  const os = implement(receiptsContract);
  return os.router({
    recent: os.recent.handler(({ input }) => storage.recent(input)),
    outcome: os.outcome.handler(({ input }) => storage.outcome(input)),
  });
}
