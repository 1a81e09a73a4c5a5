// Takes entries into the catalogue: the law is core's, on the products that they touch only.
import { type Catalogue, type CatalogueEntry, type CatalogueOutcome, stepCatalogue } from '../../core/catalogue.ts';
import { valueProblem } from '../../core/catalogue-values.ts';
import { ATTRIBUTE_OWNERS_MAX, CATALOGUE_PRODUCTS_MAX, PRODUCT_ATTRIBUTES_MAX } from '../../core/limits/catalogue.ts';
import type { Db } from '../schema.ts';
import { lockCatalogue, skusOfProposals, type Touched, touch } from './load.ts';
import { type Stepped, type Writer, writeCatalogue } from './write.ts';

export type Taken = { version: number; outcomes: CatalogueOutcome[] };

/** In order, all or none. An id that was used before changes nothing and gets the outcome that it has by now. */
export const takeEntries = (db: Db, entries: readonly CatalogueEntry[], writer: Writer): Promise<Taken> =>
  db.transaction().execute(async (tx) => {
    const row = await lockCatalogue(tx);
    const answered = entries.flatMap((entry) => (entry.kind === 'answer' ? [entry.proposal] : []));
    const skus = entries.flatMap((entry) => (entry.kind !== 'answer' && entry.sku !== null ? [entry.sku] : []));
    skus.push(...(await skusOfProposals(tx, answered)));
    const touched = await touch(tx, row, { skus, ids: [...entries.map(({ id }) => id), ...answered] });
    const stepped = entries.map((entry): Stepped => {
      const isKept = !touched.catalogue.outcomes.has(entry.id);
      return { entry, outcome: stepBounded(touched, entry), isKept };
    });
    const version = await writeCatalogue(tx, touched, stepped, writer);
    return { version, outcomes: entries.map(({ id }, index) => known(touched.catalogue, id, stepped[index])) };
  });

/** What became of it after all of them, so that whoever sends it again hears the same. */
function known(catalogue: Catalogue, id: string, stepped: Stepped | undefined): CatalogueOutcome {
  const outcome = catalogue.outcomes.get(id) ?? stepped?.outcome;
  if (outcome === undefined) throw new Error(`entry ${id} has no outcome`);
  return outcome;
}

/** The law's step, or a refusal of what the catalogue cannot hold. */
function stepBounded(touched: Touched, entry: CatalogueEntry): CatalogueOutcome {
  const { catalogue } = touched;
  const problem = catalogue.outcomes.has(entry.id) ? null : boundProblem(touched, entry);
  if (problem === null) return stepCatalogue(catalogue, entry);
  const sentence = `Not changed: ${problem}.`;
  const refused = { entry: entry.id, outcome: 'refused', version: null, proposal: null, tell: null, sentence } as const;
  catalogue.outcomes.set(entry.id, refused);
  return refused;
}

/** What keeps an edit from coming in, whoever made it; null where nothing does. */
export function boundProblem({ catalogue, before, row }: Touched, entry: CatalogueEntry): string | null {
  if (entry.kind === 'answer') return null;
  const { sku, attribute } = entry;
  if (sku === null) {
    const isFull = catalogue.owners.size >= ATTRIBUTE_OWNERS_MAX && !catalogue.owners.has(attribute);
    return isFull ? `more than ${ATTRIBUTE_OWNERS_MAX} attributes with an owner are not kept` : null;
  }
  const product = catalogue.products.get(sku);
  if (product !== undefined && product.size >= PRODUCT_ATTRIBUTES_MAX && !product.has(attribute)) {
    return `${sku} has ${PRODUCT_ATTRIBUTES_MAX} attributes, more are not kept`;
  }
  const fresh = catalogue.products.size - before.size;
  if (product === undefined && row.products + fresh >= CATALOGUE_PRODUCTS_MAX) {
    return `more than ${CATALOGUE_PRODUCTS_MAX} products are not kept`;
  }
  const wrong = entry.kind === 'edit' ? valueProblem(attribute, entry.value) : null;
  return wrong === null ? null : `${attribute} of ${sku}: ${wrong}`;
}
