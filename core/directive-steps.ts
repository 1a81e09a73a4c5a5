// What a decision of head office does to the book of a store.
import { type Book, type ReadFact, type Stepped, shelfOf, steppedAs, wholeOutcome } from './book.ts';
import type { DecisionBody, Directive } from './decision.ts';
import { exceptionId } from './exception.ts';
import { decide, stepReleased } from './fact-steps.ts';
import { directiveName, factName } from './order.ts';
import { raise, settleShort, tellShort } from './questions.ts';
import {
  type Closed,
  type Line,
  type Result,
  stepCorrection,
  stepRelease,
  stepReserve,
  stepSet,
  stepWriteOff,
} from './shelf-steps.ts';

type ShelfBody = Exclude<Extract<DecisionBody, { sku: string }>, { kind: 'shelf-restated' }>;

export function stepDirective(book: Book, directive: Directive, released: ReadFact | null): Stepped {
  const { body, dseq, at } = directive;
  const name = directiveName(dseq);
  const told = (): Stepped => steppedAs(name, [wholeOutcome('posted')]);
  switch (body.kind) {
    case 'correction':
    case 'set':
    case 'opening':
    case 'reserve':
    case 'release-reservation':
    case 'transfer-written-off':
      return stepShelf(book, directive, body);
    case 'refuse': {
      const stepped = told();
      const fact = factName(body.fact);
      raise(stepped, 'set-aside', fact, null, at, REFUSED[body.reason], [fact]);
      return stepped;
    }
    case 'release':
      return release(book, name, body, released);
    case 'shelf-restated':
      book.shelves.set(body.sku, structuredClone(body.shelf));
      return told();
    case 'exception-decided':
      return decide(book, name, body.exception, body.option);
    case 'exception-raised': {
      const stepped = told();
      stepped.raised.push(body.exception);
      return stepped;
    }
    case 'period-closed':
      if (book.closedThrough === null || body.through > book.closedThrough) book.closedThrough = body.through;
      return told();
    case 'claim-verdict': {
      const stepped = told();
      if (body.disputed > 0) raise(stepped, 'return-disputed', body.claim, null, at, body.sentence, [body.claim]);
      return stepped;
    }
    default:
      return told();
  }
}

/** Without the document's number: central may not be able to read it, and both sides say the same. */
const REFUSED: Record<Extract<DecisionBody, { kind: 'refuse' }>['reason'], string> = {
  unreadable: 'A document could not be read or kept at head office and was not posted.',
  'other-body': 'A document has the number of another one and says something else: it was not posted.',
  'out-of-bounds': 'A document has quantities too large to be counted: it was not posted.',
};

function stepShelf(book: Book, { dseq, at }: Directive, body: ShelfBody): Stepped {
  const shelf = shelfOf(book, body.sku);
  const stepped: Stepped = { ...steppedAs(directiveName(dseq), [wholeOutcome('posted')]), lines: [] };
  const on: Line = { entry: stepped.name, line: 1, sku: body.sku, moves: stepped.moves };
  const told = (): Result & Partial<Closed> => {
    switch (body.kind) {
      case 'correction':
        return stepCorrection(shelf, on, dseq, body.delta);
      case 'set':
        return body.stale ? STALE : stepSet(shelf, on, dseq, body.target);
      case 'opening':
        shelf.known = true;
        return stepSet(shelf, on, dseq, body.target);
      case 'reserve':
        return stepReserve(shelf, on, { dseq, reservation: body.reservation, quantity: body.quantity });
      case 'release-reservation':
        return stepRelease(shelf, on, body.reservation);
      case 'transfer-written-off':
        return stepWriteOff(shelf, on, body.quantity);
    }
  };
  const { closed = null, ...result } = told();
  if (body.kind === 'release-reservation') {
    settleShort(stepped, closed, body.sku, body.why === 'moved' ? 'move' : 'cancel');
  }
  stepped.lines.push({ line: 1, sku: body.sku, ...result });
  if (result.reason === 'stale-screen') {
    const message = `A correction of ${body.sku} was decided on figures from before a count.`;
    raise(stepped, 'correction-absorbed', stepped.name, body.sku, at, message);
  }
  tellShort(stepped, shelf, body.sku, at);
  return stepped;
}

const STALE: Result = { outcome: 'absorbed', reason: 'stale-screen', by: null, other: null, variance: null };

/** A fact that was never put aside, or is in already, changes nothing. */
function release(
  book: Book,
  name: string,
  { fact }: Extract<DecisionBody, { kind: 'release' }>,
  read: ReadFact | null,
): Stepped {
  const target = factName(fact);
  const aside = book.aside.get(target);
  if (aside === undefined || read === null) {
    return steppedAs(name, [wholeOutcome('absorbed', 'already-decided', target)]);
  }
  const { kind, by } = aside;
  book.aside.delete(target);
  const stepped = stepReleased(book, fact, read, name);
  if (kind === 'refused') {
    const id = exceptionId('set-aside', by, target);
    stepped.settled.push({ id, sku: null, decided: { by: name, option: 'release' } });
  }
  return stepped;
}
