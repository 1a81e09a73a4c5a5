// The OpenAPI 3.1 document of the capture API, generated from its contract.
import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import {
  CAPTURE_ERROR_STATUS,
  CAPTURE_REFUSALS,
  CaptureError,
  captureContract,
  Issue,
} from '../protocol/local/capture.ts';
import { DayInput, ReversalInput, StocktakeInput } from '../protocol/local/documents.ts';
import { KeptOutput, MovementInput, TransactionInput } from '../protocol/local/transaction.ts';
import { CAPTURE_ERRORS } from './errors.ts';

/** `version` of the product, told in the document. */
export async function captureOpenApi(version = '1'): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(captureContract, {
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
      Kept: { schema: KeptOutput, strategy: 'output' },
      Issue: { schema: Issue },
      CaptureError: { schema: CaptureError },
    },
    customErrorResponseBodySchema: () => ({ $ref: '#/components/schemas/CaptureError' }),
  });
  for (const path of Object.values(document.paths ?? {})) {
    for (const [status, response] of Object.entries(path?.post?.responses ?? {})) describe(status, response);
  }
  return document;
}

/** Beside each status stand the codes that come with it, in the sentences of the error table. */
function describe(status: string, response: OpenAPI.ResponseObject | OpenAPI.ReferenceObject): void {
  if (!('description' in response)) return;
  const codes = CAPTURE_REFUSALS.filter((code) => String(CAPTURE_ERROR_STATUS[code]) === status);
  if (codes.length > 0) response.description = codes.map((code) => `\`${code}\`: ${CAPTURE_ERRORS[code]}`).join('\n\n');
}
