// Captured facts of the sample shop for benches.

import { normaliseMovement, normaliseTransaction } from '../capture/normalise.ts';
import type { Captured } from '../core/captured.ts';
import { sampleShop, stampEvent } from '../main/sample/shop.ts';
import { MovementInput, TransactionInput } from '../protocol/local/transaction.ts';

/** The first `count` facts of the shop with this seed, as the HTTP API would capture them. */
export function* sampleFacts(seed: number, count: number): Generator<Captured> {
  let made = 0;
  const context = { store: 'S001', feed: 'http', pseudonymKey: new Uint8Array(32), nowMs: Date.UTC(2026, 10, 21) };
  for (const event of sampleShop({ seed, tills: 32, midnightMs: Date.UTC(2026, 10, 21) })) {
    if (event.path === 'stocktakes') continue;
    const body = stampEvent(event, event.atMs);
    const result =
      event.path === 'transactions'
        ? normaliseTransaction(TransactionInput.parse(body), context)
        : normaliseMovement(MovementInput.parse(body), context);
    if (!result.ok) throw new Error(`the sample shop sold something odd: ${JSON.stringify(result.issues)}`);
    yield result.captured;
    if (++made >= count) return;
  }
}
