// Receipts to the journal in groups, and what became of each.
import { setTimeout as pause } from 'node:timers/promises';
import type { AppendOutcome, Captured } from '../../core/captured.ts';
import { documentNumber } from '../../core/fact.ts';
import {
  IMPORT_GROUP_BYTES_MAX,
  IMPORT_GROUP_MAX,
  IMPORT_GROUP_ROWS_MAX,
  IMPORT_RETRIES_MAX,
  IMPORT_RETRY_WAIT_MS,
} from '../../core/limits/files.ts';
import type { CaptureJournal } from '../ports.ts';
import type { Aside } from './receipts.ts';
import { ImportStopped } from './source.ts';
import type { SpilledRow } from './spill.ts';

export type Plan = { receipt: string; facts: Captured[]; rows: SpilledRow[]; rowsNotGoods: number };

/** captured where any of its facts is new. */
export type Verdict = { kind: 'captured' | 'duplicate' } | ({ kind: 'aside' } & Aside);

export type Placer = { add(plan: Plan): Promise<void>; end(): Promise<void> };

/** `settle` is called for each plan in order, after the journal has answered. */
export function createPlacer(
  journal: Pick<CaptureJournal, 'appendMany'>,
  settle: (plan: Plan, verdict: Verdict) => Promise<void>,
): Placer {
  let waiting: Plan[] = [];
  let facts = 0;
  let bytes = 0;
  let rows = 0;
  const flush = async (): Promise<void> => {
    const plans = waiting;
    waiting = [];
    facts = 0;
    bytes = 0;
    rows = 0;
    if (plans.length === 0) return;
    const outcomes = await appendPatiently(
      journal,
      plans.flatMap((plan) => plan.facts),
    );
    let at = 0;
    for (const plan of plans) {
      await settle(plan, verdictOf(plan, outcomes.slice(at, at + plan.facts.length)));
      at += plan.facts.length;
    }
  };
  return {
    async add(plan) {
      waiting.push(plan);
      facts += plan.facts.length;
      bytes += plan.rows.reduce((sum, row) => sum + row.raw.length, 0);
      rows += plan.rows.length;
      if (facts >= IMPORT_GROUP_MAX || rows >= IMPORT_GROUP_ROWS_MAX || bytes >= IMPORT_GROUP_BYTES_MAX) await flush();
    },
    end: flush,
  };
}

/** Tills go first: where the queue is full an import waits. A full disk stops it. */
async function appendPatiently(
  journal: Pick<CaptureJournal, 'appendMany'>,
  captures: Captured[],
): Promise<AppendOutcome[]> {
  const outcomes: (AppendOutcome | undefined)[] = captures.map(() => undefined);
  let open = captures.map((_, index) => index);
  for (let tries = 0; open.length > 0; tries++) {
    if (tries > IMPORT_RETRIES_MAX)
      throw new ImportStopped('busy', 'The journal is too busy: import the file again later.');
    if (tries > 0) await pause(IMPORT_RETRY_WAIT_MS);
    const answers = await journal.appendMany(open.flatMap((index) => captures[index] ?? []));
    open = open.filter((index, nth) => {
      const answer = answers[nth];
      outcomes[index] = answer;
      if (answer?.kind !== 'refused') return false;
      if (answer.reason === 'disk-full') throw new ImportStopped('disk-full', answer.message);
      return answer.reason === 'queue-full';
    });
  }
  return outcomes.filter((outcome) => outcome !== undefined);
}

function verdictOf(plan: Plan, outcomes: AppendOutcome[]): Verdict {
  const fact = plan.facts[outcomes.findIndex((outcome) => outcome.kind === 'conflict' && outcome.by !== 'beside')];
  if (fact !== undefined) {
    const number = documentNumber(fact.content);
    const reason = `Another ${fact.content.kind} with the number ${number} of ${fact.content.businessDate} at ${fact.content.workstation} is kept already and says something else. Compare the two; the kept one stays as it is.`;
    return { kind: 'aside', code: 'key-conflict', reason };
  }
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) {
    return { kind: 'aside', code: 'too-large', reason: `Receipt ${plan.receipt}: ${refused.message}` };
  }
  return { kind: outcomes.some((outcome) => outcome.kind === 'captured') ? 'captured' : 'duplicate' };
}
