// What a back office posts beside receipts and movements: count sheets, documents taken back, Z reports.
import { z } from 'zod';
import { QUANTITY_SCALE } from '../../core/amounts.ts';
import { MOVEMENT_KINDS } from '../../core/fact.ts';
import { COUNTERS_MAX, IDENTIFIER_LENGTH_MAX, NATURAL_KEY_LENGTH_MAX, SHEET_LINES_MAX } from '../../core/limits.ts';
import { BusinessDate, Currency, Identifier, Instant, item, Text } from '../fact.ts';
import { AmountInput } from './transaction.ts';

/** A sheet that is cut gets "/2", "/3", ... behind its number. */
const SHEET_NUMBER_LENGTH_MAX = IDENTIFIER_LENGTH_MAX - 4;

const Counted = z
  .union([z.int().nonnegative(), z.string().regex(new RegExp(`^\\d{1,9}(\\.\\d{1,${QUANTITY_SCALE}})?$`))], {
    error: 'write what was counted as text with a decimal point, for example "2.5", or as a whole number; 0 is a count',
  })
  .meta({ description: 'Units found: decimal text with at most 3 places, or a whole number; never negative' });

const document = {
  workstation: Identifier.meta({ description: 'Till, handheld or desk that wrote it' }),
  document: Identifier.meta({ description: 'Its number' }),
  businessDate: BusinessDate.meta({ description: 'The trading day' }),
  occurred: Instant.meta({ description: 'When, by the clock of that workstation, with offset' }),
  sentAt: Instant.optional().meta({ description: 'That clock now: lets us measure how wrong it is' }),
};

export const StocktakeInput = z
  .strictObject({
    ...document,
    stocktake: Identifier.max(SHEET_NUMBER_LENGTH_MAX).meta({ description: 'Names all sheets of one stocktake' }),
    document: Identifier.max(SHEET_NUMBER_LENGTH_MAX)
      .optional()
      .meta({ description: 'Number of this sheet; the name of the stocktake where it has only one' }),
    occurred: Instant.meta({ description: 'When the sheet was finished; also the time of lines without one' }),
    begun: Instant.meta({ description: 'When counting began' }),
    sentAt: Instant.meta({
      description: 'The clock that timed the count, now: a count whose clock was not measured cannot be placed',
    }),
    scope: z.enum(['items', 'store']).optional().meta({
      description: 'store: everything was counted, so what the books hold and is not listed is zero. Default: items',
    }),
    lines: z
      .array(
        z.strictObject({
          ...item,
          counted: Counted.optional().meta({ description: 'Units found, where one person counted' }),
          parts: z
            .array(z.strictObject({ counter: Identifier, quantity: Counted }))
            .min(1)
            .max(COUNTERS_MAX)
            .optional()
            .meta({ description: 'Parts that are added up; the same counter again replaces what it said before' }),
          occurred: Instant.optional().meta({ description: 'When this line was counted' }),
        }),
      )
      .min(1)
      .max(SHEET_LINES_MAX),
    reason: Text.optional(),
  })
  .meta({ id: 'Stocktake' });
export type StocktakeInput = z.infer<typeof StocktakeInput>;

export const ReversalInput = z
  .strictObject({
    ...document,
    reverses: z
      .union(
        [
          z.string().min(1).max(NATURAL_KEY_LENGTH_MAX),
          z.strictObject({
            kind: z.enum([...MOVEMENT_KINDS, 'stocktake']),
            workstation: Identifier,
            businessDate: BusinessDate,
            document: Identifier,
          }),
        ],
        { error: 'name the document by its key, or by kind, workstation, businessDate and document' },
      )
      .meta({ description: 'The own movement or count sheet that is taken back, all of it' }),
    reason: Text.optional(),
  })
  .meta({ id: 'Reversal' });
export type ReversalInput = z.infer<typeof ReversalInput>;

export const DayInput = z
  .strictObject({
    ...document,
    workstation: Identifier.meta({ description: 'The till' }),
    document: Identifier.meta({ description: 'Number of the Z report' }),
    receipts: z.int().nonnegative().optional().meta({ description: 'How many receipts of any kind' }),
    currency: Currency.optional().meta({ description: 'Needed where an amount is told' }),
    sales: AmountInput.optional().meta({ description: 'Sum of the totals of all sales' }),
    returns: AmountInput.optional().meta({ description: 'What was paid back, positive' }),
    voids: AmountInput.optional().meta({ description: 'What was voided, positive' }),
    firstReceipt: Identifier.optional(),
    lastReceipt: Identifier.optional(),
  })
  .meta({ id: 'Day' });
export type DayInput = z.infer<typeof DayInput>;
