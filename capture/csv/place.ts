// Documents of a mapped file to the journal, in groups.
import { type Placer as AnyPlacer, createPlacer as createAnyPlacer, type Verdict } from '../place.ts';
import type { CaptureJournal } from '../ports.ts';
import type { Built } from './built.ts';
import type { SpilledRow } from './spill.ts';

export type { Verdict };
export type Plan = Omit<Extract<Built, { ok: true }>, 'ok'> & { receipt: string; rows: SpilledRow[] };
export type Placer = AnyPlacer<Plan>;

/** `settle` is called for each plan in order, after the journal has answered. */
export const createPlacer = (
  journal: Pick<CaptureJournal, 'appendMany' | 'appendTogether'>,
  noun: string,
  settle: (plan: Plan, verdict: Verdict) => Promise<void>,
): Placer =>
  createAnyPlacer(
    journal,
    ({ receipt, rows }) => ({
      what: `${noun} ${receipt}`,
      rows: rows.length,
      bytes: rows.reduce((sum, row) => sum + row.raw.length, 0),
    }),
    async (plan, verdict) => {
      const known = verdict.kind === 'aside' && verdict.code === 'key-conflict' && (await plan.isKept?.()) === true;
      await settle(plan, known ? { kind: 'duplicate' } : verdict);
    },
  );
