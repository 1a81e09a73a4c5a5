// Brings products into central's catalogue in requests of bounded size, or only looks what would come of it.
import { IMPORT_PRODUCTS_BYTES_MAX, IMPORT_PRODUCTS_MAX } from '../../core/limits/catalogue.ts';
import { ImportAnswer, type ProductValues } from '../../protocol/hq/catalogue.ts';
import type { CentralClient } from '../central-client.ts';
import { UsageError } from '../usage-error.ts';

export type Brought = ImportAnswer;

type Wish = { products: readonly ProductValues[]; look: boolean; source: string; onDone(products: number): void };

/**
 * Each request is done whole or not at all, and the same again changes nothing: after a failure in the middle the same
 * file goes on where it stopped.
 */
export async function bringIn(client: CentralClient, { products, look, source, onDone }: Wish): Promise<Brought> {
  const sum: Brought = { version: 0, fresh: 0, changed: 0, same: 0, proposed: 0, rejected: 0, refused: [] };
  let done = 0;
  for (const part of partsOf(products)) {
    const body = { products: part, look, source };
    const answer = await client.post('/catalogue/products', body, 'import', ImportAnswer).catch((error: unknown) => {
      if (!(error instanceof UsageError) || look || done === 0) throw error;
      const said = `${error.message} ${done} of ${products.length} products are in. The same command goes on from there.`;
      throw new UsageError(said);
    });
    sum.version = answer.version;
    sum.fresh += answer.fresh;
    sum.changed += answer.changed;
    sum.same += answer.same;
    sum.proposed += answer.proposed;
    sum.rejected += answer.rejected;
    sum.refused.push(...answer.refused);
    done += part.length;
    onDone(done);
  }
  return sum;
}

function* partsOf(products: readonly ProductValues[]): Generator<ProductValues[]> {
  let part: ProductValues[] = [];
  let bytes = 0;
  for (const product of products) {
    const more = Buffer.byteLength(JSON.stringify(product)) + 1;
    if (part.length > 0 && (part.length >= IMPORT_PRODUCTS_MAX || bytes + more > IMPORT_PRODUCTS_BYTES_MAX)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(product);
    bytes += more;
  }
  if (part.length > 0) yield part;
}
