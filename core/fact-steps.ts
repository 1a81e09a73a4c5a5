// What a fact does to the book of its store: receipts, movements, counts, documents taken back, decisions, day closes.
import {
  type Book,
  type ReadFact,
  type Stepped,
  shelfOf,
  steppedAs,
  takenKey,
  voidedKeys,
  wholeOutcome,
} from './book.ts';
import { nextDay } from './business-date.ts';
import { exceptionId } from './exception.ts';
import {
  capturedMs,
  documentNumber,
  type Fact,
  type MovementContent,
  naturalKey,
  type ReversalContent,
  type StocktakeContent,
  type TransactionContent,
} from './fact.ts';
import type { Moment } from './interval.ts';
import { type At, factName } from './order.ts';
import type { LineOutcome } from './outcome.ts';
import { type Posting, postingsOf } from './posting.ts';
import { deliveryException, questionsOf, raise, settleCounted, settleShort, tellShort } from './questions.ts';
import { onHand } from './shelf.ts';
import {
  type Line,
  makeKnown,
  RECOUNT,
  stepCollected,
  stepCount,
  stepMovement,
  undoCount,
  undoMovement,
} from './shelf-steps.ts';
import { stepTill } from './till-day.ts';

/** Where and when a fact stands: `entry` is the one that lets it take effect, itself or its release. */
type Standing = { entry: string; at: At; isRelease: boolean };

/** A fact in its own place. Put aside, it uses its number and does nothing (R14, R22). */
export function stepFact(book: Book, at: At, read: ReadFact | null): Stepped {
  const name = factName(at);
  const aside = book.aside.get(name);
  if (aside !== undefined) return steppedAs(name, [wholeOutcome(aside.kind, aside.reason, aside.by)]);
  if (read === null) return steppedAs(name, [wholeOutcome('refused', 'unreadable')]);
  return stepReadFact(book, read, { entry: name, at, isRelease: false });
}

/** R14: a released fact takes effect where its release stands, with its own interval and capture order. */
export function stepReleased(book: Book, at: At, read: ReadFact, entry: string): Stepped {
  return stepReadFact(book, read, { entry, at, isRelease: true });
}

function stepReadFact(book: Book, { fact, hash }: ReadFact, standing: Standing): Stepped {
  const known = book.keys.get(fact.key);
  if (known !== undefined) {
    const by = factName(known.at);
    return known.hash === hash
      ? steppedAs(standing.entry, [wholeOutcome('duplicate', 'key-used-twice', by)])
      : steppedAs(standing.entry, [wholeOutcome('refused', 'other-body', by)]);
  }
  book.keys.set(fact.key, { at: standing.at, hash });
  const stepped = stepContent(book, fact, standing);
  stepTill(book, stepped, fact, standing.at);
  const { kind, businessDate } = fact.content;
  const counts = kind !== 'exception-decided' && kind !== 'day-closed';
  if (counts && book.closedThrough !== null && businessDate <= book.closedThrough) {
    postLate(stepped, fact, book.closedThrough);
  }
  return stepped;
}

/** R24: the business date stays, the posting date is in the next open period. One question for each day it is about. */
function postLate(stepped: Stepped, fact: Fact, closedThrough: string): void {
  stepped.postingDate = nextDay(closedThrough);
  for (const line of stepped.lines) {
    if (line.outcome === 'posted' && line.reason === null) line.reason = 'late-for-period';
  }
  const { businessDate } = fact.content;
  stepped.raised.push({
    id: exceptionId('late-for-period', closedThrough, businessDate),
    type: 'late-for-period',
    sku: null,
    evidence: [stepped.name],
    message: `Documents of ${businessDate} came in after their month was closed, document ${documentNumber(fact.content)} first.`,
    raisedMs: fact.recorded.ms,
  });
}

function stepContent(book: Book, fact: Fact, standing: Standing): Stepped {
  const { content } = fact;
  switch (content.kind) {
    case 'stocktake':
      return stepStocktake(book, fact, content, standing);
    case 'reversal':
      return stepReversal(book, fact, content, standing);
    case 'exception-decided':
      return decide(book, standing.entry, content.exception, content.option);
    case 'day-closed':
      return steppedAs(standing.entry, [wholeOutcome('posted')]);
    case 'void':
      return stepVoid(book, fact, content, standing);
    default:
      return stepLines(book, fact, content, standing);
  }
}

const momentOf = (fact: Fact, at: At, line?: number): Moment => {
  const interval = (line === undefined ? undefined : fact.lineIntervals?.[line]) ?? fact;
  const { frame, frameStart } = (line === undefined ? undefined : fact.lineFrames?.[line]) ?? fact;
  return { at, lo: interval.lo, hi: interval.hi, frame, frameStart };
};

const effectOf = (fact: Fact, { sku, line }: Posting, moment: Moment, effect: number): Stepped['effects'][number] => ({
  sku,
  line,
  effect: { moment, effect, recordedMs: fact.recorded.ms },
});

/** A receipt or movement document: its lines in order, all of them (D1). */
function stepLines(
  book: Book,
  fact: Fact,
  content: TransactionContent | MovementContent,
  { entry, at }: Standing,
): Stepped {
  const moment = momentOf(fact, at);
  const stepped: Stepped = { ...steppedAs(entry, [wholeOutcome('posted')]), lines: [] };
  const arrives = content.kind === 'goods-received' || content.kind === 'transfer-received';
  const postings = postingsOf(content);
  for (const [index, posting] of postings.entries()) {
    const shelf = shelfOf(book, posting.sku);
    const before = onHand(shelf.places);
    const on: Line = { entry, line: posting.line, sku: posting.sku, moves: stepped.moves };
    const collected = collectedBy(content, postings, index);
    const { effect, closed, ...told } =
      collected === null
        ? { closed: null, ...stepMovement(shelf, on, posting, moment) }
        : stepCollected(shelf, on, posting, collected, moment);
    settleShort(stepped, closed, posting.sku, 'wait');
    if (arrives && posting.to === 'shelf') shelf.known = makeKnown(shelf);
    if (effect !== 0) stepped.effects.push(effectOf(fact, posting, moment, effect));
    const line: LineOutcome = { line: posting.line, sku: posting.sku, ...told };
    stepped.lines.push(line);
    questionsOf(stepped, shelf, line, { before, raisedMs: fact.recorded.ms });
    tellShort(stepped, shelf, posting.sku, fact.recorded.ms);
  }
  if (stepped.lines.length === 0) stepped.lines.push(wholeOutcome('posted'));
  if (!('receipt' in content)) deliveryException(stepped, content, fact.recorded.ms);
  return stepped;
}

/** The reservation that a line closes: the first line of its SKU does, for all of them. */
function collectedBy(content: TransactionContent | MovementContent, postings: Posting[], index: number) {
  if (content.kind !== 'reservation-collected' || content.reservation === undefined) return null;
  const sku = postings[index]?.sku;
  if (postings.findIndex((other) => other.sku === sku) !== index) return null;
  const total = postings.reduce((sum, other) => sum + (other.sku === sku ? other.quantity : 0), 0);
  return { reservation: content.reservation, total };
}

/** R21: a void counts at its own time; the second void of one receipt changes nothing. */
function stepVoid(book: Book, fact: Fact, content: TransactionContent, standing: Standing): Stepped {
  if (content.voids === undefined) return stepLines(book, fact, content, standing);
  const taken = takenKey(content.voids, content, book.store);
  const before = book.taken.get(taken);
  if (before !== undefined) {
    const stepped = steppedAs(standing.entry, [wholeOutcome('flagged', 'voided-before', before)]);
    raise(
      stepped,
      'void-twice',
      content.receipt,
      null,
      fact.recorded.ms,
      `Receipt ${content.voids.receipt} was voided twice.`,
    );
    return stepped;
  }
  book.taken.set(taken, standing.entry);
  const stepped = stepLines(book, fact, content, standing);
  if (!voidedKeys(book.store, content).some((key) => book.keys.has(key))) {
    for (const line of stepped.lines) {
      if (line.outcome === 'posted') Object.assign(line, { outcome: 'flagged', reason: 'void-of-unknown' });
    }
    const message = `Receipt ${content.voids.receipt} was voided, but has not been seen.`;
    raise(stepped, 'void-of-unknown', content.receipt, null, fact.recorded.ms, message);
  }
  return stepped;
}

function stepStocktake(book: Book, fact: Fact, content: StocktakeContent, { entry, at, isRelease }: Standing): Stepped {
  const stepped: Stepped = { ...steppedAs(entry, [wholeOutcome('posted')]), lines: [] };
  for (const [index, { sku, counted }] of content.lines.entries()) {
    const line = index + 1;
    const shelf = shelfOf(book, sku);
    const on: Line = { entry, line, sku, moves: stepped.moves };
    const moment = momentOf(fact, at, index);
    const count = {
      counted,
      key: fact.key,
      known: fact.known ?? 0,
      recordedMs: fact.recorded.ms,
      capturedMs: capturedMs(fact),
    };
    const told = isRelease ? RECOUNT : stepCount(shelf, on, count, moment, book.effects.get(sku) ?? []);
    const { absorbed, becameNewest, ...result } = told;
    const outcome: LineOutcome = { line, sku, ...result };
    stepped.lines.push(outcome);
    for (const dseq of absorbed) stepped.changes.push({ name: `d${dseq}`, outcome: 'absorbed' });
    if (becameNewest) settleCounted(stepped, shelf, sku);
    questionsOf(stepped, shelf, outcome, { before: 0, raisedMs: fact.recorded.ms, absorbed });
    tellShort(stepped, shelf, sku, fact.recorded.ms);
  }
  return stepped;
}

/** R21: an own document entered wrongly is taken back at its own place, once. */
function stepReversal(book: Book, fact: Fact, content: ReversalContent, { entry }: Standing): Stepped {
  const { reverses, original } = content;
  const before = book.taken.get(reverses);
  const posted = book.keys.get(reverses);
  const isItself = reverses === naturalKey(book.store, original.content);
  if (before !== undefined || posted === undefined || !isItself) {
    const reason = before !== undefined ? 'undone-before' : 'undo-of-unknown';
    const stepped = steppedAs(entry, [wholeOutcome('flagged', reason, before ?? null)]);
    raise(
      stepped,
      'undo-impossible',
      entry,
      null,
      fact.recorded.ms,
      `Document ${content.document} takes back nothing.`,
    );
    return stepped;
  }
  book.taken.set(reverses, entry);
  const stepped: Stepped = { ...steppedAs(entry, [wholeOutcome('posted')]), lines: [] };
  const { lo, hi, frame, frameStart } = original;
  const moment: Moment = { at: posted.at, lo, hi, frame, frameStart };
  if (original.content.kind === 'stocktake') undoStocktake(book, fact, content, stepped);
  else {
    for (const posting of postingsOf(original.content)) {
      const shelf = shelfOf(book, posting.sku);
      const onHandBefore = onHand(shelf.places);
      const on: Line = { entry, line: posting.line, sku: posting.sku, moves: stepped.moves };
      const { effect, ...told } = undoMovement(shelf, on, posting, moment);
      if (effect !== 0) stepped.effects.push(effectOf(fact, posting, moment, effect));
      const line: LineOutcome = { line: posting.line, sku: posting.sku, ...told };
      stepped.lines.push(line);
      questionsOf(stepped, shelf, line, { before: onHandBefore, raisedMs: fact.recorded.ms });
      tellShort(stepped, shelf, posting.sku, fact.recorded.ms);
    }
  }
  return stepped;
}

function undoStocktake(book: Book, fact: Fact, content: ReversalContent, stepped: Stepped): void {
  for (const [index, { sku }] of (content.original.content as StocktakeContent).lines.entries()) {
    const shelf = shelfOf(book, sku);
    const on: Line = { entry: stepped.name, line: index + 1, sku, moves: stepped.moves };
    const before = onHand(shelf.places);
    const { reopened, ...told } = undoCount(shelf, on, content.reverses);
    const line: LineOutcome = { line: index + 1, sku, ...told };
    stepped.lines.push(line);
    for (const dseq of reopened) stepped.changes.push({ name: `d${dseq}`, outcome: 'posted' });
    questionsOf(stepped, shelf, line, { before, raisedMs: fact.recorded.ms });
    tellShort(stepped, shelf, sku, fact.recorded.ms);
  }
}

/** R18: the first decision in canonical order stands, whoever made it. */
export function decide(book: Book, entry: string, exception: string, option: string): Stepped {
  const decided = book.exceptions.get(exception);
  if (decided === undefined) return steppedAs(entry, [wholeOutcome('flagged', 'no-such-exception')]);
  if (decided !== null) return steppedAs(entry, [wholeOutcome('absorbed', 'already-decided', decided.by)]);
  const stepped = steppedAs(entry, [wholeOutcome('posted')]);
  stepped.settled.push({ id: exception, sku: null, decided: { by: entry, option } });
  return stepped;
}
