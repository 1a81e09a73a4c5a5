// The law of one shelf, step by step (R8 to R12): what movements, counts, corrections and reservations do to it.
import { isBefore, type Moment, relation } from './interval.ts';
import { COUNT_LATE_MS_MAX, COUNT_WIDTH_MS_MAX, OPEN_CORRECTIONS_MAX } from './limits.ts';
import type { LineOutcome, Outcome, Reason } from './outcome.ts';
import type { MoveReason, Place, Posting } from './posting.ts';
import {
  type Baseline,
  type Doubt,
  type Effect,
  NO_DOUBT,
  onHand,
  type Reservation,
  type Shelf,
  type Undo,
  widen,
} from './shelf.ts';

/** One line being posted: its moves are noted as they are made. `entry` is the name of the entry. */
export type Line = { entry: string; line: number; sku: string; moves: Posting[] };

export type Result = Pick<LineOutcome, 'outcome' | 'reason' | 'by' | 'other' | 'variance'>;

const result = (outcome: Outcome, reason: Reason | null = null, more: Partial<Result> = {}): Result => ({
  outcome,
  reason,
  by: null,
  other: null,
  variance: null,
  ...more,
});

/** A negative quantity goes the other way. */
function move(shelf: Shelf, on: Line, from: Place, to: Place, quantity: number, why: MoveReason): void {
  if (quantity === 0) return;
  shelf.places[from] -= quantity;
  shelf.places[to] += quantity;
  const way = quantity > 0 ? { from, to, quantity } : { from: to, to: from, quantity: -quantity };
  on.moves.push({ line: on.line, sku: on.sku, ...way, why });
}

const nameOf = ({ at }: Moment): string => `${at.epoch}:${at.seq}`;

/** R10. `effect` is the change of on-hand, zero for what never touches it. */
export function stepMovement(
  shelf: Shelf,
  on: Line,
  { from, to, quantity }: Pick<Posting, 'from' | 'to' | 'quantity'>,
  moment: Moment,
): Result & { effect: number } {
  const before = onHand(shelf.places);
  move(shelf, on, from, to, quantity, 'movement');
  const effect = onHand(shelf.places) - before;
  return { effect, ...placeBesideCount(shelf, on, effect, moment) };
}

/** A movement that the newest count has seen changes shrink, not on-hand; what is unclear is named both ways. */
function placeBesideCount(shelf: Shelf, on: Line, effect: number, moment: Moment): Result {
  const { newest } = shelf;
  if (effect === 0) return result('posted');
  const seen = newest === null ? NOT_SEEN : seenBy(newest, effect, moment);
  if (newest !== null && newest.undo !== null) {
    const { undo } = newest;
    const seenBefore = undo.before === null ? NOT_SEEN : seenBy(undo.before, effect, moment);
    undo.fromShrink += (seenBefore.isBefore ? effect : 0) - (seen.isBefore ? effect : 0);
  }
  if (newest !== null && seen.isBefore) {
    move(shelf, on, 'shelf', 'shrink', effect, 'restated');
    const other = seen.unclear ? onHand(shelf.places) + effect : null;
    return result('restated', 'before-count', { by: nameOf(newest.moment), other });
  }
  const other = seen.unclear ? onHand(shelf.places) - effect : null;
  const oversold = effect < 0 && shelf.known && onHand(shelf.places) < 0;
  return oversold ? result('flagged', 'oversold', { other }) : result('posted', null, { other });
}

const NOT_SEEN = { isBefore: false, unclear: false };

/** Whether a count has seen a movement; widens its doubt where that is unclear. */
function seenBy(baseline: Baseline, effect: number, moment: Moment): { isBefore: boolean; unclear: boolean } {
  const unclear = relation(moment, baseline.moment) === 'unclear';
  const before = isBefore(moment, baseline.moment);
  if (unclear) baseline.doubt = widen(baseline.doubt, before ? effect : -effect);
  return { isBefore: before, unclear };
}

/** `capturedMs` is in the agent time of its interval, `recordedMs` never goes back. */
export type Count = { counted: number; key: string; known: number; recordedMs: number; capturedMs: number };
export type Counted = Result & { absorbed: number[]; becameNewest: boolean };

/** R9. `effects` are the movements of this shelf that it may have to be placed among. */
export function stepCount(shelf: Shelf, on: Line, count: Count, moment: Moment, effects: readonly Effect[]): Counted {
  const { newest } = shelf;
  if (isTooOldOrWide(count, moment)) return RECOUNT;
  if (newest !== null && isBefore(moment, newest.moment)) {
    const before = newest.undo?.before ?? null;
    if (before === null || !isBefore(moment, before.moment)) newest.undo = null;
    const told = result('restated', 'superseded-count', { by: nameOf(newest.moment) });
    return { ...told, absorbed: [], becameNewest: false };
  }
  const held = onHand(shelf.places);
  const absorbed = shelf.open.filter(({ dseq }) => dseq > count.known);
  for (const { amount } of absorbed) move(shelf, on, 'shelf', 'adjustment', amount, 'absorbed');
  const { later, unclear, doubt } = amongEffects(count, moment, effects);
  const variance = count.counted - (onHand(shelf.places) - later);
  move(shelf, on, 'shrink', 'shelf', variance, 'variance');
  const isRival = newest !== null && variance !== 0 && relation(moment, newest.moment) === 'unclear';
  // Had it been the other way round, the shelf would hold what it held before.
  const back = held - onHand(shelf.places);
  const undo = {
    fromShrink: variance,
    known: shelf.known,
    open: shelf.open,
    reversed: absorbed.map(({ dseq }) => dseq),
    before: newest === null ? null : { ...newest, undo: null },
  };
  shelf.newest = {
    moment,
    key: count.key,
    line: on.line,
    counted: count.counted,
    doubt: isRival ? rivals(doubt, newest.doubt, back) : doubt,
    undo,
  };
  shelf.open = [];
  shelf.known = true;
  const other = isRival ? back : unclear;
  const told = { variance, other: other === 0 ? null : onHand(shelf.places) + other };
  return {
    ...(isRival
      ? result('flagged', 'rival-count', { ...told, by: nameOf(newest.moment) })
      : result('posted', null, told)),
    absorbed: absorbed.map(({ dseq }) => dseq),
    becameNewest: true,
  };
}

/** What went on behind a count that came in late, and how much of what it was placed among is unclear. */
function amongEffects(count: Count, moment: Moment, effects: readonly Effect[]) {
  let later = 0;
  let unclear = 0;
  let doubt = NO_DOUBT;
  for (const { moment: other, effect, recordedMs = count.recordedMs } of effects) {
    if (recordedMs < count.recordedMs - COUNT_LATE_MS_MAX) continue;
    const isLater = isBefore(moment, other);
    if (isLater) later += effect;
    if (relation(moment, other) !== 'unclear') continue;
    unclear += isLater ? -effect : effect;
    doubt = widen(doubt, isLater ? -effect : effect);
  }
  return { later, unclear, doubt };
}

const rivals = (doubt: Doubt, { low, high }: Doubt, back: number): Doubt => ({
  low: doubt.low + Math.min(0, low + back),
  high: doubt.high + Math.max(0, high + back),
});

/** A count of which nobody can say what it saw never re-baselines, nor does one that is released (R14). */
export const RECOUNT: Counted = { ...result('flagged', 'recount'), absorbed: [], becameNewest: false };

const isTooOldOrWide = ({ capturedMs }: Count, { lo, hi }: Moment): boolean =>
  lo === null || capturedMs - lo > COUNT_LATE_MS_MAX || hi - lo > COUNT_WIDTH_MS_MAX;

/** R11: adds to the book. It stays open until a count, which may not have known it, comes in. */
export function stepCorrection(shelf: Shelf, on: Line, dseq: number, amount: number): Result {
  move(shelf, on, 'adjustment', 'shelf', amount, 'correction');
  if (amount !== 0) shelf.open = [...shelf.open, { dseq, amount }].slice(-OPEN_CORRECTIONS_MAX);
  return result('posted');
}

/** R11: what was set stands on its own: a count before it can no longer be taken back (R21). */
export function stepSet(shelf: Shelf, on: Line, dseq: number, target: number): Result {
  if (shelf.newest !== null) shelf.newest.undo = null;
  return stepCorrection(shelf, on, dseq, target - onHand(shelf.places));
}

/** R15: what never arrived is shrink of the sender; a negative quantity is what the receiver got beyond. */
export function stepWriteOff(shelf: Shelf, on: Line, quantity: number): Result {
  move(shelf, on, 'in-transit', 'shrink', quantity, 'correction');
  return result('posted');
}

/** R12: a claim on units, not a walk to another shelf. */
export function stepReserve(
  shelf: Shelf,
  on: Line,
  { dseq, reservation, quantity }: { dseq: number; reservation: string; quantity: number },
): Result {
  move(shelf, on, 'shelf', 'reserved', quantity, 'reservation');
  shelf.reservations = [...shelf.reservations, { reservation, dseq, quantity, short: null }];
  return shelf.known && shelf.places.shelf < 0 ? result('flagged', 'reservation-short') : result('posted');
}

/** Closes an open reservation; null where it is gone. */
export function closeReservation(shelf: Shelf, on: Line, reservation: string): Reservation | null {
  const open = shelf.reservations.find((one) => one.reservation === reservation);
  if (open === undefined) return null;
  move(shelf, on, 'reserved', 'shelf', open.quantity, 'reservation');
  shelf.reservations = shelf.reservations.filter((one) => one !== open);
  return open;
}

/** What a reservation was closed with, where there was one: a question about it has answered itself. */
export type Closed = { closed: Reservation | null };

export function stepRelease(shelf: Shelf, on: Line, reservation: string): Result & Closed {
  const closed = closeReservation(shelf, on, reservation);
  return { closed, ...(closed === null ? result('absorbed', 'reservation-gone') : result('posted')) };
}

/**
 * A pickup of an open reservation takes what was reserved; of one that is gone, what is on the shelf. `total` is what
 * all lines of the document collect of the SKU.
 */
export function stepCollected(
  shelf: Shelf,
  on: Line,
  posting: Posting,
  { reservation, total }: { reservation: string; total: number },
  moment: Moment,
): Result & Closed & { effect: number } {
  const closed = closeReservation(shelf, on, reservation);
  const told = { closed, ...stepMovement(shelf, on, posting, moment) };
  if (told.outcome === 'restated') return told;
  if (closed === null) return { ...told, outcome: 'flagged', reason: 'reservation-gone' };
  return told.outcome === 'posted' && closed.quantity !== total
    ? { ...told, outcome: 'flagged', reason: 'reservation-differs' }
    : told;
}

/** R21: as if the movement had never been. It stands where the one that it takes back stood. */
export function undoMovement(shelf: Shelf, on: Line, { from, to, quantity }: Posting, moment: Moment) {
  const before = onHand(shelf.places);
  move(shelf, on, to, from, quantity, 'undone');
  const effect = onHand(shelf.places) - before;
  return { effect, ...placeBesideCount(shelf, on, effect, moment) };
}

/** R21: the shelf goes on from the count before, with the corrections that this one had closed. */
export function undoCount(shelf: Shelf, on: Line, key: string): Result & { reopened: number[] } {
  const { newest } = shelf;
  if (newest === null || newest.key !== key || newest.line !== on.line) {
    const by = newest === null ? null : nameOf(newest.moment);
    const before = newest?.undo?.before ?? null;
    if (newest !== null && before?.key === key && before.line === on.line) newest.undo = null;
    return { ...result('restated', 'superseded-count', { by }), reopened: [] };
  }
  if (newest.undo === null) return { ...result('flagged', 'undo-too-late'), reopened: [] };
  const { fromShrink, known, open, reversed, before } = newest.undo;
  const held = onHand(shelf.places);
  move(shelf, on, 'shelf', 'shrink', fromShrink, 'undone');
  for (const { dseq, amount } of open) {
    if (reversed.includes(dseq)) move(shelf, on, 'adjustment', 'shelf', amount, 'undone');
  }
  shelf.newest = before;
  shelf.known = known;
  shelf.open = [...open, ...shelf.open].slice(-OPEN_CORRECTIONS_MAX);
  const after = onHand(shelf.places);
  const oversold = known && after < 0 && after < held;
  return { ...(oversold ? result('flagged', 'oversold') : result('posted')), reopened: reversed };
}

/** Goods that came make a shelf known; a book that is below zero even then says nothing about it (D28). */
export function makeKnown({ places, known, newest }: Shelf): boolean {
  const undo = newest?.undo ?? null;
  if (undo !== null) undo.known ||= onHand(places) + changeByUndo(undo) >= 0;
  return known || onHand(places) >= 0;
}

/** Of on-hand, if the count were taken back. */
const changeByUndo = ({ fromShrink, open, reversed }: Undo): number =>
  open.reduce((sum, { dseq, amount }) => (reversed.includes(dseq) ? sum + amount : sum), -fromShrink);
