// Head office's catalogue in this store: taken in, read, and what people here would have otherwise.
import type { Party } from '../../core/catalogue.ts';
import { HEAD_OFFICE } from '../../core/catalogue.ts';
import type { ProductState } from '../../protocol/catalogue.ts';
import type { ProductValue } from '../../protocol/local/rooms/stock.ts';
import { type CatalogueParts, openCatalogueApply } from './apply.ts';
import { orNothing, parsedOr } from './damage.ts';
import { openProposals } from './proposals.ts';

export type CatalogueMethods = ReturnType<typeof openCatalogue>;

export function openCatalogue(parts: CatalogueParts) {
  const apply = openCatalogueApply(parts);
  const attributesOf = parts.db
    .prepare<[string], string>('SELECT attributes FROM product_attributes WHERE sku = ?')
    .pluck();

  return {
    ...apply,
    ...openProposals(parts),
    /** What head office says of an article, and who decides on it; null where its catalogue does not have it. */
    productValues(sku: string): ProductValue[] | null {
      const json = orNothing(() => attributesOf.get(sku));
      if (json === undefined) return null;
      const { owners } = apply.catalogueState();
      const attributes = Object.entries(parsedOr<ProductState['attributes']>(json, {}));
      return attributes.map(([attribute, { value, version, owner }]) => {
        const decides: Party = owner ?? owners[attribute] ?? HEAD_OFFICE;
        return { attribute, value, version, decides };
      });
    },
  };
}
