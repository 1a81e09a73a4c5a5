// Documents of any file to the journal in groups, with patience, and what became of each.
import { setTimeout as pause } from 'node:timers/promises';
import type { AppendOutcome, Captured, SetAsideCode } from '../core/captured.ts';
import { documentNumber } from '../core/fact.ts';
import {
  IMPORT_GROUP_BYTES_MAX,
  IMPORT_GROUP_MAX,
  IMPORT_GROUP_ROWS_MAX,
  IMPORT_RETRIES_MAX,
  IMPORT_RETRY_WAIT_MS,
} from '../core/limits/files.ts';
import { ImportStopped } from './csv/source.ts';
import type { CaptureJournal } from './ports.ts';

/** captured where any of its facts is new. */
export type Verdict = { kind: 'captured' | 'duplicate' } | { kind: 'aside'; code: SetAsideCode; reason: string };

export type Placer<Plan> = { add(plan: Plan): Promise<void>; end(): Promise<void> };

/** How much input is held for a plan until the journal has answered, and what people call it. */
export type Measure = { what: string; rows: number; bytes: number };

type Journal = Pick<CaptureJournal, 'appendMany' | 'appendTogether'>;

/**
 * `settle` is called for each plan in order, after the journal has answered. Facts of a plan are kept one by one, each
 * with those beside it, or where it says so `together`: all or none.
 */
export function createPlacer<Plan extends { facts: Captured[]; together?: boolean | undefined }>(
  journal: Journal,
  measure: (plan: Plan) => Measure,
  settle: (plan: Plan, verdict: Verdict) => Promise<void>,
): Placer<Plan> {
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
    const outcomes = await appendPatiently(
      journal,
      plans.flatMap((plan) => plan.facts),
    );
    let at = 0;
    for (const plan of plans) {
      await settle(plan, verdictOf(plan.facts, outcomes.slice(at, at + plan.facts.length), measure(plan).what));
      at += plan.facts.length;
    }
  };
  return {
    async add(plan) {
      if (plan.together === true) {
        await flush();
        const outcomes = await togetherPatiently(journal, plan.facts);
        return settle(plan, verdictOf(plan.facts, outcomes, measure(plan).what));
      }
      const size = measure(plan);
      waiting.push(plan);
      facts += plan.facts.length;
      bytes += size.bytes;
      rows += size.rows;
      if (facts >= IMPORT_GROUP_MAX || rows >= IMPORT_GROUP_ROWS_MAX || bytes >= IMPORT_GROUP_BYTES_MAX) await flush();
    },
    end: flush,
  };
}

/** Tills go first: where the queue is full an import waits. A full disk stops it. */
async function appendPatiently(journal: Journal, captures: Captured[]): Promise<AppendOutcome[]> {
  const outcomes: (AppendOutcome | undefined)[] = captures.map(() => undefined);
  let open = captures.map((_, index) => index);
  for (let tries = 0; open.length > 0; tries++) {
    await patience(tries);
    const answers = await journal.appendMany(open.flatMap((index) => captures[index] ?? []));
    open = open.filter((index, nth) => {
      const answer = answers[nth];
      outcomes[index] = answer;
      return answer !== undefined && mustAskAgain(answer);
    });
  }
  return outcomes.filter((outcome) => outcome !== undefined);
}

/** All or none; an empty list of facts is answered by nothing. */
export async function togetherPatiently(journal: Journal, captures: Captured[]): Promise<AppendOutcome[]> {
  for (let tries = 0; ; tries++) {
    await patience(tries);
    const outcomes = await journal.appendTogether(captures);
    if (!outcomes.some(mustAskAgain)) return outcomes;
  }
}

async function patience(tries: number): Promise<void> {
  if (tries > IMPORT_RETRIES_MAX) {
    throw new ImportStopped('busy', 'The journal is too busy: import the file again later.');
  }
  if (tries > 0) await pause(IMPORT_RETRY_WAIT_MS);
}

function mustAskAgain(answer: AppendOutcome): boolean {
  if (answer.kind !== 'refused') return false;
  if (answer.reason === 'disk-full') throw new ImportStopped('disk-full', answer.message);
  return answer.reason === 'queue-full';
}

/** `what` begins the sentence of a refusal: "Receipt 12". */
export function verdictOf(facts: Captured[], outcomes: AppendOutcome[], what: string): Verdict {
  const fact = facts[outcomes.findIndex((outcome) => outcome.kind === 'conflict' && outcome.by !== 'beside')];
  if (fact !== undefined) {
    const number = documentNumber(fact.content);
    const reason = `Another ${fact.content.kind} with the number ${number} of ${fact.content.businessDate} at ${fact.content.workstation} is kept already and says something else. Compare the two; the kept one stays as it is.`;
    return { kind: 'aside', code: 'key-conflict', reason };
  }
  const refused = outcomes.find((outcome) => outcome.kind === 'refused');
  if (refused !== undefined) return { kind: 'aside', code: 'too-large', reason: `${what}: ${refused.message}` };
  if (outcomes.some((outcome) => outcome.kind === 'conflict'))
    return { ...PART_KEPT, reason: `${what}: ${PART_KEPT.reason}` };
  return { kind: outcomes.some((outcome) => outcome.kind === 'captured') ? 'captured' : 'duplicate' };
}

const PART_KEPT = {
  kind: 'aside',
  code: 'key-conflict',
  reason:
    'a part of it is kept already, the rest is not, and both belong together. Compare it with what is kept under those numbers; the kept ones stay as they are.',
} as const;
