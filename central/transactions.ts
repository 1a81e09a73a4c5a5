// Transactions that the ledger may give up in favour of another one are repeated a few times (F45).
import { TRANSACTION_ATTEMPTS_MAX } from '../core/limits.ts';
import { GivenUp } from './ports.ts';

/** Throws what the attempt threw, GivenUp only from the last one. */
export async function repeatGivenUp<T>(attempt: () => Promise<T>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof GivenUp) || n >= TRANSACTION_ATTEMPTS_MAX) throw error;
    }
  }
}
