// What a decision of head office does to the book of a store.
import { type Book, type ReadFact, type Stepped, shelfOf, steppedAs, wholeOutcome } from './book.ts';
import type { DecisionBody, Directive } from './decision.ts';
import { decide, stepReleased } from './fact-steps.ts';
import { directiveName, factName } from './order.ts';
import { raise, tellShort } from './questions.ts';
import { onHand } from './shelf.ts';
import { type Line, type Result, stepCorrection, stepRelease, stepReserve } from './shelf-steps.ts';

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
      return stepShelf(book, directive, body);
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

function stepShelf(book: Book, { dseq, at }: Directive, body: ShelfBody): Stepped {
  const shelf = shelfOf(book, body.sku);
  const stepped: Stepped = { ...steppedAs(directiveName(dseq), [wholeOutcome('posted')]), lines: [] };
  const on: Line = { entry: stepped.name, line: 1, sku: body.sku, moves: stepped.moves };
  const told = (): Result => {
    switch (body.kind) {
      case 'correction':
        return stepCorrection(shelf, on, dseq, body.delta);
      case 'set':
        return body.stale ? STALE : stepCorrection(shelf, on, dseq, body.target - onHand(shelf.places));
      case 'opening':
        shelf.known = true;
        return stepCorrection(shelf, on, dseq, body.target - onHand(shelf.places));
      case 'reserve':
        return stepReserve(shelf, on, { dseq, reservation: body.reservation, quantity: body.quantity });
      case 'release-reservation':
        return stepRelease(shelf, on, body.reservation);
    }
  };
  const result = told();
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
  if (!book.aside.has(target) || read === null)
    return steppedAs(name, [wholeOutcome('absorbed', 'already-decided', target)]);
  book.aside.delete(target);
  return stepReleased(book, fact, read, name);
}
