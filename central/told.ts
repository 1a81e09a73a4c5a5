// Outcomes as they are kept, in the words in which people are told.
import { readNaturalKey } from '../core/fact.ts';
import { type LineOutcome, type Outcome, type Reason, sentence } from '../core/outcome.ts';
import type { LineRow } from '../protocol/hq/ledger.ts';

/** As the columns of entry and directive_outcome hold it. */
export type KeptOutcome = { outcome: string; reason: string | null; detail: string | null };

export const linesOf = ({ detail }: Pick<KeptOutcome, 'detail'>): LineOutcome[] =>
  detail === null ? [] : (JSON.parse(detail) as LineOutcome[]);

export const lineRows = (kept: Pick<KeptOutcome, 'detail'>): LineRow[] =>
  linesOf(kept).map((line) => ({ ...line, sentence: sentence(line) }));

/** Of the line that speaks for the whole entry. `movesStock`: what is plainly posted was posted to stock. */
export function sentenceOf(kept: KeptOutcome, movesStock: boolean): string {
  const { outcome, reason } = outcomeOf(kept);
  const worst = linesOf(kept).find((line) => line.outcome === outcome && line.reason === reason);
  return sentence(worst ?? { outcome, reason, sku: movesStock ? '' : null });
}

export const outcomeOf = ({ outcome, reason }: KeptOutcome): { outcome: Outcome; reason: Reason | null } => ({
  outcome: outcome as Outcome,
  reason: reason as Reason | null,
});

/** Whether a document of this key is about stock; one that could not be read may be. */
export function isAboutStock(key: string | null): boolean {
  const kind = key === null ? '' : readNaturalKey(key).kind;
  return kind !== 'exception-decided' && kind !== 'day-closed';
}
