// What a mapping says of files that hold movements of stock or counts instead of receipts.
import { z } from 'zod';
import { KIND_VALUES_MAX } from '../../core/limits/feeds.ts';
import { Text } from '../../protocol/fact.ts';
import { Column, type MappingMistake } from './mapping-columns.ts';

/** Collecting a reservation is done at a till: no file tells it. */
const KINDS = ['goods-received', 'adjustment', 'transfer-sent', 'transfer-received'] as const;
export type FileMovementKind = (typeof KINDS)[number];
const Kind = z.enum(KINDS);

export const Movements = z.strictObject({
  kind: z
    .union(
      [
        z.strictObject({ constant: Kind.describe('All of them are that') }),
        z.strictObject({
          column: Column.describe('The column that says it'),
          values: z
            .record(z.string().min(1), Kind)
            .refine((values) => Object.keys(values).length <= KIND_VALUES_MAX, { error: 'list fewer values' })
            .describe('What stands in the column, and which kind it means'),
        }),
      ],
      {
        error: `write {"constant": "goods-received"} or {"column": "...", "values": {"IN": "goods-received"}}; the kinds are ${KINDS.join(', ')}`,
      },
    )
    .describe('What each document is'),
  sentQuantities: z
    .enum(['positive', 'negative'])
    .default('positive')
    .describe('How the file writes the quantities of what was sent away'),
  reason: Text.optional().describe('Of all of them, instead of a column'),
  counterparty: Text.optional().describe('Of all of them, instead of a column'),
});

export const Counts = z.strictObject({
  scope: z
    .enum(['items', 'store'])
    .describe('items: only what is listed was counted; store: everything, and what is not listed is zero'),
  repeated: z
    .enum(['add', 'last', 'refuse'])
    .default('refuse')
    .describe('The same article twice on a sheet: added up, the later one counts, or set aside'),
  reason: Text.optional().describe('Of all of them, instead of a column'),
});

type Mapped = {
  documents: 'receipts' | 'movements' | 'counts';
  columns: { reason?: string | undefined; counterparty?: string | undefined };
  movements?: z.infer<typeof Movements> | undefined;
  counts?: z.infer<typeof Counts> | undefined;
  clockErrorSeconds?: number | undefined;
  returns?: unknown;
  adjustments?: unknown;
  currency?: unknown;
};

export function stockMistakes(mapping: Mapped): MappingMistake[] {
  const { documents } = mapping;
  const mistakes: MappingMistake[] = [];
  for (const name of ['movements', 'counts'] as const) {
    if (documents === name && mapping[name] === undefined) {
      mistakes.push({ path: [name], fix: `say what the ${name} are (docs/csv-mapping.md)` });
    }
    if (documents !== name && mapping[name] !== undefined) {
      mistakes.push({ path: [name], fix: `the file holds ${documents}: leave it out, or change "documents"` });
    }
  }
  if (documents !== 'receipts') {
    for (const name of ['returns', 'adjustments', 'currency'] as const) {
      if (mapping[name] !== undefined) mistakes.push({ path: [name], fix: `${documents} have none: leave it out` });
    }
  }
  if (documents === 'counts' && mapping.clockErrorSeconds === undefined) {
    const fix = 'say by how many seconds the counting clock may differ from this PC, for example 60';
    mistakes.push({ path: ['clockErrorSeconds'], fix });
  }
  const given = documents === 'counts' ? mapping.counts : mapping.movements;
  for (const name of ['reason', 'counterparty'] as const) {
    if (mapping.columns[name] !== undefined && given !== undefined && name in given && Reflect.get(given, name)) {
      mistakes.push({ path: [documents, name], fix: `columns.${name} holds it already: keep one` });
    }
  }
  return mistakes;
}
