// Receipts of a CSV file to the journal, in groups.
import type { Captured } from '../../core/captured.ts';
import { type Placer as AnyPlacer, createPlacer as createAnyPlacer, type Verdict } from '../place.ts';
import type { CaptureJournal } from '../ports.ts';
import type { SpilledRow } from './spill.ts';

export type { Verdict };
export type Plan = { receipt: string; facts: Captured[]; rows: SpilledRow[]; rowsNotGoods: number };
export type Placer = AnyPlacer<Plan>;

/** `settle` is called for each plan in order, after the journal has answered. */
export const createPlacer = (
  journal: Pick<CaptureJournal, 'appendMany' | 'appendTogether'>,
  settle: (plan: Plan, verdict: Verdict) => Promise<void>,
): Placer =>
  createAnyPlacer(
    journal,
    ({ receipt, rows }) => ({
      what: `Receipt ${receipt}`,
      rows: rows.length,
      bytes: rows.reduce((sum, row) => sum + row.raw.length, 0),
    }),
    settle,
  );
