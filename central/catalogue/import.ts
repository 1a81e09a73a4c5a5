// Products of a file become edits of head office: only what differs, so that the same file again changes nothing.
import { canonicalJson } from '../../core/canonical.ts';
import {
  type AttributeValue,
  type CatalogueEntry,
  type CatalogueOutcome,
  HEAD_OFFICE,
  ownerOf,
  stepCatalogue,
} from '../../core/catalogue.ts';
import { hex, utf8 } from '../../core/hash.ts';
import type { ImportAnswer, ImportRequest, ProductValues } from '../../protocol/hq/catalogue.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { Db } from '../schema.ts';
import { lockCatalogue, readCatalogue, type Touched, touch } from './load.ts';
import { boundProblem } from './step.ts';
import { type Stepped, type Writer, writeCatalogue } from './write.ts';

type Edit = Extract<CatalogueEntry, { kind: 'edit' }>;

/**
 * All of the request in one version, or nothing where it fails. A value that another party owns is proposed to it, once:
 * the same value again, over the same one, is the same proposal, also after it was rejected. With `look` nothing is
 * written.
 */
export async function importProducts(db: Db, request: ImportRequest, writer: Writer): Promise<ImportAnswer> {
  const { products, look } = request;
  const work = async (tx: Db): Promise<ImportAnswer> => {
    const row = look ? await readCatalogue(tx) : await lockCatalogue(tx);
    const touched = await touch(tx, row, { skus: products.map(({ sku }) => sku), ids: [] });
    const foreign = products.flatMap((product) =>
      editsOf(touched, product).filter(({ sku, attribute }) => isForeign(touched, sku, attribute)),
    );
    const { catalogue } = await touch(tx, row, { skus: [], ids: foreign.map(({ id }) => id) });
    for (const [id, outcome] of catalogue.outcomes) touched.catalogue.outcomes.set(id, outcome);
    const { stepped, answer } = stepProducts(touched, products);
    const version = look ? row.version : await writeCatalogue(tx, touched, stepped, writer);
    return { version, ...answer };
  };
  return look ? work(db) : db.transaction().execute(work);
}

function editsOf(touched: Touched, { sku, values }: ProductValues): Edit[] {
  const product = touched.catalogue.products.get(sku);
  return Object.entries(values).flatMap(([attribute, value]) => {
    const now = product?.get(attribute);
    if ((now?.value ?? null) === value) return [];
    const basedOn = now?.version ?? 0;
    // What head office owns is applied, and its name is not kept.
    const said = { sku, attribute, value, basedOn };
    const id = isForeign(touched, sku, attribute) ? importId(said) : `${sku} ${attribute}`;
    return [{ kind: 'edit' as const, id, by: HEAD_OFFICE, ...said }];
  });
}

/** The same value over the same one has the same name, in whatever file; neither a store nor a person makes such an id. */
const importId = (said: { sku: string; attribute: string; value: AttributeValue; basedOn: number }): string =>
  `=${hex(sha256(utf8(canonicalJson(said)))).slice(0, 32)}`;

const isForeign = ({ catalogue }: Touched, sku: string, attribute: string): boolean =>
  ownerOf(catalogue, sku, attribute).kind !== 'head-office';

function stepProducts(touched: Touched, products: readonly ProductValues[]) {
  const stepped: Stepped[] = [];
  const answer = { fresh: 0, changed: 0, same: 0, proposed: 0, rejected: 0, refused: [] as ImportAnswer['refused'] };
  for (const product of products) {
    const isFresh = !touched.before.has(product.sku);
    let applied = 0;
    for (const edit of editsOf(touched, product)) {
      const problem = boundProblem(touched, edit);
      if (problem !== null) {
        answer.refused.push({ sku: edit.sku, sentence: `Not changed: ${problem}.` });
        continue;
      }
      const isKnown = touched.catalogue.outcomes.has(edit.id);
      const outcome = stepCatalogue(touched.catalogue, edit);
      stepped.push({ entry: edit, outcome, isKept: !isKnown && outcome.outcome !== 'applied' });
      applied += count(answer, edit, outcome);
    }
    if (applied === 0) answer.same += 1;
    else if (isFresh) answer.fresh += 1;
    else answer.changed += 1;
  }
  return { stepped, answer };
}

type Counted = Pick<ImportAnswer, 'proposed' | 'rejected' | 'refused'>;

/** 1 where the value was written. */
function count(answer: Counted, { sku }: Edit, { outcome, sentence }: CatalogueOutcome): 0 | 1 {
  if (outcome === 'applied') return 1;
  if (outcome === 'proposed') answer.proposed += 1;
  else if (outcome === 'rejected') answer.rejected += 1;
  else answer.refused.push({ sku, sentence });
  return 0;
}
