// The stock room: what the books of this store read, and why.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { IDENTIFIER_LENGTH_MAX } from '../../../core/limits.ts';
import { ShelfStory } from '../exceptions.ts';

export const stockContract = {
  /** Null where nothing is known of this SKU. */
  explain: oc
    .input(z.strictObject({ sku: z.string().min(1).max(IDENTIFIER_LENGTH_MAX) }))
    .output(ShelfStory.nullable()),
};
