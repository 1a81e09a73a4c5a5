// What must have happened at least once in a run of many seeds: a simulator that never gets there proves nothing.
import type { DecisionBody } from '../../core/decision.ts';
import type { FactContent, FactKind } from '../../core/fact.ts';

export const COVERAGE = {
  'batch lost, then sent again': 'a batch was published and no mark came before the same entries went out once more',
  'publish refused by the line': 'a publish was rejected because the line went away',
  'line reset with frames in flight': 'a connection was cut while frames travelled on it',
  'half-open line found dead': 'a silent line was given up by its keepalive',
  'one-way line': 'frames of one direction vanished',
  'line clogged': 'frames were held up for seconds',
  'frame said twice': 'the broker delivered one frame twice',
  'old frame replayed': 'the broker delivered a frame of long ago',
  'queue overflow': 'the broker dropped a frame silently because too many waited',
  'frame dropped by the broker': 'the broker said PUBACK and delivered nothing',
  'publish denied silently': 'the broker took a publish and denied it without a word',
  'client taken over': 'two clients with one id: the older one was thrown out',
  'will delivered': 'a last will was published',
  'retained message delivered': 'a new subscriber was given a retained message',
  'broker lost its state': 'the broker came back without retained messages',
  'agent crashed with captures waiting': 'the program died before a group was on the disk',
  'power lost': 'a store computer lost its power',
  'clock stepped': 'a wall clock was set',
  'computer slept or clock jumped': 'an agent saw its timer come far too late',
  'power cut in the middle of a write': 'the power went between two changes of the disk',
  'disk failed': 'a sync failed, and the program ended',
  'disk full': 'nothing new could be taken in',
  'mirror out of order': 'the disk of the second copy was pulled out',
  'database damaged': 'a byte of a database was changed while its program was down',
  'book damaged': 'a digit in a row of a confirmed book was changed while its program was down',
  'difference narrowed to the SKU': 'both sides found out whose figures differ, and the store folded those anew',
  'book made anew': 'no figure explained a difference, and a store folded its book from nothing',
  'repaired from the mirror': 'entries that the database lacked came back from the second copy',
  'old database put back beside its mirror': 'the data folder alone was replaced by an older copy of itself',
  'old copy put back': 'a data folder was replaced by an older copy of itself',
  'copy found out': 'an agent found that central holds another history, and began a new epoch',
  'clone started': 'a copied data folder was started beside the original',
  'clone fenced': 'central fenced an instance that a newer one had taken over from',
  'epoch granted': 'central granted a new epoch',
  'till repeated a receipt': 'a kept receipt was sent again and known',
  'till sent another body': 'a key was sent with another body and refused',
  'answer lost, asked again': 'a till did not hear the answer and asked again with its key',
  'poison set aside': 'a fact that central cannot read used up its number and nothing else',
  'central crashed before commit': 'a transaction was lost with its process',
  'central crashed after commit': 'a transaction was committed and nobody was told',
  'transaction given up and repeated': 'the database gave up a transaction and it was repeated',
  'central put back': 'the ledger was replaced by an older copy',
  'entries refilled': 'an agent sent entries again that it had settled, because central had lost them',
  'gap refused': 'central refused a batch because one before it is missing',
  'session refused': 'central refused a batch of a session it does not know',
  'duplicate told by key': 'central found a fact that it holds already under another number',
  'settled by a welcome': 'entries were settled by a welcome, not by a mark',
  'central told that it was restored': 'a person started a restored central with the word for it',
  'central put back silently': 'nobody told central that it was restored: a store had to prove it',
  'a cut confirmed': 'an agent folded its book up to a cut of central and compared both',
  'a lost branch recalled': 'an agent took over entries of a closed epoch that it did not have',
  'proven entries went on': 'entries that central had proven and lost got new numbers in the present epoch',
  'decisions set aside': 'central, put back from a copy, contradicted decisions that a store had applied',
  'decisions given back to central': 'an agent sent back directives that a restored central had lost',
  'release given back to central': 'a restored central took back that a refused fact is let in, and let it in again',
  'correction decided': 'head office corrected a shelf by so many',
  'shelf set by head office': 'head office set a shelf to a figure',
  'decided on an old screen': 'a count came between the screen and the decision',
  'opening stock told': 'head office told what a store begins with',
  'goods reserved': 'head office reserved goods in a store',
  'reservation given up': 'head office gave up a reservation',
  'reservation expired': 'a timer gave up a reservation by an entry',
  'transfer ordered': 'head office ordered goods from one store to another',
  'refused fact released': 'head office let in a fact that was put aside',
  'head office answered a question': 'a question was decided at head office',
  'period closed': 'head office closed a period',
  'claims closed': 'head office closed the claims on a sold line',
  'claimed after closing': 'goods of a closed line were taken back once more',
  'decision declined': 'what head office asked could not be decided',
  'correction absorbed': 'a count replaced a correction that it did not know',
  'fact restated': 'a movement from before a count came in behind it',
  'outcome unclear': 'a movement and a count overlapped, and both readings were named',
  'movement in a book': 'a movement was placed before or after what counts found',
  'movement called unclear': 'nobody could say whether it was before or after',
  'fact waits': 'a fact waited for a refused one',
  'late for a closed period': 'a document of a day came in behind the closing of its period',
  'transfer residue asked about': 'units between two stores became a question after three days',
  'transfer residue written off': 'nobody expects the units between two stores any more',
  'return before its sale': 'a return came in before the sale that it is about, and waited for it',
  'claim disputed': 'two stores took back the same goods, and one claim was disputed',
  'a book was the shelf': 'at the end a book said exactly what stood on the shelf',
  'a shelf was among the named readings': 'a book named what stood on the shelf as the other reading',
  'count captured late': 'a handheld gave its count to the computer later',
  'captured late': 'a document was captured later than it happened',
  'receipt voided': 'a till took back a whole receipt',
  'receipt returned': 'goods came back with the number of the receipt, of this or another store',
  'shelf counted': 'a count was captured',
  'goods received': 'a delivery was captured',
  'transfer sent or received': 'goods went from one store to another',
  'reservation collected': 'a customer came for what was reserved',
  'document taken back': 'a wrong document was reversed',
  'day closed': 'a till reported its day',
  'store decided': 'the store answered a question',
} as const;

export type Point = keyof typeof COVERAGE;
export const POINTS = Object.keys(COVERAGE) as Point[];

export type Counts = Record<Point, number>;

const BY_KIND: Partial<Record<FactKind, Point>> = {
  void: 'receipt voided',
  return: 'receipt returned',
  stocktake: 'shelf counted',
  'goods-received': 'goods received',
  'transfer-sent': 'transfer sent or received',
  'transfer-received': 'transfer sent or received',
  'reservation-collected': 'reservation collected',
  reversal: 'document taken back',
  'day-closed': 'day closed',
  'exception-decided': 'store decided',
};

export function reachKind({ kind }: FactContent, reach: (point: Point) => void): void {
  const point = BY_KIND[kind];
  if (point !== undefined) reach(point);
}

/** `isBack`: a restored central took it back from a store. */
export function reachDecided(body: DecisionBody, isBack: boolean, reach: (point: Point) => void): void {
  if (body.kind === 'epoch-granted') reach('epoch granted');
  if (body.kind === 'release' && isBack) reach('release given back to central');
  if (body.kind === 'transfer-written-off') reach('transfer residue written off');
  if (body.kind === 'exception-raised' && body.exception.type === 'transfer-residue')
    reach('transfer residue asked about');
}

export const noCounts = (): Counts => Object.fromEntries(POINTS.map((point) => [point, 0])) as Counts;

export function addCounts(sum: Counts, more: Counts): void {
  for (const point of POINTS) sum[point] += more[point];
}

export const neverReached = (counts: Counts): Point[] => POINTS.filter((point) => counts[point] === 0);

/**
 * More marks than this share would be a law that calls everything unclear. Of all runs together: in one with a clock
 * that was set, or with few movements, anything is possible.
 */
const UNCLEAR_MAX = 0.15;

export const marksTooMany = (counts: Counts): boolean =>
  counts['movement called unclear'] > counts['movement in a book'] * UNCLEAR_MAX;
