// What one store holds of one SKU, place by place, and what became of each fact (folded on both sides).
import type { FactContent } from './fact.ts';
import { PLACES, type Place, type Posting, postingsOf } from './posting.ts';

/** Thousandths per place. `known` once the SKU was counted, received or loaded; before that it reads "not counted yet". */
export type Position = Record<Place, number> & { known: boolean };

export const OUTCOMES = ['posted', 'duplicate', 'flagged', 'refused'] as const;
/** What became of a fact. Flagged is posted too: a person should look at it. */
export type Outcome = (typeof OUTCOMES)[number];
export type OutcomeReason = 'oversold' | 'key-used-twice' | 'unreadable' | 'other-body' | 'out-of-bounds';
export type FactOutcome = { outcome: Outcome; reason: OutcomeReason | null };

export function emptyPosition(): Position {
  const position = { known: false } as Position;
  for (const place of PLACES) position[place] = 0;
  return position;
}

export const onHand = (position: Position): number => position.shelf + position.reserved;

export const sumOfPlaces = (position: Position): number => PLACES.reduce((sum, place) => sum + position[place], 0);

/**
 * Posts one fact into the positions of its SKUs, which are changed in place and made where absent.
 * A fact is never refused for what it does to the stock: the goods have already left the shop.
 */
export function postFact(
  positions: Map<string, Position>,
  content: FactContent,
): { postings: Posting[]; result: FactOutcome } {
  const postings = postingsOf(content);
  let oversold = false;
  for (const posting of postings) {
    const position = positionOf(positions, posting.sku);
    position[posting.from] -= posting.quantity;
    position[posting.to] += posting.quantity;
    if (content.kind === 'goods-received' || content.kind === 'transfer-received') position.known = true;
    if (posting.from === 'shelf' && position.known && onHand(position) < 0) oversold = true;
  }
  const result: FactOutcome = oversold
    ? { outcome: 'flagged', reason: 'oversold' }
    : { outcome: 'posted', reason: null };
  return { postings, result };
}

function positionOf(positions: Map<string, Position>, sku: string): Position {
  let position = positions.get(sku);
  if (position === undefined) {
    position = emptyPosition();
    positions.set(sku, position);
  }
  return position;
}

/** The outcome in a sentence that a shop assistant understands. */
export function outcomeSentence({ outcome, reason }: FactOutcome): string {
  switch (outcome) {
    case 'posted':
      return 'Posted to stock.';
    case 'duplicate':
      return 'Already posted before: counted once.';
    case 'flagged':
      return 'Posted. More was sold than the books held: please check the shelf.';
    case 'refused':
      return refusalSentence(reason);
  }
}

function refusalSentence(reason: OutcomeReason | null): string {
  switch (reason) {
    case 'other-body':
      return 'Set aside at central: another receipt with this number says something else.';
    case 'out-of-bounds':
      return 'Set aside at central: the quantities are too large to be counted.';
    default:
      return 'Set aside at central: it could not be read and a person must look at it.';
  }
}
