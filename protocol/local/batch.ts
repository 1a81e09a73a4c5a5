// Several documents in one request, and their answers.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { DOCUMENTS_AT_ONCE_MAX } from '../../core/limits/feeds.ts';
import { CaptureError, type CaptureErrorCode, LastTold, refusals } from './capture.ts';
import { KeptOutput } from './transaction.ts';

const WAYS = ['transactions', 'movements', 'stocktakes', 'reversals', 'days'] as const;

/** Each document is looked at by itself: one that is wrong takes no other one with it. */
export const BatchInput = z
  .strictObject({
    documents: z
      .array(z.unknown())
      .min(1)
      .max(DOCUMENTS_AT_ONCE_MAX)
      .meta({
        description: 'In the order in which they happened; each one as {"way", "key", "body", "trace"}',
        items: { $ref: '#/components/schemas/BatchDocument' },
      }),
  })
  .meta({ id: 'Batch' });

export const BatchDocument = z
  .strictObject({
    way: z.enum(WAYS).meta({ description: 'The end of the address it would have been posted to alone' }),
    key: z.string().meta({ description: 'Its Idempotency-Key' }),
    body: z.unknown().meta({ description: 'The document, as it would have been posted alone' }),
    trace: z.string().optional().meta({ description: 'Its W3C traceparent' }),
  })
  .meta({ id: 'BatchDocument' });

export const BatchOutput = z
  .strictObject({
    answers: z.array(
      z.strictObject({
        status: z.int().meta({ description: 'What it would have been answered with alone' }),
        body: z.union([KeptOutput, CaptureError]),
        last: z.string().optional().meta({ description: 'What the header Tillwire-Kept would have been' }),
        masked: z.string().optional().meta({ description: 'What the header X-Tillwire-Masked would have been' }),
      }),
    ),
  })
  .meta({ id: 'BatchAnswers' });
export type BatchOutput = z.infer<typeof BatchOutput>;

/** What a batch as a whole is refused with; each of its documents has its own answer. */
export const BATCH_REFUSALS = [
  'bad-json',
  'unsafe-json',
  'bad-body',
  'no-token',
  'wrong-host',
  'wrong-origin',
  'wrong-method',
  'too-slow',
  'body-too-large',
  'not-json',
  'too-many',
  'unknown',
] as const satisfies CaptureErrorCode[];

export const batchContract = {
  batch: oc
    .route({
      method: 'POST',
      path: '/v1/batch',
      operationId: 'captureBatch',
      summary: 'Capture several documents',
      inputStructure: 'detailed',
      successStatus: 200,
      description:
        'Each document is kept or refused by itself, in order, with the answer it would have had alone: look at each status. A batch that is sent again gives the same answers. Only what is wrong with the body as JSON takes all documents with it.',
      successDescription: 'One answer for each document, in their order',
    })
    .input(z.object({ headers: z.object({ 'tillwire-last': LastTold }), body: BatchInput }))
    .output(BatchOutput)
    .errors(refusals(...BATCH_REFUSALS)),
};
