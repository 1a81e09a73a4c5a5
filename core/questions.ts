// Which outcomes ask something of a person, and which questions answer themselves.
import { formatQuantity } from './amounts.ts';
import type { Stepped } from './book.ts';
import { type ExceptionType, exceptionId } from './exception.ts';
import type { MovementContent } from './fact.ts';
import { SHELF_ASKS_MAX } from './limits.ts';
import type { LineOutcome, Reason } from './outcome.ts';
import { onHand, type Reservation, type Shelf, shortReservations } from './shelf.ts';

/** Notes a question in what the entry did; `subject` tells the questions of one entry apart. */
export function raise(
  stepped: Stepped,
  type: ExceptionType,
  subject: string,
  sku: string | null,
  raisedMs: number,
  message: string,
  evidence: string[] = [],
): string {
  const id = exceptionId(type, stepped.name, subject);
  const known = [...new Set([stepped.name, ...evidence])];
  stepped.raised.push({ id, type, sku, evidence: known, message, raisedMs });
  return id;
}

const ASKED: Partial<Record<Reason, { type: ExceptionType; byCount: boolean }>> = {
  oversold: { type: 'oversold', byCount: true },
  'rival-count': { type: 'rival-count', byCount: true },
  recount: { type: 'recount', byCount: true },
  'undo-too-late': { type: 'undo-impossible', byCount: true },
  'reservation-gone': { type: 'reservation-gone', byCount: false },
};

type About = { before: number; raisedMs: number; absorbed?: number[] | undefined };

/** Questions that one line raises; those that a count can answer are remembered with the shelf. */
export function questionsOf(stepped: Stepped, shelf: Shelf, line: LineOutcome, about: About): void {
  const { reason, sku } = line;
  if (sku === null) return;
  for (const dseq of about.absorbed ?? []) {
    const message = `A correction of ${sku} was replaced by a count that did not know of it.`;
    raise(stepped, 'correction-absorbed', `d${dseq}`, sku, about.raisedMs, message, [`d${dseq}`]);
  }
  const asked = line.outcome === 'flagged' && reason !== null ? ASKED[reason] : undefined;
  if (asked === undefined || (reason === 'oversold' && about.before < 0 && isAskedAbout(shelf))) return;
  const message = messageOf(reason, sku, shelf);
  const id = raise(
    stepped,
    asked.type,
    String(line.line),
    sku,
    about.raisedMs,
    message,
    line.by === null ? [] : [line.by],
  );
  if (asked.byCount) shelf.asks = [...shelf.asks, id].slice(-SHELF_ASKS_MAX);
}

/** A shelf that stays below zero is asked about once, when it goes below or first says so. */
const isAskedAbout = ({ asks }: Shelf): boolean => asks.some((id) => id.startsWith('oversold/'));

function messageOf(reason: Reason | null, sku: string, shelf: Shelf): string {
  switch (reason) {
    case 'oversold':
      return `${formatQuantity(-onHand(shelf.places))} more of ${sku} went out than the books held.`;
    case 'rival-count':
      return `Two counts of ${sku} disagree, and it is not clear which is newer.`;
    case 'recount':
      return `A count of ${sku} could not be used.`;
    case 'reservation-gone':
      return `${sku} was collected after its reservation had been given up.`;
    default:
      return `A count of ${sku} could not be taken back.`;
  }
}

/** A count answers what was asked about its shelf. */
export function settleCounted(stepped: Stepped, shelf: Shelf, sku: string): void {
  for (const id of shelf.asks) stepped.settled.push({ id, sku, decided: { by: stepped.name, option: 'counted' } });
  shelf.asks = [];
}

/** Reservations that became short are told, those that can be served again are no question any more (R12, D25). */
export function tellShort(stepped: Stepped, shelf: Shelf, sku: string, raisedMs: number): void {
  if (shelf.reservations.length === 0) return;
  // Of a shelf that nobody knows nothing is missing (D28).
  const short = new Map((shelf.known ? shortReservations(shelf) : []).map((one) => [one.reservation, one.short]));
  for (const reservation of shelf.reservations) {
    const lacking = short.get(reservation);
    if (lacking === undefined && reservation.short !== null) {
      stepped.settled.push({ id: reservation.short, sku, decided: { by: stepped.name, option: 'wait' } });
      reservation.short = null;
    } else if (lacking !== undefined && reservation.short === null) {
      const message = `${formatQuantity(lacking)} of ${sku} are missing for reservation ${reservation.reservation}.`;
      const evidence = [`d${reservation.dseq}`];
      reservation.short = raise(
        stepped,
        'reservation-short',
        reservation.reservation,
        sku,
        raisedMs,
        message,
        evidence,
      );
    }
  }
}

/** A reservation that was given up or collected is no question any more. */
export function settleShort(stepped: Stepped, closed: Reservation | null, sku: string, option: string): void {
  if (closed === null || closed.short === null) return;
  stepped.settled.push({ id: closed.short, sku, decided: { by: stepped.name, option } });
}

/** What came in is not what was ordered or sent. */
export function deliveryException(stepped: Stepped, content: MovementContent, raisedMs: number): void {
  const differing = content.lines.filter(
    ({ quantity, expected, disposition }) =>
      disposition === 'damaged' || (expected !== undefined && expected !== quantity),
  );
  const [first] = differing;
  if (first === undefined) return;
  const more = differing.length > 1 ? ` and ${differing.length - 1} more` : '';
  const message = `Delivery ${content.document} differs from what was announced: ${first.sku}${more}.`;
  raise(stepped, 'delivery-differs', content.document, null, raisedMs, message);
}
