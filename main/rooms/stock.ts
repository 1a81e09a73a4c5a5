// Answers the stock room.
import { implement } from '@orpc/server';
import { type ProductCard, stockContract } from '../../protocol/local/rooms/stock.ts';
import type { Storage } from '../../storage/client.ts';
import type { WindowParts } from './parts.ts';

export function stockRoom({ storage, catalogue, changes }: WindowParts) {
  const os = implement(stockContract);
  return os.router({
    explain: os.explain.handler(({ input }) => storage.explainSku(input.sku)),
    list: os.list.handler(({ input }) => storage.stockPage(input)),
    shelf: os.shelf.handler(({ input }) => storage.shelfCard(input.sku)),
    product: os.product.handler(({ input }) => productCard(storage, input.sku)),
    propose: os.propose.handler(async ({ input }) => {
      const isKept = await storage.propose(input);
      changes.tell();
      catalogue?.proposed();
      return isKept ? 'kept' : 'full';
    }),
    find: os.find.handler(({ input }) => storage.findArticles(input.text)),
  });
}

export async function productCard(
  storage: Pick<Storage, 'catalogueState' | 'productValues' | 'proposalsOf'>,
  sku: string,
): Promise<ProductCard | null> {
  const [{ held }, values, proposals] = await Promise.all([
    storage.catalogueState(),
    storage.productValues(sku),
    storage.proposalsOf(sku),
  ]);
  return held === null ? null : { values, proposals };
}
