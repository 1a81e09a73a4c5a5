// The local capture API: how tills hand over transactions and movements, and what the agent answers.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { IDEMPOTENCY_KEY_LENGTH_MAX } from '../../core/limits.ts';
import { DayInput, ReversalInput, StocktakeInput } from './documents.ts';
import { KeptOutput, MovementInput, TransactionInput } from './transaction.ts';

/** Every error the door may answer with, and its HTTP status. The sentences are in capture/errors.ts. */
export const CAPTURE_ERROR_STATUS = {
  'bad-json': 400,
  'unsafe-json': 400,
  'bad-body': 400,
  'bad-key': 400,
  'card-number': 400,
  'bad-mapping': 400,
  'no-token': 401,
  'bad-signature': 401,
  'wrong-host': 403,
  'wrong-origin': 403,
  'not-for-tills': 403,
  'wrong-workstation': 403,
  'no-such-document': 404,
  'no-webhook': 404,
  'wrong-method': 405,
  'too-slow': 408,
  'key-used': 409,
  'number-used': 409,
  'taken-back': 409,
  'bad-webhook': 409,
  'body-too-large': 413,
  'fact-too-large': 413,
  'not-json': 415,
  'bad-file': 422,
  'too-many': 429,
  unknown: 503,
  busy: 503,
  'disk-full': 507,
} as const;
export type CaptureErrorCode = keyof typeof CAPTURE_ERROR_STATUS;
const CODES = Object.keys(CAPTURE_ERROR_STATUS) as [CaptureErrorCode, ...CaptureErrorCode[]];

export const Issue = z
  .strictObject({
    field: z.string().meta({ description: 'Where it is, for example lines.0.quantity' }),
    problem: z.string(),
    fix: z.string(),
  })
  .meta({ id: 'Issue' });
export type Issue = z.infer<typeof Issue>;

export const CaptureError = z
  .strictObject({
    error: z.strictObject({
      code: z.enum(CODES),
      message: z.string().meta({ description: 'A sentence for people' }),
      issues: z.array(Issue).optional().meta({ description: 'With a 400: each field that is wrong, and the fix' }),
      position: z
        .int()
        .optional()
        .meta({ description: 'With bad-json and unsafe-json: characters before the mistake' }),
      kept: KeptOutput.optional().meta({ description: 'With a 409: what is kept under that key or number' }),
    }),
  })
  .meta({ id: 'CaptureError' });
export type CaptureError = z.infer<typeof CaptureError>;

/** In OpenAPI a refusal is named by its code. */
export const refusals = (...codes: CaptureErrorCode[]) =>
  Object.fromEntries(codes.map((code) => [code, { status: CAPTURE_ERROR_STATUS[code], data: CaptureError }]));

/** What a capture may be refused with; the other codes belong to imports and webhooks. */
const OF_OTHER_ROOMS: readonly CaptureErrorCode[] = [
  ...(['bad-mapping', 'bad-file', 'bad-signature', 'no-webhook', 'bad-webhook'] as const),
];
export const CAPTURE_REFUSALS = CODES.filter((code) => !OF_OTHER_ROOMS.includes(code));
const captureRefusals = refusals(...CAPTURE_REFUSALS);

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]+$/, { error: `send 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters, no spaces` })
  .max(IDEMPOTENCY_KEY_LENGTH_MAX)
  .meta({ description: 'A name of your own for this fact: the same again for each retry of it, never for another' });

/** What a till was told last, so that a disk that was put back is noticed at its next document. */
export const LastTold = z.string().optional().meta({
  description:
    'The header Tillwire-Kept of the last 201 that you got (in a batch: the field "last"), word for word. The answer says in Tillwire-Last-Found whether it is still there: "yes", "no" (an old copy of the disk was put back: send again what you sent since, with the same keys) or "unreadable". The document is taken in any case.',
});

const CaptureHeaders = z.object({ 'idempotency-key': IdempotencyKey, 'tillwire-last': LastTold });

/** One way in: a document with its key, kept or refused. */
const captureRoute = <Body extends z.ZodType>(
  name: { path: `/v1/${string}`; operationId: string; summary: string },
  description: string,
  body: Body,
) =>
  oc
    .route({
      method: 'POST',
      ...name,
      inputStructure: 'detailed',
      successStatus: 201,
      description,
      successDescription: 'On disk, now or already before; the answer is the same both times',
    })
    .input(z.object({ headers: CaptureHeaders, body }))
    .output(KeptOutput)
    .errors(captureRefusals);

export const captureContract = {
  transactions: captureRoute(
    { path: '/v1/transactions', operationId: 'captureTransaction', summary: 'Capture a sale, return or void' },
    'Answers 201 only when the receipt is on disk. On an error or time-out send the same body with the same key again: a receipt is never captured twice.',
    TransactionInput,
  ),
  movements: captureRoute(
    {
      path: '/v1/movements',
      operationId: 'captureMovement',
      summary: 'Capture goods received, an adjustment, a transfer or a collected reservation',
    },
    'Answers 201 only when the document is on disk; retries as for transactions.',
    MovementInput,
  ),
  stocktakes: captureRoute(
    { path: '/v1/stocktakes', operationId: 'captureStocktake', summary: 'Capture a count sheet' },
    'The whole sheet is kept or nothing of it; retries as for transactions. Each SKU stands once on a sheet: what several people counted of it are its parts. A large sheet is kept in parts with "/2", "/3", ... behind its number; the answer names the first.',
    StocktakeInput,
  ),
  reversals: captureRoute(
    { path: '/v1/reversals', operationId: 'captureReversal', summary: 'Take back an own movement or count sheet' },
    'For what was entered wrongly: as if it had never been. A receipt is taken back by a void. Retries as for transactions.',
    ReversalInput,
  ),
  days: captureRoute(
    { path: '/v1/days', operationId: 'captureDay', summary: "Capture a till's Z report" },
    'What the till says of its day, compared with what was captured; leave out what it does not tell. Retries as for transactions.',
    DayInput,
  ),
};

const Count = z.int().nonnegative();

/** rows = rowsCaptured + rowsDuplicate + rowsNotGoods + rowsSetAside; captured + duplicates + setAside = receipts (D31). */
export const ImportResult = z.strictObject({
  file: z.string(),
  mapping: z.string(),
  rows: Count,
  rowsCaptured: Count,
  rowsDuplicate: Count,
  rowsNotGoods: Count,
  rowsSetAside: Count,
  receipts: Count,
  sales: Count,
  returns: Count,
  adjustments: Count,
  /** Documents of goods received and transfers. */
  movements: Count,
  /** Count sheets. */
  counts: Count,
  captured: Count,
  duplicates: Count,
  setAside: Count,
  /** Items set aside now that were not there before. */
  setAsideNew: Count,
  /** Cells in which a card number was painted over. */
  masked: Count,
});
export type ImportResult = z.infer<typeof ImportResult>;

/**
 * A file of a feed: items = captured + duplicates + setAside + passed. What was captured or known already is told by
 * kind: sales + returns + voids + movements + counts, with their lines.
 */
export const FeedResult = z.strictObject({
  file: z.string(),
  /** "poslog:main": the feed and the name in its settings. */
  feed: z.string(),
  /** Things that stand in the file. */
  items: Count,
  captured: Count,
  duplicates: Count,
  setAside: Count,
  /** Items set aside now that were not there before. */
  setAsideNew: Count,
  /** Neither goods nor money: sign-ons, training, and their like. */
  passed: Count,
  sales: Count,
  returns: Count,
  voids: Count,
  movements: Count,
  counts: Count,
  lines: Count,
  /** Places in which a card number was painted over. */
  masked: Count,
});
export type FeedResult = z.infer<typeof FeedResult>;

export const RedriveResult = z.strictObject({
  /** Name of the mapping, or the feed with the name in its settings. */
  mapping: z.string(),
  items: Count,
  resolved: Count,
  left: Count,
  captured: Count,
  duplicates: Count,
  /** Why items are still set aside: the first of them. */
  reasons: z.array(z.strictObject({ id: z.int(), reason: z.string() })),
});
export type RedriveResult = z.infer<typeof RedriveResult>;

/** One line of the answer to an import that the agent does for the command line. */
export const ImportLine = z.union([
  z.strictObject({ progress: z.strictObject({ rows: Count, placed: Count }) }),
  z.strictObject({ result: z.union([ImportResult, FeedResult]) }),
  CaptureError,
]);
export type ImportLine = z.infer<typeof ImportLine>;

export const IMPORT_MAPPING_HEADER = 'x-tillwire-mapping';
export const IMPORT_FILE_HEADER = 'x-tillwire-file';
