// Hands products to the journal in slices that take a few milliseconds each; tills ring up sales in between.
import type { Clock } from '../../core/clock.ts';
import { CATALOGUE_SLICE_PRODUCTS } from '../../core/limits/catalogue.ts';
import { ProductState } from '../../protocol/catalogue.ts';
import type { Slice } from '../../storage/catalogue/apply.ts';
import type { Storage } from '../../storage/client.ts';
import { openPace } from '../../storage/pace.ts';
import { NoRoom, type SnapshotNamed, WrongCatalogue } from './fetch.ts';
import { packedLines } from './lines.ts';

export type TakeInParts = {
  storage: Pick<Storage, 'catalogueState' | 'beginCatalogue' | 'putProducts' | 'sweepProducts'>;
  clock: Pick<Clock, 'monotonicMs'>;
  signal: AbortSignal;
  /** Products so far. */
  onProgress: (products: number) => void;
};

function openSlices({ storage, clock, signal }: TakeInParts, from: Slice['from']) {
  const pace = openPace(clock, CATALOGUE_SLICE_PRODUCTS);
  let size = pace.begin();
  let gathered: ProductState[] = [];

  async function flush(): Promise<void> {
    if (gathered.length === 0) return;
    signal.throwIfAborted();
    const products = gathered;
    gathered = [];
    pace.begin();
    if (!(await storage.putProducts({ from, products }))) throw new NoRoom('The disk has room for sales only.');
    pace.end(products.length);
    size = pace.begin();
  }

  return {
    /** True where a slice was handed over. */
    async add(product: ProductState): Promise<boolean> {
      gathered.push(product);
      if (gathered.length < size) return false;
      await flush();
      return true;
    },
    flush,
  };
}

/** All products of a snapshot, and none besides; begun before, it goes on. The caller says that it is whole. */
export async function takeSnapshotIn(path: string, named: SnapshotNamed, parts: TakeInParts): Promise<void> {
  const { storage, signal, onProgress } = parts;
  const before = await storage.beginCatalogue(named.sha256, named.products);
  const slices = openSlices(parts, 'snapshot');
  let products = 0;
  for await (const line of packedLines(path, signal)) {
    products += 1;
    if (products <= before) continue;
    if (await slices.add(productOf(line))) onProgress(products);
  }
  await slices.flush();
  if (products !== named.products) throw new WrongCatalogue('The catalogue has other products than it says.');
  onProgress(products);
  // More are here than it has: some are of an older one.
  const { products: here } = await storage.catalogueState();
  for (let after = here > named.products ? '' : null; after !== null; ) {
    signal.throwIfAborted();
    after = await storage.sweepProducts(after, CATALOGUE_SLICE_PRODUCTS);
  }
}

export async function takeChangesIn(products: ProductState[], parts: TakeInParts): Promise<void> {
  const slices = openSlices(parts, 'delta');
  for (const product of products) await slices.add(product);
  await slices.flush();
}

function productOf(line: string): ProductState {
  try {
    return ProductState.parse(JSON.parse(line));
  } catch (cause) {
    throw new WrongCatalogue('The catalogue has a product that this program cannot read.', { cause });
  }
}
