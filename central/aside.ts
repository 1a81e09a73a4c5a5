// Facts that are put aside, by the names on which others depend: what can be posted now, and what has to wait. No I/O.
import { type Book, noteAside, type ReadFact } from '../core/book.ts';
import type { DecisionBody, Directive } from '../core/decision.ts';
import { dependsOn, documentName, guessNames } from '../core/dependence.ts';
import { lineSkus } from '../core/fact.ts';
import { text } from '../core/hash.ts';
import { POSITION_MAX } from '../core/limits.ts';
import { type At, compareAt, factName } from '../core/order.ts';
import type { Reason } from '../core/outcome.ts';
import { PLACES } from '../core/posting.ts';
import type { Shelf } from '../core/shelf.ts';
import type { Arrived } from './fold.ts';
import type { AsideFact } from './law-ports.ts';

/** A fact that was put aside, and the directive that said so; null where none could be said any more. */
export type Letter = {
  at: At;
  kind: AsideFact['kind'];
  reason: Reason;
  on: At | null;
  dseq: number | null;
  names: string[];
};

export type RefuseReason = Extract<DecisionBody, { kind: 'refuse' }>['reason'];
type Come = Pick<Arrived, 'read' | 'bytes' | 'isUnacceptable'>;

/** `facts` are those put aside on which others may depend; the book learns of them. */
export function openAside(store: string, book: Book, facts: readonly AsideFact[]) {
  const placesByName = new Map<string, At[]>();
  const nameAt = (at: At, names: readonly string[]): void => {
    for (const name of names) placesByName.set(name, [...(placesByName.get(name) ?? []), at]);
  };
  for (const { at, names, kind, reason, by, on } of facts) {
    book.aside.set(factName(at), { kind, reason, by, on });
    nameAt(at, names);
  }
  const isAside = (at: At): boolean => book.aside.has(factName(at));
  return {
    isAside,
    /** Why nothing of a fact can be posted now; null where it can. */
    obstacle({ read }: Pick<Come, 'read'>): RefuseReason | null {
      if (read === null) return 'unreadable';
      const { fact, hash } = read;
      const posted = book.keys.get(fact.key);
      if (posted !== undefined) return posted.hash === hash ? null : 'other-body';
      return lineSkus(fact.content).some((sku) => isFull(book.shelves.get(sku))) ? 'out-of-bounds' : null;
    },
    /** The fact put aside before it that this one cannot do without; a repetition of what is posted can. */
    blocker({ fact }: ReadFact, at: At): At | null {
      if (placesByName.size === 0 || book.keys.has(fact.key)) return null;
      for (const name of dependsOn(store, fact.content)) {
        const other = placesByName.get(name)?.find((one) => isAside(one) && compareAt(one, at) < 0);
        if (other !== undefined) return other;
      }
      return null;
    },
    /** A directive puts this fact aside. */
    put(directive: Directive, come: Come): Letter[] {
      const { body, dseq } = directive;
      if (body.kind !== 'refuse' && body.kind !== 'wait') return [];
      noteAside(book, directive);
      const names = namesOf(come);
      nameAt(body.fact, names);
      return body.kind === 'refuse'
        ? [{ at: body.fact, kind: 'refused', reason: reasonOf(come, body.reason), on: null, dseq, names }]
        : [{ at: body.fact, kind: 'waiting', reason: 'depends-on-refused', on: body.on, dseq, names }];
    },
  };
}

/** A directive says "unreadable" of both; here it is known which it was. */
export const reasonOf = ({ isUnacceptable = false }: Pick<Come, 'isUnacceptable'>, said: Reason): Reason =>
  isUnacceptable ? 'not-acceptable' : said;

export const namesOf = ({ read, bytes }: Come): string[] =>
  read === null ? guessNames(textOf(bytes)) : [documentName(read.fact.content)];

const isFull = (shelf: Shelf | undefined): boolean =>
  shelf !== undefined && PLACES.some((place) => Math.abs(shelf.places[place]) > POSITION_MAX);

/** Bytes that are no text have no names. */
function textOf(bytes: Uint8Array): string {
  try {
    return text(bytes);
  } catch {
    return '';
  }
}
