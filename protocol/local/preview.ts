// What a file would become: shown before anything of it is captured.
import { z } from 'zod';
import { FACT_KINDS } from '../../core/fact.ts';

const Count = z.int().nonnegative();
/** Exact decimal text, perhaps negative. */
const Decimal = z.string();

export const PreviewLine = z.strictObject({
  sku: z.string(),
  gtin: z.string().optional(),
  description: z.string().optional(),
  /** Units; of a count: what was found. */
  quantity: Decimal,
  unitPrice: Decimal.optional(),
  amount: Decimal.optional(),
  notGoods: z.boolean().optional(),
  disposition: z.string().optional(),
  expected: Decimal.optional(),
});
export type PreviewLine = z.infer<typeof PreviewLine>;

export const PreviewDocument = z.strictObject({
  kind: z.enum(FACT_KINDS),
  till: z.string(),
  number: z.string(),
  businessDate: z.string(),
  /** As the document says, with its offset. */
  time: z.string(),
  currency: z.string().optional(),
  lines: z.array(PreviewLine),
  tenders: z.array(z.strictObject({ type: z.string(), amount: Decimal })).optional(),
  total: Decimal.optional(),
  operator: z.string().optional(),
  /** The receipt that it takes back. */
  voids: z.string().optional(),
  reason: z.string().optional(),
  counterparty: z.string().optional(),
  /** The natural key that it would be kept under. */
  key: z.string(),
});
export type PreviewDocument = z.infer<typeof PreviewDocument>;

/** Documents with the same `item` stand in one place of the file and are kept together or not at all. */
const at = { item: z.int().positive(), place: z.string() };
export const PreviewItem = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('captured'), ...at, ...PreviewDocument.shape }),
  /** The same stands further up in the file. */
  z.strictObject({ outcome: z.literal('duplicate'), ...at, ...PreviewDocument.shape }),
  z.strictObject({
    outcome: z.literal('set-aside'),
    ...at,
    code: z.string(),
    reason: z.string(),
    number: z.string().optional(),
  }),
  z.strictObject({ outcome: z.literal('passed'), ...at, reason: z.string() }),
]);
export type PreviewItem = z.infer<typeof PreviewItem>;

/** Sums of the lines' amounts and of the documents' totals, with their signs. */
const Amounts = z.record(z.string(), z.strictObject({ lines: Decimal, totals: Decimal }));

export const PreviewSummary = z.strictObject({
  /** items = captured + duplicates + setAside + passed. */
  items: Count,
  captured: Count,
  duplicates: Count,
  setAside: Count,
  passed: Count,
  /** Places in which a card number was painted over. */
  masked: Count,
  /** Documents, lines and sums of what would be captured. */
  documents: Count,
  lines: Count,
  /** What sales hand out, less what returns and voids take back. */
  units: Decimal,
  amounts: Amounts,
  kinds: z.partialRecord(
    z.enum(FACT_KINDS),
    z.strictObject({ documents: Count, lines: Count, units: Decimal, amounts: Amounts }),
  ),
});
export type PreviewSummary = z.infer<typeof PreviewSummary>;

/** Why the rest of the file could not be read; what stands before it would be captured all the same. */
export const PreviewStopped = z.strictObject({ code: z.string(), reason: z.string() });

/** One line of the answer to a file that is tried through the agent. */
export const PreviewMessage = z.union([
  z.strictObject({ item: PreviewItem }),
  z.strictObject({ summary: PreviewSummary, stopped: PreviewStopped.nullable() }),
]);
export type PreviewMessage = z.infer<typeof PreviewMessage>;
