// What one store holds of one SKU: places in double entry, the newest count, corrections that are open, reservations.
import type { Moment } from './interval.ts';
import { PLACES, type Place } from './posting.ts';

export type Places = Record<Place, number>;

/** How far on-hand could be from the book, if what was unclear was the other way round. low <= 0 <= high, thousandths. */
export type Doubt = { low: number; high: number };
export const NO_DOUBT: Doubt = { low: 0, high: 0 };

/** A book correction or opening stock that the next count may turn out not to have known (R9, R20). */
export type Correction = { dseq: number; amount: number };

/** The newest count of a shelf: everything else is placed before or after it, and never compared with anything else (R8). */
export type Baseline = {
  moment: Moment;
  /** Natural key of the stocktake part, and its line. */
  key: string;
  line: number;
  counted: number;
  /** What was unclear about it and what came since. */
  doubt: Doubt;
  /** What taking it back would undo (R21); null where it can no longer be taken back. */
  undo: Undo | null;
};

export type Undo = {
  /** Net units that this count, and what it restated since, moved from shrink to the shelf. */
  fromShrink: number;
  /** The shelf would be known without it. */
  known: boolean;
  /** Corrections that were open before it. Those it did not know were reversed. */
  open: Correction[];
  reversed: number[];
  before: Baseline | null;
};

/** Units set aside for a customer; in the list while open. `short` is the question that was raised about it. */
export type Reservation = { reservation: string; dseq: number; quantity: number; short: string | null };

export type Shelf = {
  places: Places;
  /** Counted, received or loaded at least once; before that its on-hand reads "not counted yet" (D28). */
  known: boolean;
  newest: Baseline | null;
  open: Correction[];
  reservations: Reservation[];
  /** Questions to a person that the next count answers by itself. */
  asks: string[];
};

/**
 * A movement that changed on-hand: what a late count needs to know of it (R9). One recorded longer before a count than a
 * count may be late (COUNT_LATE_MS_MAX) was before it: both sides may forget it, whenever they like.
 */
export type Effect = { moment: Moment; effect: number; recordedMs?: number | undefined };

export function emptyPlaces(): Places {
  const places = {} as Places;
  for (const place of PLACES) places[place] = 0;
  return places;
}

export const emptyShelf = (): Shelf => ({
  places: emptyPlaces(),
  known: false,
  newest: null,
  open: [],
  reservations: [],
  asks: [],
});

export const onHand = ({ shelf, reserved }: Places): number => shelf + reserved;

export const sumOfPlaces = (places: Places): number => PLACES.reduce((sum, place) => sum + places[place], 0);

/** Reservations that the shelf cannot serve, with what each lacks: the latest is short first (R12). Derived, not posted. */
export function shortReservations({ places, reservations }: Shelf): { reservation: Reservation; short: number }[] {
  let lacking = Math.min(Math.max(0, -places.shelf), places.reserved);
  const short: { reservation: Reservation; short: number }[] = [];
  for (const reservation of reservations.toReversed()) {
    if (lacking <= 0) break;
    const amount = Math.min(lacking, reservation.quantity);
    short.push({ reservation, short: amount });
    lacking -= amount;
  }
  return short;
}

export const widen = (doubt: Doubt, by: number): Doubt => ({
  low: doubt.low + Math.min(0, by),
  high: doubt.high + Math.max(0, by),
});
