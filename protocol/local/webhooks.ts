// What a relay hears that posted a body of a shop system.
import { z } from 'zod';

const Count = z.int().nonnegative();

export const WebhookOutput = z
  .strictObject({
    captured: Count.meta({ description: 'Documents that are new' }),
    duplicates: Count.meta({ description: 'Documents that were captured before' }),
    setAside: Count.meta({ description: 'What could not be placed and is kept for a person' }),
    passed: Count.meta({ description: 'What moves neither goods nor money by itself' }),
    masked: Count.meta({ description: 'Fields in which a card number was painted over' }),
    notes: z.array(z.string()).meta({ description: 'Why something was set aside or passed: the first sentences' }),
  })
  .meta({ id: 'WebhookOutput' });
export type WebhookOutput = z.infer<typeof WebhookOutput>;
