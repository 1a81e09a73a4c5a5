// Comparing a store's confirmed book with central's shelves: agreement, a difference down to the SKU, and cuts apart.
import { expect, test } from 'vitest';
import { BUCKETS, bucketOf } from '../../core/digest.ts';
import type { CentralClient } from '../../main/central-client.ts';
import { reconcile } from '../../main/reconcile.ts';
import type { CutRow, CutShelves } from '../../protocol/hq/cut.ts';
import type { JournalReader, ReaderBook } from '../../storage/reader.ts';

const PLACE = { epoch: 1, seq: 5, dseq: 2 };
const hashed = (shelves: Record<string, string>): string[] =>
  Array.from({ length: BUCKETS }, (_, bucket) =>
    Object.entries(shelves)
      .filter(([sku]) => bucketOf(sku) === bucket)
      .map(([, hash]) => hash)
      .sort()
      .join('+'),
  );

function side(store: Record<string, string>, central: Record<string, string>, more: Partial<CutRow> = {}) {
  const book: ReaderBook = {
    ...PLACE,
    ...{ buckets: hashed(store), outcomes: 'told', shelves: new Map(Object.entries(store)) },
  };
  const epochs = [{ ordinal: 1, life: 'x', seq: 7, chain: '', settled: 5 }];
  const reader = { store: 'S001', book: () => book, epochs: () => epochs } as unknown as JournalReader;
  const cut: CutRow = {
    ...{ store: 'S001', ...PLACE, heldDseq: 2, ackedDseq: 2, digest: '', outcomes: 'told' },
    ...{ buckets: hashed(central), ...more },
  };
  const asked: string[] = [];
  const client = {
    async get(path: string): Promise<unknown> {
      asked.push(path);
      if (path.endsWith('/cut')) return cut;
      const shelves = Object.entries(central).map(([sku, hash]) => ({ sku, hash, onHand: 0 }));
      const bucket = Number(path.split('/').at(-1));
      const { epoch, seq, dseq } = cut;
      return { epoch, seq, dseq, shelves: shelves.filter(({ sku }) => bucketOf(sku) === bucket) } satisfies CutShelves;
    },
  } as unknown as CentralClient;
  return { reader, client, asked };
}

test('the same sums and outcomes agree, without asking for a shelf', async () => {
  const { reader, client, asked } = side({ tea: 'a', mug: 'b' }, { tea: 'a', mug: 'b' });
  expect(await reconcile(reader, client)).toMatchObject({
    ...{ agree: true, differing: [] },
    sentences: ['Store S001 and central agree at entry 1:5 and decision d2: the same shelves, the same outcomes.'],
  });
  expect(asked).toHaveLength(1);
});

test('SKUs that differ, or that one side does not know, are named', async () => {
  const { reader, client } = side({ tea: 'a', mug: 'b', cup: 'c' }, { tea: 'x', mug: 'b', jug: 'd' });
  const found = await reconcile(reader, client);
  expect(found.agree).toBe(false);
  expect(found.differing.toSorted()).toEqual(['cup', 'jug', 'tea']);
});

test('the same shelves by other outcomes, and sums that belong to no shelf, are differences too', async () => {
  const told = side({ tea: 'a' }, { tea: 'a' }, { outcomes: 'told otherwise' });
  expect(await reconcile(told.reader, told.client)).toMatchObject({ agree: false, differing: [] });
  const sums = side({ tea: 'a' }, { tea: 'a' }, { buckets: hashed({ tea: 'b' }) });
  expect((await reconcile(sums.reader, sums.client)).sentences[1]).toContain('no shelf does');
});

test('cuts that differ are not compared: what is still to come is said', async () => {
  const { reader, client } = side({ tea: 'a' }, { tea: 'b' }, { seq: 6, heldDseq: 4, ackedDseq: 1 });
  const waits: number[] = [];
  const found = await reconcile(reader, client, async (ms) => void waits.push(ms));
  expect(found).toMatchObject({ agree: null, differing: [], storeCut: PLACE, centralCut: { ...PLACE, seq: 6 } });
  expect(found.sentences).toEqual([
    'Store S001 is confirmed up to entry 1:5 and decision d2, central stands at entry 1:6 and decision d2: nothing can be compared yet.',
    '2 entries of the store have still to be settled.',
    '3 decisions of head office have still to reach the store.',
    'Try again when the store is online and has nothing left to send.',
  ]);
  expect(waits.length).toBeGreaterThan(1);
});
