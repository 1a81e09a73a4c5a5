// Answers the stock room.
import { implement } from '@orpc/server';
import type { WaitingProposal } from '../../protocol/device/catalogue.ts';
import { type ProductCard, type Proposed, stockContract } from '../../protocol/local/rooms/stock.ts';
import type { Storage } from '../../storage/client.ts';
import type { WindowParts } from './parts.ts';

export function stockRoom({ storage, catalogue, changes, positions }: WindowParts) {
  const os = implement(stockContract);
  return os.router({
    explain: os.explain.handler(({ input }) => storage.explainSku(input.sku)),
    list: os.list.handler(({ input }) => positions?.shelves()?.list(input) ?? storage.stockPage(input)),
    shelf: os.shelf.handler(
      async ({ input }) => (await positions?.shelves()?.shelf(input.sku)) ?? storage.shelfCard(input.sku),
    ),
    product: os.product.handler(({ input }) => productCard(storage, input.sku)),
    propose: os.propose.handler(async ({ input }) => {
      const isKept = await storage.propose(input);
      changes.tell();
      catalogue?.proposed();
      return isKept ? 'kept' : 'full';
    }),
    proposed: os.proposed.handler(() => proposedOf(storage, catalogue?.waiting.all() ?? [])),
    answer: os.answer.handler(async ({ input }) => (await catalogue?.waiting.answer(input)) ?? 'unreached'),
    find: os.find.handler(async ({ input }) => {
      const found = await storage.findArticles(input.text);
      const head = found.exact === null ? await positions?.shelves()?.shelf(input.text.trim()) : undefined;
      if (head == null) return found;
      const { sku, name, gtin } = head.row;
      return { exact: { sku, name, gtin }, rows: [{ sku, name, gtin }] };
    }),
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

export async function proposedOf(
  storage: Pick<Storage, 'articleNames'>,
  waiting: readonly WaitingProposal[],
): Promise<Proposed[]> {
  const names = await storage.articleNames(waiting.map(({ sku }) => sku));
  return waiting.map((proposal) => ({ ...proposal, name: names.get(proposal.sku) ?? null }));
}
