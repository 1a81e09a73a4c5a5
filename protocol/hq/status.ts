// How central itself is: which life its database lives, and what stores have reported since it was restored.
import { z } from 'zod';

const Millis = z.int().nonnegative();

export const CentralStatus = z
  .strictObject({
    incarnation: z.string().meta({ description: 'Name of the present life of the database' }),
    restored: z
      .strictObject({
        sinceMs: Millis,
        reported: z.array(z.string()),
        missing: z.array(z.string()).meta({ description: 'Stores that may still hold entries that central lost' }),
        sentence: z.string().nullable().meta({ description: 'Null once all stores have reported' }),
      })
      .nullable()
      .meta({ description: 'Null where this database was never put back from a backup, as far as anybody showed' }),
  })
  .meta({ id: 'CentralStatus' });
export type CentralStatus = z.infer<typeof CentralStatus>;
