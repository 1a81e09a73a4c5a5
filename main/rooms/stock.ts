// Answers the stock room.
import { implement } from '@orpc/server';
import { stockContract } from '../../protocol/local/rooms/stock.ts';
import type { WindowParts } from './parts.ts';

export function stockRoom({ storage }: WindowParts) {
  const os = implement(stockContract);
  return os.router({
    explain: os.explain.handler(({ input }) => storage.explainSku(input.sku)),
    list: os.list.handler(({ input }) => storage.stockPage(input)),
    shelf: os.shelf.handler(({ input }) => storage.shelfCard(input.sku)),
    find: os.find.handler(({ input }) => storage.findArticles(input.text)),
  });
}
