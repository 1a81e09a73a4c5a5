// What head office's lists show: exceptions, claims and transfers, each with sentences.
import { z } from 'zod';
import { CLAIM_VERDICTS } from '../../core/claims.ts';
import { EXCEPTION_TYPES } from '../../core/exception.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { StoreId } from '../fact.ts';

const Limit = z.coerce.number().int().positive().max(PAGE_ROWS_MAX).default(PAGE_ROWS_MAX);
const Millis = z.int().nonnegative();
const Thousandths = z.int().meta({ description: 'Thousandths of a unit' });
export const OWNERS = ['store', 'inventory-control', 'finance', 'it'] as const;

/** An entry that explains something. */
export const EvidenceRow = z.strictObject({
  entry: z.string().meta({ description: '"1:55" is a fact of epoch 1, "d7" a directive' }),
  kind: z.string().nullable(),
  document: z.string().nullable(),
  sentence: z.string().nullable().meta({ description: 'What became of it' }),
});

export const ExceptionRow = z
  .strictObject({
    id: z.string(),
    store: z.string(),
    type: z.enum(EXCEPTION_TYPES),
    title: z.string(),
    message: z.string(),
    sku: z.string().nullable(),
    owner: z.enum(OWNERS),
    raisedMs: Millis,
    deadlineMs: Millis,
    overdue: z.boolean(),
    nextStep: z.string(),
    options: z.record(z.string(), z.string()).meta({ description: 'Answers by name, in words of a button' }),
    evidence: z.array(EvidenceRow),
    decided: z.strictObject({ by: z.string(), option: z.string() }).nullable(),
  })
  .meta({ id: 'Exception' });
export type ExceptionRow = z.infer<typeof ExceptionRow>;

export const ExceptionPage = z.strictObject({
  rows: z.array(ExceptionRow),
  counts: z
    .array(z.strictObject({ type: z.enum(EXCEPTION_TYPES), title: z.string(), count: z.int() }))
    .meta({ description: 'How many there are of each type, over all pages' }),
  next: z.string().nullable().meta({ description: 'Page on with `after`' }),
});
export type ExceptionPage = z.infer<typeof ExceptionPage>;

export const ExceptionQuery = z.object({
  store: StoreId.optional(),
  type: z.enum(EXCEPTION_TYPES).optional(),
  owner: z.enum(OWNERS).optional(),
  state: z.enum(['open', 'decided', 'all']).default('open'),
  after: z.string().optional(),
  limit: Limit,
});
export type ExceptionQuery = z.infer<typeof ExceptionQuery>;

export const ClaimRow = z
  .strictObject({
    claim: z.string(),
    sale: z.string().meta({ description: 'The receipt that was returned: store|workstation|business date|number' }),
    line: z.int().nullable(),
    store: z.string(),
    sku: z.string(),
    quantity: Thousandths,
    recordedMs: Millis,
    verdict: z.enum(CLAIM_VERDICTS),
    kept: Thousandths,
    disputed: Thousandths,
    unclear: z.boolean(),
    beatenBy: z.string().nullable(),
    sentence: z.string(),
    account: z.array(
      z.strictObject({ kept: Thousandths, disputed: Thousandths, sentence: z.string(), postedMs: Millis }),
    ),
  })
  .meta({ id: 'Claim' });
export type ClaimRow = z.infer<typeof ClaimRow>;

export const ClaimQuery = z.object({
  store: StoreId.optional().meta({ description: 'That sold or took back' }),
  sale: z.string().optional(),
  verdict: z.enum(CLAIM_VERDICTS).optional(),
  after: z.string().optional(),
  limit: Limit,
});
export type ClaimQuery = z.infer<typeof ClaimQuery>;

export const TransferRow = z
  .strictObject({
    transfer: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    skus: z.array(
      z.strictObject({
        sku: z.string(),
        ordered: Thousandths,
        sent: Thousandths,
        received: Thousandths,
        writtenOff: Thousandths,
        residue: Thousandths,
      }),
    ),
    movedMs: Millis.nullable(),
    ageMs: Millis.nullable().meta({ description: 'Since its oldest document, while units are between the stores' }),
    documents: z.array(
      z.strictObject({
        store: z.string(),
        entry: z.string(),
        way: z.string(),
        document: z.string().nullable(),
        atMs: Millis,
      }),
    ),
    sentence: z.string().nullable(),
  })
  .meta({ id: 'Transfer' });
export type TransferRow = z.infer<typeof TransferRow>;

export const TransferQuery = z.object({
  store: StoreId.optional(),
  after: z.string().optional(),
  limit: Limit,
});
export type TransferQuery = z.infer<typeof TransferQuery>;
