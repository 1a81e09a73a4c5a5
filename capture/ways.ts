// The ways in: what each kind of document must look like and how it becomes facts, the same for the door and every feed.
import type { z } from 'zod';
import type { FactContent } from '../core/fact.ts';
import { DayInput, ReversalInput, StocktakeInput } from '../protocol/local/documents.ts';
import { MovementInput, TransactionInput } from '../protocol/local/transaction.ts';
import { isSameSheet, prepareStocktake } from './count-sheet.ts';
import { prepareDay, prepareReversal } from './documents.ts';
import type { NormaliseContext } from './finish.ts';
import { issuesOf } from './issues.ts';
import { normaliseMovement, normaliseTransaction } from './normalise.ts';
import type { CaptureJournal } from './ports.ts';
import { type Prepared, together } from './prepared.ts';

/** The rooms that take documents, by the end of their address. */
export const WAYS_IN = ['transactions', 'movements', 'stocktakes', 'reversals', 'days'] as const;
export type WayIn = (typeof WAYS_IN)[number];

type Way = {
  prepare(body: unknown, context: NormaliseContext, journal: CaptureJournal): Prepared | Promise<Prepared>;
  /** Whether what is kept means the same, where its bytes need not be the same. */
  isKept?(body: unknown, kept: FactContent[]): boolean;
};

function way<Schema extends z.ZodType>(
  schema: Schema,
  read: (input: z.infer<Schema>, context: NormaliseContext, journal: CaptureJournal) => Prepared | Promise<Prepared>,
): Way {
  return {
    prepare(body, context, journal) {
      const input = schema.safeParse(body);
      if (input.success) return read(input.data, context, journal);
      return { ok: false, code: 'bad-body', issues: issuesOf(input.error, body) };
    },
  };
}

export const WAYS: Record<WayIn, Way> = {
  transactions: way(TransactionInput, (input, context) => together(normaliseTransaction(input, context))),
  movements: way(MovementInput, (input, context) => together(normaliseMovement(input, context))),
  stocktakes: {
    ...way(StocktakeInput, prepareStocktake),
    isKept: (body, kept) => isSameSheet(kept, StocktakeInput.parse(body)),
  },
  reversals: way(ReversalInput, prepareReversal),
  days: way(DayInput, prepareDay),
};
