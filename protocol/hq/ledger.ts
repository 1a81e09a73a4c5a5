// What head office reads of the ledger beyond figures: outcomes line by line, decisions, and why a shelf reads what it does.
import { z } from 'zod';
import { OUTCOMES, REASONS } from '../../core/outcome.ts';
import { MOVE_REASONS, PLACES } from '../../core/posting.ts';

const Millis = z.int().nonnegative();
const Thousandths = z.int().meta({ description: 'Thousandths of a unit' });

/** One move of units between two places, and why they moved. */
export const movePosted = {
  line: z.int(),
  sku: z.string(),
  from: z.enum(PLACES),
  to: z.enum(PLACES),
  quantity: Thousandths,
  why: z.enum(MOVE_REASONS).meta({ description: 'movement: the document itself; all else is what the law made of it' }),
};

/** A line of which there is more to tell than that it is posted. */
export const LineRow = z.strictObject({
  line: z.int(),
  sku: z.string().nullable(),
  outcome: z.enum(OUTCOMES),
  reason: z.enum(REASONS).nullable(),
  by: z.string().nullable().meta({ description: 'The entry that made it so' }),
  other: Thousandths.nullable().meta({ description: 'On-hand if what was unclear had been the other way round' }),
  variance: Thousandths.nullable(),
  sentence: z.string(),
});
export type LineRow = z.infer<typeof LineRow>;

export const DirectiveRow = z
  .strictObject({
    dseq: z.int(),
    kind: z.string(),
    by: z.string(),
    decidedMs: Millis,
    basis: z.strictObject({ epoch: z.int(), seq: z.int() }).meta({ description: 'It stands behind this entry' }),
    body: z.record(z.string(), z.unknown()),
    applied: z.boolean().meta({ description: 'The store has said that it applied it' }),
    outcome: z
      .enum(OUTCOMES)
      .nullable()
      .meta({ description: 'Null while the entries that it was based on are missing' }),
    sentence: z.string().nullable(),
    lines: z.array(LineRow),
  })
  .meta({ id: 'Directive' });
export type DirectiveRow = z.infer<typeof DirectiveRow>;

/** One entry in the history of a shelf. */
export const ShelfEntry = z.strictObject({
  entry: z.string().meta({ description: '"1:55" is a fact of epoch 1, "d7" a directive' }),
  kind: z.string(),
  number: z.string().nullable().meta({ description: 'Of the document' }),
  workstation: z.string().nullable(),
  by: z.string().nullable().meta({ description: 'Who decided a directive' }),
  atMs: Millis.meta({ description: 'Captured in the store, or decided' }),
  happened: z.strictObject({ fromMs: z.int().nullable(), toMs: z.int() }).nullable().meta({
    description: "When a fact happened, by the store's clock; from null where nobody knows; null for directives",
  }),
  outcome: z.enum(OUTCOMES),
  sentence: z.string(),
  other: Thousandths.nullable(),
  moves: z.array(z.strictObject(movePosted)),
  onHand: Thousandths.meta({ description: 'Behind it' }),
});
export type ShelfEntry = z.infer<typeof ShelfEntry>;

export const ShelfExplained = z
  .strictObject({
    store: z.string(),
    sku: z.string(),
    onHand: Thousandths,
    reserved: Thousandths,
    uncounted: z.boolean(),
    couldBe: z.strictObject({ low: Thousandths, high: Thousandths }).nullable(),
    isWhole: z.boolean().meta({ description: 'Nothing older was left out' }),
    entries: z.array(ShelfEntry).meta({ description: 'Oldest first' }),
    readings: z
      .array(z.strictObject({ without: z.string(), onHand: Thousandths, sentence: z.string() }))
      .meta({ description: 'What it would read without each flagged document' }),
  })
  .meta({ id: 'ShelfExplained' });
export type ShelfExplained = z.infer<typeof ShelfExplained>;
