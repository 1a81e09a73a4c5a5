// What a relay posts for a shop system, and what it hears.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { type CaptureErrorCode, refusals } from './capture.ts';

/** Shop systems whose webhooks are understood. */
export const VENDORS = ['square', 'shopify', 'vend', 'woocommerce'] as const;
export type Vendor = (typeof VENDORS)[number];

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

export const WEBHOOK_REFUSALS = [
  ...['bad-json', 'unsafe-json', 'bad-body', 'no-token', 'bad-signature', 'wrong-host', 'wrong-origin'],
  ...['wrong-workstation', 'no-webhook', 'wrong-method', 'too-slow', 'bad-webhook', 'body-too-large', 'not-json'],
  ...['too-many', 'unknown', 'busy', 'disk-full'],
] as CaptureErrorCode[];

const Posted = z
  .looseObject({})
  .meta({ description: 'An event, object or list as the vendor sends it, byte for byte' });

export const webhookContract = {
  webhooks: oc
    .route({
      method: 'POST',
      path: '/v1/webhooks/{vendor}',
      operationId: 'captureWebhook',
      summary: 'Capture what a shop system posts',
      inputStructure: 'detailed',
      successStatus: 200,
      description:
        'For a relay: the body of a webhook with its headers. Where the settings of the vendor hold a secret its signature is checked and no token is needed. Anything but 200 means: post the same again. Nothing is captured twice.',
      successDescription: 'All of it is on disk, and this is what became of it',
    })
    .input(z.object({ params: z.object({ vendor: z.enum(VENDORS) }), body: z.union([Posted, z.array(Posted).min(1)]) }))
    .output(WebhookOutput)
    .errors(refusals(...WEBHOOK_REFUSALS)),
};
