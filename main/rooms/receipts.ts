// Answers the receipts room: the list, searches step by step, and the life of one document with its proof checked.
import { implement } from '@orpc/server';
import { SEARCH_STEPS_MAX } from '../../core/limits/search.ts';
import { factName } from '../../core/order.ts';
import type { LifeQuestion, ReceiptLife } from '../../protocol/local/receipt-life.ts';
import {
  type FoundReceipts,
  type Place,
  type ReceiptSearch,
  receiptsContract,
} from '../../protocol/local/rooms/receipts.ts';
import type { Storage } from '../../storage/client.ts';
import { checkProof } from '../settled-proof.ts';
import type { WindowParts } from './parts.ts';

export function receiptsRoom({ storage }: Pick<WindowParts, 'storage'>) {
  const os = implement(receiptsContract);
  return os.router({
    recent: os.recent.handler(({ input }) => storage.recent(input)),
    search: os.search.handler(({ input, signal }) => searchOn(storage, input, signal)),
    outcome: os.outcome.handler(({ input }) => storage.outcome(input)),
    life: os.life.handler(({ input }) => lifeOf(storage, input)),
    numbered: os.numbered.handler(({ input }) => storage.numbered(input.number)),
  });
}

/** Step after step until there are enough rows; captures come in between. Ends early where nobody waits any more. */
export async function searchOn(
  storage: Pick<Storage, 'search'>,
  asked: ReceiptSearch,
  signal: AbortSignal | undefined,
): Promise<FoundReceipts> {
  let found = await storage.search(asked);
  for (let steps = 1; steps < SEARCH_STEPS_MAX && signal?.aborted !== true; steps += 1) {
    const { rows, next, tip } = found;
    if (next === null || rows.length >= asked.limit) break;
    const more = await storage.search({ ...asked, before: next, limit: asked.limit - rows.length });
    found = { ...more, rows: [...rows, ...more.rows], tip };
  }
  return found;
}

async function lifeOf(storage: Storage, place: Place): Promise<ReceiptLife | null> {
  const kept = await storage.receiptLife(place);
  if (kept === null) return null;
  const at = { epoch: kept.epoch, seq: kept.seq };
  const [outcome, open] = await Promise.all([storage.outcome(at), storage.exceptions()]);
  const name = factName(at);
  const asked = open
    .filter(({ evidence }) => evidence.some((entry) => entry.name === name))
    .map(({ type, title, message }): LifeQuestion => ({ type, title, message, answer: null }));
  const answered = kept.questions.filter(({ answer }) => answer !== null);
  return { ...kept, proof: checkProof(kept, storage.store), outcome, questions: [...asked, ...answered] };
}
