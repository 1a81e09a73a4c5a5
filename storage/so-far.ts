// Which captured facts and applied decisions are not confirmed yet, by shelf; and what those shelves hold so far.
import { type Book, emptyBook, type Stepped } from '../core/book.ts';
import type { Directive } from '../core/decision.ts';
import type { ExceptionDraft } from '../core/exception.ts';
import { lineSkus } from '../core/fact.ts';
import { BATCH_BYTES_MAX, BOOK_SLICE_ENTRIES, SO_FAR_EAGER_ENTRIES } from '../core/limits.ts';
import { type At, type Cut, compareAt } from '../core/order.ts';
import type { LineOutcome } from '../core/outcome.ts';
import type { Shelf } from '../core/shelf.ts';
import { step } from '../core/step.ts';
import { type BookReads, isPlain } from './book-rows.ts';
import type { Confirmation } from './confirmed.ts';
import type { Directives } from './directives.ts';
import { atOf, entryId, idOfName, isDirective } from './entry-id.ts';
import type { FoldSkus, Unconfirmed } from './fold-skus.ts';
import type { History, PlacedFact } from './history.ts';
import { namesTaken } from './named.ts';
import { type Answer, firstAnswer, openDecided, openIndex } from './so-far-index.ts';
import { openTillsSoFar } from './so-far-tills.ts';
import type { TillBook } from './till-book.ts';

export type SoFarParts = {
  store: string;
  history: History;
  directives: Directives;
  confirmation: Confirmation;
  fold: FoldSkus;
  reads: BookReads;
  tills: TillBook;
  /** SO_FAR_EAGER_ENTRIES unless told. */
  eagerEntries?: number | undefined;
};

/** A question that unconfirmed facts raise, and the entry that does. */
export type Asked = { draft: ExceptionDraft; entry: number };
/** The answer that an entry gives by what it does to the shelf of `sku`, or itself. */
type Answered = Answer & { sku: string | null; entry: number };

/** In memory only: built from the journal in slices, then kept up to date. Nothing is asked of it before it is whole. */
export function openSoFar({ store, history, directives, confirmation, fold, eagerEntries, ...parts }: SoFarParts) {
  const eager = eagerEntries ?? SO_FAR_EAGER_ENTRIES;
  const index = openIndex();
  /** Shelves up to the newest fact; one that is in the index and not in here is stale. */
  const now = new Map<string, Shelf>();
  /** Lines that are not plainly posted, by entry. */
  const told = new Map<number, LineOutcome[]>();
  const asked = new Map<string, Asked>();
  const answered = new Map<string, Answered>();
  const decided = openDecided();
  /** What is read stands behind it: the confirmed cut, or the end of a long history that is still to be confirmed. */
  let from: Cut = confirmation.now().cut;
  let through: At = from.at;
  let isWhole = false;

  function reset(): void {
    for (const each of [index, now, told, asked, answered, decided]) each.clear();
    const { cut } = confirmation.now();
    from = history.unconfirmed(cut.at) >= eager ? (history.presentFrom() ?? cut) : cut;
    const { dseq } = directives.head();
    for (const directive of directives.between(from.dseq, dseq, dseq - from.dseq)) {
      decided.add(directive, skusNamed(directive));
    }
    through = from.at;
    isWhole = false;
  }

  /** True while there is more to read. */
  function build(): boolean {
    if (isWhole) return false;
    const facts = history.facts(history.soFar(), through, null, BOOK_SLICE_ENTRIES, BATCH_BYTES_MAX);
    for (const fact of facts) read(fact);
    through = facts.at(-1)?.at ?? through;
    isWhole = facts.length === 0;
    return !isWhole;
  }

  /** Steps it as it is read, unless decisions stand between these facts: then their shelves are folded when asked for. */
  function read(placed: PlacedFact): void {
    const skus = lineSkus(placed.fact.content);
    const fresh = decided.hasPeriods() ? [] : skus.filter((sku) => !index.has(sku) && !decided.has(sku));
    freshenKnown(fresh);
    index.add(placed);
    stepBehind(placed, false);
  }

  /** One that is put aside takes nothing back, and one that is let in again does so where that stands. */
  const unconfirmed: Unconfirmed = {
    takenBy: (subject) => index.takers(subject).find((at) => !decided.putsAside(at)),
    putsAside: decided.putsAside,
  };
  const tills = openTillsSoFar({
    ...{ store, history, index, unconfirmed, reads: parts.reads, tills: parts.tills },
    decided: () => directives.head().dseq,
  });

  function whole(): void {
    while (build());
  }

  function stale(skus: Iterable<string>): void {
    for (const sku of skus) now.delete(sku);
  }

  /** Outcomes and questions of the lines of these shelves are told anew. */
  function note(stepped: Stepped, skus: ReadonlySet<string>): void {
    const entry = idOfName(stepped.name);
    const concerns = (sku: string | null): boolean => sku === null || skus.has(sku);
    const kept = (told.get(entry) ?? []).filter((line) => !concerns(line.sku));
    const lines = [...kept, ...stepped.lines.filter((line) => concerns(line.sku) && !isPlain(line))];
    if (lines.length > 0) told.set(entry, lines);
    else told.delete(entry);
    for (const draft of stepped.raised) if (concerns(draft.sku)) asked.set(draft.id, { draft, entry });
    const place = isDirective(entry)
      ? { at: decided.behind(entry), dseq: entry, entry }
      : { at: atOf(entry), dseq: 0, entry };
    for (const { id, sku, decided: answer } of stepped.settled) {
      const first = firstAnswer([answered.get(id), { ...answer, sku, ...place }]);
      if (first !== undefined) answered.set(id, first);
    }
  }

  function skusNamed({ body }: Directive): string[] {
    if ('sku' in body) return [body.sku];
    if (body.kind !== 'refuse' && body.kind !== 'wait' && body.kind !== 'release') return [];
    const placed = history.factAt(entryId(body.fact.epoch, body.fact.seq));
    if (placed === null) return [];
    // Another one that takes the same back may do so now, or not any more.
    const subject = namesTaken(placed.fact);
    const others = (subject === undefined ? [] : index.takers(subject)).map(({ epoch, seq }) => entryId(epoch, seq));
    const facts = [placed, ...others.flatMap((id) => history.factAt(id) ?? [])];
    return facts.flatMap(({ fact }) => lineSkus(fact.content));
  }

  /** Folds those of these shelves that are not known; others of the same facts are left alone. */
  function freshen(wanted: Iterable<string>): void {
    whole();
    freshenKnown(wanted);
  }

  function freshenKnown(wanted: Iterable<string>): void {
    const skus = new Set([...wanted].filter((sku) => !now.has(sku)));
    if (skus.size === 0) return;
    for (const [id, { draft }] of asked) if (draft.sku !== null && skus.has(draft.sku)) asked.delete(id);
    for (const [id, { sku }] of answered) if (sku !== null && skus.has(sku)) answered.delete(id);
    const shelves = fold.fold({
      skus,
      from: 'confirmed',
      facts: factsOf(skus),
      directives: decided.concerning(skus),
      unconfirmed,
      visit(stepped, _, book) {
        note(stepped, skus);
        // Only counts ask for movements: a long backlog need not keep all of them in memory.
        for (const { sku } of stepped.effects) if (!index.isCounted(sku)) book.effects.delete(sku);
      },
    });
    for (const [sku, shelf] of shelves) now.set(sku, shelf);
  }

  function* factsOf(skus: ReadonlySet<string>): Generator<PlacedFact> {
    for (const id of index.idsOf(skus)) {
      const fact = history.factAt(id);
      if (fact !== null) yield fact;
    }
  }

  /** Steps a fact behind all others into the shelves that are known; a count needs more than them. */
  function stepBehind(placed: PlacedFact, isNewKey: boolean): void {
    const { content } = placed.fact;
    const skus = new Set(lineSkus(content).filter((sku) => now.has(sku)));
    if (content.kind === 'stocktake') {
      stale(skus);
      return;
    }
    const closed = laterDay(confirmation.now().closedThrough, decided.closedThrough());
    const book: Book = { ...emptyBook(store), followsTills: false, closedThrough: closed };
    for (const sku of skus) {
      const shelf = now.get(sku);
      if (shelf !== undefined) book.shelves.set(sku, shelf);
    }
    const entry = { kind: 'fact', at: placed.at, read: placed } as const;
    // A key that is new here is new to the book, unless a branch had it; only what takes back asks for other documents.
    const isAlone = isNewKey && namesTaken(placed.fact) === undefined && !history.hasBranch();
    if (!isAlone) fold.prepare(book, entry, { skus, from: 'confirmed', unconfirmed }, new Set());
    note(step(book, entry), skus);
  }

  reset();
  return {
    reset,
    build,
    isWhole: (): boolean => isWhole,
    /** Nothing of this epoch is read: it is confirmed, or long and will be. */
    isBehind: (ordinal: number): boolean => from.at.epoch > ordinal,
    /** Facts that were just kept behind all others. */
    captured(facts: PlacedFact[]): void {
      if (!isWhole) return;
      for (const placed of facts) {
        const skus = new Set(lineSkus(placed.fact.content));
        const isEager = index.size() >= eager;
        // A long list is folded anew when there is time, not while a till waits.
        if (isEager) freshen([...skus].filter((sku) => index.count(sku) <= eager));
        index.add(placed);
        through = placed.at;
        if (isEager) stepBehind(placed, true);
        else stale(skus);
      }
    },
    applied(fresh: Directive[]): void {
      for (const directive of fresh) {
        const skus = skusNamed(directive);
        decided.add(directive, skus);
        stale(skus);
      }
      if (fresh.some(({ body }) => body.kind === 'period-closed')) now.clear();
    },
    /** These are in the confirmed book now, as is every decision up to its cut. */
    confirmed(facts: PlacedFact[]): void {
      const { cut } = confirmation.now();
      for (const { id, at, fact } of facts) {
        told.delete(id);
        if (compareAt(at, through) > 0) continue;
        if (compareAt(at, from.at) <= 0) {
          stale(lineSkus(fact.content));
          continue;
        }
        for (const sku of index.drop(id, fact)) now.delete(sku);
      }
      for (const { dseq, skus } of decided.dropThrough(cut.dseq)) {
        told.delete(dseq);
        for (const sku of skus) if (!index.has(sku)) now.delete(sku);
      }
      for (const each of [asked, answered]) {
        for (const [id, { entry }] of each) if (isPast(entry)) each.delete(id);
      }
      if (compareAt(through, cut.at) < 0) through = cut.at;
    },
    freshen,
    /** As many stale shelves as fit one slice. True while there are more; a short backlog is read when it is asked for. */
    freshenSome(): boolean {
      if (!isWhole || index.size() < eager) return false;
      const some: string[] = [];
      let ids = 0;
      for (const sku of index.skus()) {
        if (now.has(sku)) continue;
        some.push(sku);
        ids += index.count(sku);
        if (ids >= eager) break;
      }
      freshen(some);
      return some.length > 0;
    },
    /** All that can be known at once: every shelf of a short backlog, of a long one those that are known. */
    refresh(backlogMax: number): void {
      whole();
      if (index.size() < backlogMax) freshen([...index.skus(), ...decided.skus()]);
    },
    /** Of a shelf that is fresh. */
    shelf: (sku: string): Shelf | undefined => now.get(sku),
    lines: (entry: number): LineOutcome[] => told.get(entry) ?? [],
    /** SKUs of unconfirmed facts. */
    skus: (): string[] => [...index.skus()],
    /** Also those that only decisions say something of. */
    touched: (): string[] => [...index.skus(), ...decided.skus()],
    factsOf,
    directivesOf: decided.concerning,
    unconfirmed,
    size: index.size,
    asked: (): Asked[] => [...asked.values(), ...tills.asked()],
    /** How a question is answered so far: by a document of this store, a decision, or by what came in since. */
    answered(id: string): { by: string; option: string } | undefined {
      const first = firstAnswer([index.answerTo(id), decided.answerTo(id), answered.get(id), tills.answerTo(id)]);
      return first === undefined ? undefined : { by: first.by, option: first.option };
    },
    whole,
    pending: decided.all,
  };

  function isPast(entry: number): boolean {
    const { cut } = confirmation.now();
    return entry <= cut.dseq || (entry > cut.dseq && compareIds(entry, cut.at) <= 0);
  }
}

const compareIds = (entry: number, at: At): number => (at.epoch === 0 ? 1 : entry - entryId(at.epoch, at.seq));

const laterDay = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);
