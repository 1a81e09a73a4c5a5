// The OpenAPI 3.1 document of the capture API, generated from its contract.
import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { BATCH_REFUSALS, BatchDocument, BatchInput, BatchOutput, batchContract } from '../protocol/local/batch.ts';
import {
  CAPTURE_ERROR_STATUS,
  CAPTURE_REFUSALS,
  CaptureError,
  type CaptureErrorCode,
  captureContract,
  Issue,
} from '../protocol/local/capture.ts';
import { DayInput, ReversalInput, StocktakeInput } from '../protocol/local/documents.ts';
import { KeptOutput, MovementInput, TransactionInput } from '../protocol/local/transaction.ts';
import { WEBHOOK_REFUSALS, WebhookOutput, webhookContract } from '../protocol/local/webhooks.ts';
import { curlExample } from './curl-examples.ts';
import { CAPTURE_ERRORS } from './errors.ts';

/** `version` of the product, told in the document. */
export async function captureOpenApi(version = '1'): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(
    { ...captureContract, ...batchContract, ...webhookContract },
    {
      info: {
        title: 'Tillwire capture API',
        version,
        description:
          'What a till posts to the agent in its store. Quantities and money travel as decimal text, never as floats.',
      },
      security: [{ token: [] }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      commonSchemas: {
        Transaction: { schema: TransactionInput },
        Movement: { schema: MovementInput },
        Stocktake: { schema: StocktakeInput },
        Reversal: { schema: ReversalInput },
        Day: { schema: DayInput },
        Batch: { schema: BatchInput },
        BatchDocument: { schema: BatchDocument },
        BatchAnswers: { schema: BatchOutput, strategy: 'output' },
        WebhookOutput: { schema: WebhookOutput, strategy: 'output' },
        Kept: { schema: KeptOutput, strategy: 'output' },
        Issue: { schema: Issue },
        CaptureError: { schema: CaptureError },
      },
      customErrorResponseBodySchema: () => ({ $ref: '#/components/schemas/CaptureError' }),
    },
  );
  for (const [path, { post } = {}] of Object.entries(document.paths ?? {})) {
    if (post === undefined) continue;
    const { codes, headers } = ROOMS[path] ?? { codes: CAPTURE_REFUSALS, headers: KEPT_HEADERS };
    for (const [status, response] of Object.entries(post.responses ?? {})) describe(status, response, codes);
    const [success] = Object.values(post.responses ?? {});
    Object.assign(success ?? {}, { headers });
    Object.assign(post, { 'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: curlExample(path) }] });
  }
  return document;
}

const header = (description: string) => ({ description, schema: { type: 'string' } });
const RETRY_HEADERS = { 'Retry-After': header('Seconds to wait') };
const LAST_HEADERS = {
  'Tillwire-Last-Found': header('Where Tillwire-Last was sent: "yes", "no" or "unreadable"'),
};
const KEPT_HEADERS = {
  ...LAST_HEADERS,
  'Tillwire-Kept': header('Send it back as Tillwire-Last with your next document'),
  'X-Tillwire-Masked': header('Fields in which a card number was painted over'),
};

/** Rooms that take something else than one document. */
const ROOMS: Record<string, { codes: readonly CaptureErrorCode[]; headers: object }> = {
  '/v1/batch': { codes: BATCH_REFUSALS, headers: LAST_HEADERS },
  '/v1/webhooks/{vendor}': { codes: WEBHOOK_REFUSALS, headers: {} },
};

/** Beside each status stand the codes that come with it, in the sentences of the error table. */
function describe(
  status: string,
  response: OpenAPI.ResponseObject | OpenAPI.ReferenceObject,
  refused: readonly CaptureErrorCode[],
): void {
  if (!('description' in response)) return;
  const codes = refused.filter((code) => String(CAPTURE_ERROR_STATUS[code]) === status);
  if (codes.length > 0) response.description = codes.map((code) => `\`${code}\`: ${CAPTURE_ERRORS[code]}`).join('\n\n');
  if (status === '429' || status === '503') Object.assign(response, { headers: RETRY_HEADERS });
}
