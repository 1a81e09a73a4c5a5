// What a decision about an exception leads to: further directives, decided without any I/O.
import type { DecisionBody } from '../core/decision.ts';
import type { ExceptionDraft } from '../core/exception.ts';
import type { At } from '../core/order.ts';
import { emptyShelf, type Shelf } from '../core/shelf.ts';
import { StoreId } from '../protocol/fact.ts';
import { type Transfer, writeOffs } from './transfers.ts';

/** What must be known of the ledger. */
export type Facts = {
  /** The shelf of the exception's SKU as central has it, null where it has none. */
  shelf: Shelf | null;
  /** Of an exception about a transfer; null for all others, and where its question is answered already. */
  transfer?: Transfer | null | undefined;
};

export type Decided = { option: string; note?: string | null | undefined };
/** A directive for a store: the one that was asked, or another one that it concerns. */
export type Consequence = { store: string; body: DecisionBody };

/** What is asked about, after the type and the entry: a reservation, a document, a claim. */
export const subjectOf = (id: string): string => id.split('/').slice(2).join('/');

/** The store that a note names as the one to go to: its first word. */
export const targetStore = (note: string | null | undefined): string | null =>
  StoreId.safeParse(note?.trim().split(/\s+/)[0]).data ?? null;

/** Directives that follow from an option that somebody chose for a question of `store`; none for most of them. */
export function consequencesOf(
  store: string,
  exception: Pick<ExceptionDraft, 'id' | 'type' | 'sku'>,
  decided: Decided,
  { shelf, transfer }: Facts,
): Consequence[] {
  const { type, sku, id } = exception;
  switch (`${type} ${decided.option}`) {
    case 'position-differs repair':
      return sku === null ? [] : [{ store, body: { kind: 'shelf-restated', sku, shelf: shelf ?? emptyShelf() } }];
    case 'reservation-short cancel':
      return sku === null ? [] : giveUp(store, sku, subjectOf(id), shelf, 'cancelled');
    case 'reservation-short move':
      return sku === null ? [] : moveAway(store, sku, subjectOf(id), shelf, targetStore(decided.note));
    case 'set-aside release': {
      const fact = readFactName(subjectOf(id));
      return fact === null ? [] : [{ store, body: { kind: 'release', fact } }];
    }
    case 'transfer-residue write-off':
      return transfer === null || transfer === undefined ? [] : writeOffs(transfer);
    default:
      return [];
  }
}

type Why = 'cancelled' | 'moved';

/** Nothing where it was collected or given up meanwhile. */
function giveUp(store: string, sku: string, reservation: string, shelf: Shelf | null, why: Why): Consequence[] {
  const isOpen = shelf?.reservations.some((one) => one.reservation === reservation) === true;
  return isOpen ? [{ store, body: { kind: 'release-reservation', reservation, sku, why } }] : [];
}

/** It stays where it is if nobody says where to. */
function moveAway(
  store: string,
  sku: string,
  reservation: string,
  shelf: Shelf | null,
  target: string | null,
): Consequence[] {
  const open = shelf?.reservations.find((one) => one.reservation === reservation);
  if (open === undefined || target === null || target === store) return [];
  return [
    ...giveUp(store, sku, reservation, shelf, 'moved'),
    { store: target, body: { kind: 'reserve', reservation, sku, quantity: open.quantity } },
  ];
}

function readFactName(name: string): At | null {
  const match = /^(\d+):(\d+)$/.exec(name);
  return match === null ? null : { epoch: Number(match[1]), seq: Number(match[2]) };
}
