// What became of an entry, why, and in which words a shop assistant is told.
import { formatQuantity } from './amounts.ts';
import { assertNever } from './assert.ts';

/** Flagged is posted too: a person should look at it. Waiting facts depend on one that central refused. */
export const OUTCOMES = ['posted', 'restated', 'flagged', 'absorbed', 'duplicate', 'waiting', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const REASONS = [
  'oversold',
  'rival-count',
  'recount',
  'before-count',
  'superseded-count',
  'reservation-gone',
  'reservation-differs',
  'reservation-short',
  'voided-before',
  'void-of-unknown',
  'undone-before',
  'undo-of-unknown',
  'undo-too-late',
  'not-known-to-count',
  'stale-screen',
  'already-decided',
  'no-such-exception',
  'late-for-period',
  'key-used-twice',
  'unreadable',
  'not-acceptable',
  'other-body',
  'out-of-bounds',
  'depends-on-refused',
] as const;
export type Reason = (typeof REASONS)[number];

/** Of one line of an entry (entries without lines have one, line 0). */
export type LineOutcome = {
  line: number;
  sku: string | null;
  outcome: Outcome;
  reason: Reason | null;
  /** The entry that made it so: the count that restated it, the one that has the key, ... */
  by: string | null;
  /** On-hand if what was unclear had been the other way round, in thousandths; null where all is clear. */
  other: number | null;
  /** Of a count: what it found more (or, negative, less) than expected, in thousandths. */
  variance: number | null;
};

/** Worse ones speak for the whole receipt. */
const WEIGHT: Record<Outcome, number> = {
  posted: 0,
  restated: 1,
  absorbed: 2,
  flagged: 3,
  duplicate: 4,
  waiting: 5,
  refused: 6,
};

/** The one outcome of a fact of several lines: its worst line. `lines` is not empty. */
export function overall(lines: readonly LineOutcome[]): { outcome: Outcome; reason: Reason | null; by: string | null } {
  const worst = lines.reduce((a, b) => (WEIGHT[b.outcome] > WEIGHT[a.outcome] ? b : a));
  return { outcome: worst.outcome, reason: worst.reason, by: worst.by };
}

/** `provisional`: no mark covers it yet, so the sentence says "so far" (R19). */
export function sentence(
  line: Pick<LineOutcome, 'outcome' | 'reason'> & Partial<Pick<LineOutcome, 'sku' | 'other' | 'variance'>>,
  { provisional }: { provisional: boolean } = { provisional: false },
): string {
  const words = `${plainSentence(line)}${otherReading(line.other ?? null)}`;
  return provisional ? `So far: ${words.charAt(0).toLowerCase()}${words.slice(1)}` : words;
}

const otherReading = (other: number | null): string =>
  other === null
    ? ''
    : ` It is not clear which came first; had it been the other way round, ${formatQuantity(other)} would be on hand.`;

function plainSentence({ outcome, reason, variance, sku }: Parameters<typeof sentence>[0]): string {
  switch (outcome) {
    case 'posted':
      return sku === null && reason === null ? 'Noted.' : postedSentence(reason, variance ?? null);
    case 'restated':
      return reason === 'superseded-count'
        ? 'A newer count of this shelf stands; this older one changes nothing.'
        : 'It happened before the shelf was counted, so the count has seen it already: stock stays, the loss is smaller.';
    case 'flagged':
      return flaggedSentence(reason);
    case 'absorbed':
      return absorbedSentence(reason);
    case 'duplicate':
      return 'Already posted before: counted once.';
    case 'waiting':
      return 'It waits for a receipt that it belongs to and that head office has set aside.';
    case 'refused':
      return refusedSentence(reason);
    default:
      return assertNever(outcome);
  }
}

function postedSentence(reason: Reason | null, variance: number | null): string {
  if (reason === 'late-for-period') return 'Posted. Its month was closed already, so it counts in the next one.';
  if (variance === null) return 'Posted to stock.';
  if (variance === 0) return 'Counted: exactly what the books held.';
  const many = formatQuantity(Math.abs(variance));
  return variance < 0 ? `Counted: ${many} fewer than the books held.` : `Counted: ${many} more than the books held.`;
}

function flaggedSentence(reason: Reason | null): string {
  switch (reason) {
    case 'oversold':
      return 'Posted. More was sold than the books held: please check the shelf.';
    case 'rival-count':
      return 'Posted. Two counts of this shelf disagree and it is not clear which is newer: please count once more.';
    case 'recount':
      return 'Not used: the count is too old or took too long to say what is there now. Please count once more.';
    case 'reservation-gone':
      return 'Posted. The reservation had been given up before it was collected: the goods came off the shelf.';
    case 'reservation-differs':
      return 'Posted. Another quantity was collected than was reserved.';
    case 'reservation-short':
      return 'Reserved, but the shelf does not hold as many.';
    case 'voided-before':
      return 'Changes nothing: this receipt was voided before.';
    case 'void-of-unknown':
      return 'Posted. The receipt that it takes back has not been seen.';
    case 'undone-before':
      return 'Changes nothing: this document was taken back before.';
    case 'undo-of-unknown':
      return 'Changes nothing: the document that it takes back has not been posted.';
    case 'undo-too-late':
      return 'Changes nothing: the count can no longer be taken back. Please count once more.';
    case 'no-such-exception':
      return 'Changes nothing: there is no such question to decide.';
    default:
      return 'Posted. A person should look at it.';
  }
}

function absorbedSentence(reason: Reason | null): string {
  switch (reason) {
    case 'stale-screen':
      return 'Not posted: the shelf was counted after the screen was read. The count stands.';
    case 'already-decided':
      return 'Already decided: the first decision stands.';
    case 'reservation-gone':
      return 'Changes nothing: the reservation was collected or given up before.';
    default:
      return 'Taken back: the shelf was counted by someone who did not know of this correction. The count stands.';
  }
}

function refusedSentence(reason: Reason | null): string {
  switch (reason) {
    case 'other-body':
      return 'Set aside at head office: another receipt with this number says something else.';
    case 'out-of-bounds':
      return 'Set aside at head office: the quantities are too large to be counted.';
    case 'not-acceptable':
      return 'Set aside at head office: it can be read, but its database would not keep it. A person must look at it.';
    default:
      return 'Set aside at head office: it could not be read or kept there, and a person must look at it.';
  }
}
