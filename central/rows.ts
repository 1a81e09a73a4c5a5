// The rows that a transaction makes, the same for every ledger: decided without any I/O.
import type { Decided } from '../core/book.ts';
import { skusOfDecision } from '../core/decision.ts';
import { deadlineOf, type ExceptionDraft, type Owner, policyOf } from '../core/exception.ts';
import { lineSkus } from '../core/fact.ts';
import type { At } from '../core/order.ts';
import { type LineOutcome, overall } from '../core/outcome.ts';
import type { Posting } from '../core/posting.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import type { Letter } from './aside.ts';
import { type Done, type FactStep, isFactStep, type Step } from './fold.ts';

/** Nothing is to be told of it but that it is posted. */
const isPlain = ({ outcome, reason, other, variance }: LineOutcome): boolean =>
  outcome === 'posted' && reason === null && other === null && variance === null;

export type OutcomeRow = { outcome: string; reason: string | null; detail: string | null; postingDate: string | null };

/** What became of an entry; `detail` lists the lines of which there is more to tell. */
export function outcomeRow({ stepped: { lines, postingDate } }: Pick<Step, 'stepped'>): OutcomeRow {
  const { outcome, reason } = overall(lines);
  const told = lines.filter((line) => !isPlain(line));
  return { outcome, reason, detail: told.length === 0 ? null : JSON.stringify(told), postingDate };
}

export const factSteps = ({ steps }: Done): FactStep[] => steps.filter(isFactStep);
export const directiveSteps = ({ steps }: Done) => steps.flatMap((one) => (isFactStep(one) ? [] : [one]));

/** When a movement that changed on-hand happened, for counts that come in late. */
export type Happened = {
  lo: number | null;
  hi: number;
  frame: number;
  frameStart: number;
  recordedMs: number;
  /** Where it stands, if not at the entry itself. */
  at: At | null;
};
export type PostingRow = Posting & { at: At; dseq: number; move: number; happened: Happened | null };

export const postingRows = ({ steps }: Done): PostingRow[] => steps.flatMap(postingsOfStep);

function postingsOfStep(one: Step): PostingRow[] {
  const { moves, effects } = one.stepped;
  const { at, dseq } = placeOf(one);
  return moves.map((posting, index) => {
    const made = isOwnMove(posting)
      ? effects.find(({ sku, line }) => sku === posting.sku && line === posting.line)
      : undefined;
    return { ...posting, at, dseq, move: index + 1, happened: made === undefined ? null : happened(made.effect, at) };
  });
}

const placeOf = (one: Step): { at: At; dseq: number } =>
  isFactStep(one) ? { at: one.entry.at, dseq: 0 } : { at: one.entry.directive.basis, dseq: one.row.dseq };

/** Not what the law makes of it. */
const isOwnMove = ({ why }: Posting): boolean => why === 'movement' || why === 'undone';

function happened({ moment, recordedMs }: Step['stepped']['effects'][number]['effect'], at: At): Happened {
  const { lo, hi, frame, frameStart } = moment;
  const isHere = moment.at.epoch === at.epoch && moment.at.seq === at.seq;
  return { lo, hi, frame, frameStart, recordedMs: recordedMs ?? hi, at: isHere ? null : moment.at };
}

/** SKUs that an entry concerns without moving any of them: they are part of its history all the same. */
export const unmovedRows = ({ steps }: Done): { sku: string; at: At; dseq: number }[] =>
  steps.flatMap((one) => {
    const { at, dseq } = placeOf(one);
    const moved = new Set(one.stepped.moves.map(({ sku }) => sku));
    return [...new Set(skusOfStep(one))].filter((sku) => !moved.has(sku)).map((sku) => ({ sku, at, dseq }));
  });

function skusOfStep({ entry }: Step): string[] {
  const read = entry.kind === 'fact' ? entry.read : entry.released;
  const skus = read === null ? [] : lineSkus(read.fact.content);
  return entry.kind === 'fact' ? skus : [...skus, ...skusOfDecision(entry.directive.body)];
}

/** Whoever is asked about it owns it. */
export type LetterRow = Letter & { owner: Owner };
export type ReleasedRow = Done['released'][number];

export const letterRows = ({ letters }: Done): LetterRow[] =>
  letters.map((letter) => ({ ...letter, owner: policyOf('set-aside').owner }));

export type RaisedRow = ExceptionDraft & {
  deadlineMs: number;
  raisedBy: string;
  decided: Decided | null;
  decidedMs: number | null;
};
export type DecidedRow = { id: string } & Decided;

/**
 * Questions that were raised, decided already where that happened in the same transaction, and those that were decided.
 * One that is raised once more (R24) is new in no table, so its decision is told in both.
 */
export function exceptionRows({ steps, postedMs, hours }: Done): { raised: RaisedRow[]; decided: DecidedRow[] } {
  const raised = new Map<string, RaisedRow>();
  const decided = new Map<string, DecidedRow>();
  for (const { stepped } of steps) {
    for (const draft of stepped.raised) {
      if (raised.has(draft.id)) continue;
      const deadlineMs = deadlineOf(draft, hours);
      raised.set(draft.id, { ...draft, deadlineMs, raisedBy: stepped.name, decided: null, decidedMs: null });
    }
    for (const { id, decided: answer } of stepped.settled) {
      if (decided.has(id)) continue;
      decided.set(id, { id, ...answer });
      const fresh = raised.get(id);
      if (fresh !== undefined) raised.set(id, { ...fresh, decided: answer, decidedMs: postedMs });
    }
  }
  return { raised: [...raised.values()], decided: [...decided.values()] };
}

export const changeRows = ({ steps }: Done): { entry: string; outcome: string; by: string }[] =>
  steps.flatMap(({ stepped }) =>
    stepped.changes.map(({ name, outcome }) => ({ entry: name, outcome, by: stepped.name })),
  );

/** The batches that any of these entries came in: their signatures are the evidence (D5). */
export function signedBatches(done: Done, batches: Batch[]): Batch[] {
  const lasts = new Set(factSteps(done).map(({ arrived }) => arrived.batchLast));
  return batches.filter(({ last }) => lasts.has(last));
}
