// Where central stands with a store: what is compared with the store's own book.
import { z } from 'zod';
import { BUCKETS } from '../../core/digest.ts';

const cut = {
  epoch: z.int().nonnegative().meta({ description: 'Ordinal of the epoch; 0 before anything was taken' }),
  seq: z.int().nonnegative(),
  dseq: z.int().nonnegative().meta({ description: 'Last directive that took effect' }),
};

export const CutRow = z
  .strictObject({
    store: z.string(),
    ...cut,
    heldDseq: z.int().nonnegative(),
    ackedDseq: z.int().nonnegative().meta({ description: 'Last directive that the store said it applied' }),
    digest: z.string(),
    outcomes: z.string(),
    buckets: z.array(z.string()).length(BUCKETS).meta({ description: 'Sums of the positions' }),
  })
  .meta({ id: 'Cut' });
export type CutRow = z.infer<typeof CutRow>;

export const CutShelves = z
  .strictObject({
    ...cut,
    shelves: z.array(z.strictObject({ sku: z.string(), hash: z.string(), onHand: z.int() })),
  })
  .meta({ id: 'CutShelves' });
export type CutShelves = z.infer<typeof CutShelves>;

export const Bucket = z.coerce
  .number()
  .int()
  .nonnegative()
  .max(BUCKETS - 1);
