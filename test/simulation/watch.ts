// What a commit of central tells only together with what was there before.
import type { LedgerRow } from './history.ts';
import type { LedgerView } from './memory-ledger.ts';

const SALE = '|sale';

/** A sale among them was awaited by a return. One transaction is of one store: what another one claims came before. */
export function hasAwaited(read: LedgerView, rows: LedgerRow[]): boolean {
  const sales = new Set(rows.flatMap(({ key }) => (key?.endsWith(SALE) ? key.slice(0, -SALE.length) : [])));
  if (sales.size === 0) return false;
  return read
    .claims('')
    .some(({ sale, claims }) => sales.has(sale) && claims.some(({ store, saleStore }) => store !== saleStore));
}
