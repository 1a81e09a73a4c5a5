// Answers the stock room.
import { implement } from '@orpc/server';
import { stockContract } from '../../protocol/local/rooms/stock.ts';
import type { WindowParts } from './parts.ts';

export function stockRoom({ storage }: WindowParts) {
  const os = implement(stockContract);
  return os.router({
    explain: os.explain.handler(({ input }) => storage.explainSku(input.sku)),
  });
}
