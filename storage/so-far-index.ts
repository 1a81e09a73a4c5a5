// What is not confirmed yet, by shelf: captured facts, oldest first, and applied decisions.
import type { Directive } from '../core/decision.ts';
import { type Fact, lineSkus } from '../core/fact.ts';
import { type At, BEGINNING, compareAt, directiveName, factName, laterOf } from '../core/order.ts';
import { isOfTill, tillDayName } from '../core/till-day.ts';
import { entryId } from './entry-id.ts';
import type { PlacedFact } from './history.ts';
import { type IdList, idList } from './id-list.ts';
import { namesTaken } from './named.ts';

/** An answer to a question: by which entry, and where that stands in canonical order (a decision behind its fact). */
export type Answer = { by: string; option: string; at: At; dseq: number };

/** The first in canonical order stands (R18). */
export const firstAnswer = <Of extends Answer>(answers: (Of | undefined)[]): Of | undefined =>
  answers
    .filter((answer) => answer !== undefined)
    .sort((a, b) => compareAt(a.at, b.at) || a.dseq - b.dseq)
    .at(0);

/** Applied decisions that are not confirmed yet. */
export function openDecided() {
  let all: { directive: Directive; skus: string[] }[] = [];
  const bySku = new Map<string, Directive[]>();
  const periods = (): Directive[] =>
    all.flatMap(({ directive: one }) => (one.body.kind === 'period-closed' ? one : []));
  /** The fact that a decision stands behind (R1). */
  const behind = (dseq: number): At =>
    all.reduce((at, { directive }) => (directive.dseq <= dseq ? laterOf(at, directive.basis) : at), BEGINNING);
  return {
    clear(): void {
      all = [];
      bySku.clear();
    },
    add(directive: Directive, skus: string[]): void {
      all.push({ directive, skus });
      for (const sku of new Set(skus)) bySku.set(sku, [...(bySku.get(sku) ?? []), directive]);
    },
    dropThrough(dseq: number): { dseq: number; skus: string[] }[] {
      const passed = all.filter(({ directive }) => directive.dseq <= dseq);
      if (passed.length > 0) all = all.filter(({ directive }) => directive.dseq > dseq);
      for (const { skus } of passed) {
        for (const sku of skus) {
          const left = (bySku.get(sku) ?? []).filter((directive) => directive.dseq > dseq);
          if (left.length > 0) bySku.set(sku, left);
          else bySku.delete(sku);
        }
      }
      return passed.map(({ directive, skus }) => ({ dseq: directive.dseq, skus }));
    },
    skus: (): string[] => [...bySku.keys()],
    has: (sku: string): boolean => bySku.has(sku),
    hasPeriods: (): boolean => periods().length > 0,
    /** By one of these, whether let in again or not. */
    putsAside: ({ epoch, seq }: At): boolean =>
      all.some(
        ({ directive: { body } }) =>
          (body.kind === 'refuse' || body.kind === 'wait') && body.fact.epoch === epoch && body.fact.seq === seq,
      ),
    answerTo(exception: string): Answer | undefined {
      for (const { directive } of all) {
        const { body, dseq } = directive;
        if (body.kind === 'exception-decided' && body.exception === exception) {
          return { by: directiveName(dseq), option: body.option, at: behind(dseq), dseq };
        }
      }
      return undefined;
    },
    behind,
    all: (): Directive[] => all.map(({ directive }) => directive),
    /** What says something of these shelves, or puts aside and lets in facts that touch them; and closed periods. */
    concerning(skus: ReadonlySet<string>): Directive[] {
      const found = new Set(periods());
      for (const sku of skus) for (const directive of bySku.get(sku) ?? []) found.add(directive);
      return [...found].sort((a, b) => a.dseq - b.dseq);
    },
    closedThrough: (): string | null =>
      periods()
        .flatMap(({ body }) => (body.kind === 'period-closed' ? body.through : []))
        .sort()
        .at(-1) ?? null,
  };
}

/** Unconfirmed documents of tills, by till and day. */
function openTillIndex() {
  const lists = new Map<string, IdList>();
  const reports = new Map<string, number>();
  return {
    clear(): void {
      lists.clear();
      reports.clear();
    },
    add(id: number, { content }: Fact): void {
      if (!isOfTill(content)) return;
      const name = tillDayName(content);
      const list = lists.get(name);
      if (list === undefined) lists.set(name, idList(id));
      else list.add(id);
      if (content.kind === 'day-closed') reports.set(name, id);
    },
    drop(id: number, { content }: Fact): void {
      if (!isOfTill(content)) return;
      const name = tillDayName(content);
      if (lists.get(name)?.dropThrough(id) === 0) lists.delete(name);
      if ((reports.get(name) ?? 0) <= id) reports.delete(name);
    },
    tills: () => lists.keys(),
    tillIds: (name: string): number[] => lists.get(name)?.ids() ?? [],
    hasReport: (name: string): boolean => reports.has(name),
  };
}

/** Unconfirmed facts by their SKUs, oldest first. */
export function openIndex() {
  const { tills, tillIds, hasReport, ...ofTills } = openTillIndex();
  const lists = new Map<string, IdList>();
  const counted = new Map<string, number>();
  const taken = new Map<string, At[]>();
  const answers = new Map<string, Answer>();
  let entries = 0;
  const skusOf = (fact: Fact): Set<string> => new Set(lineSkus(fact.content));
  function dropTaker(subject: string, id: number): void {
    const left = (taken.get(subject) ?? []).filter((at) => entryId(at.epoch, at.seq) > id);
    if (left.length > 0) taken.set(subject, left);
    else taken.delete(subject);
  }

  return {
    clear(): void {
      for (const each of [lists, counted, taken, answers, ofTills]) each.clear();
      entries = 0;
    },
    add({ id, at, fact }: PlacedFact): void {
      entries += 1;
      const isCount = fact.content.kind === 'stocktake';
      for (const sku of skusOf(fact)) {
        const list = lists.get(sku);
        if (list === undefined) lists.set(sku, idList(id));
        else list.add(id);
        if (isCount) counted.set(sku, (counted.get(sku) ?? 0) + 1);
      }
      ofTills.add(id, fact);
      const { content } = fact;
      if (content.kind === 'exception-decided' && !answers.has(content.exception)) {
        answers.set(content.exception, { by: factName(at), option: content.option, at, dseq: 0 });
      }
      const subject = namesTaken(fact);
      if (subject !== undefined) taken.set(subject, [...(taken.get(subject) ?? []), at]);
    },
    /** Answers the SKUs of which nothing is unconfirmed any more. */
    drop(id: number, fact: Fact): string[] {
      entries = Math.max(0, entries - 1);
      ofTills.drop(id, fact);
      const subject = namesTaken(fact);
      if (fact.content.kind === 'exception-decided') answers.delete(fact.content.exception);
      if (subject !== undefined) dropTaker(subject, id);
      const isCount = fact.content.kind === 'stocktake';
      return [...skusOf(fact)].filter((sku) => {
        if (isCount) counted.set(sku, (counted.get(sku) ?? 1) - 1);
        if (lists.get(sku)?.dropThrough(id) !== 0) return false;
        lists.delete(sku);
        counted.delete(sku);
        return true;
      });
    },
    tills,
    tillIds,
    hasReport,
    has: (sku: string): boolean => lists.has(sku),
    count: (sku: string): number => lists.get(sku)?.count() ?? 0,
    skus: () => lists.keys(),
    size: (): number => entries,
    isCounted: (sku: string): boolean => (counted.get(sku) ?? 0) > 0,
    /** The first unconfirmed answer of this store to a question. */
    answerTo: (exception: string): Answer | undefined => answers.get(exception),
    /** Unconfirmed facts that take this receipt or document back, oldest first. */
    takers: (subject: string): At[] => taken.get(subject) ?? [],
    idsOf(skus: ReadonlySet<string>): number[] {
      const ids = new Set<number>();
      for (const sku of skus) for (const id of lists.get(sku)?.ids() ?? []) ids.add(id);
      return [...ids].sort((a, b) => a - b);
    },
  };
}
