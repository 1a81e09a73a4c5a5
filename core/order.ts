// Where an entry stands in a store's canonical order, and what entries are called (R1).

/** Place of a fact in a journal: ordinal of its epoch, and its sequence number there. */
export type At = { epoch: number; seq: number };

/** Before any fact. */
export const BEGINNING: At = { epoch: 0, seq: 0 };

export const compareAt = (a: At, b: At): number => a.epoch - b.epoch || a.seq - b.seq;
export const laterOf = (a: At, b: At): At => (compareAt(a, b) >= 0 ? a : b);
export const sameAt = (a: At, b: At): boolean => compareAt(a, b) === 0;

/** Names of entries in outcomes and evidence: "1:55" is a fact, "d7" a directive. */
export const factName = (at: At): string => `${at.epoch}:${at.seq}`;
export const directiveName = (dseq: number): string => `d${dseq}`;

/** A state that both sides pass through: closed under "knew of" (R4). */
export type Cut = { at: At; dseq: number };
export const EMPTY_CUT: Cut = { at: BEGINNING, dseq: 0 };

export type Based = { dseq: number; basis: At };

/**
 * The canonical order of one store (R1): facts by (epoch, seq), each directive right behind the fact it was based on,
 * never before one that an earlier directive was based on. `facts` come in their order, directives in any; `floor` is
 * the last fact of the cut that both lists go on from.
 */
export function* place<F extends { at: At }, D extends Based>(
  facts: Iterable<F>,
  directives: Iterable<D>,
  floor: At = BEGINNING,
): Generator<{ fact: F; directive?: undefined } | { fact?: undefined; directive: D }> {
  const waiting = [...directives].sort((a, b) => a.dseq - b.dseq);
  let next = 0;
  let reached = floor;
  for (const fact of facts) {
    for (let directive = waiting[next]; directive !== undefined; directive = waiting[next]) {
      const behind = laterOf(directive.basis, reached);
      if (compareAt(behind, fact.at) >= 0) break;
      reached = behind;
      next += 1;
      yield { directive };
    }
    yield { fact };
  }
  for (const directive of waiting.slice(next)) yield { directive };
}
