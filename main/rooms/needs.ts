// Answers the room of open questions.
import { implement } from '@orpc/server';
import { needsContract } from '../../protocol/local/rooms/needs.ts';
import { decide } from '../decide.ts';
import type { WindowParts } from './parts.ts';

export function needsRoom(parts: WindowParts) {
  const os = implement(needsContract);
  return os.router({
    list: os.list.handler(() => parts.storage.exceptions(parts.questionHours?.())),
    decide: os.decide.handler(async ({ input }) => {
      const decided = await decide(parts, input);
      parts.changes.tell();
      return decided;
    }),
  });
}
