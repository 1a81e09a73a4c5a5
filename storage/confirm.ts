// Steps the confirmed book along canonical order towards central's newest stated cut, in slices, and compares there.
import { type BookEntry, needsOf, noNeeds, noteAside, type ReadFact } from '../core/book.ts';
import type { Clock } from '../core/clock.ts';
import type { Directive } from '../core/decision.ts';
import { digestOf } from '../core/digest.ts';
import { lineSkus } from '../core/fact.ts';
import { BATCH_BYTES_MAX, EFFECTS_KEPT_MS } from '../core/limits.ts';
import { type Cut, place } from '../core/order.ts';
import { linkOutcome, step } from '../core/step.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { BookReads, BookRows } from './book-rows.ts';
import { type Confirmation, type ConfirmedState, compareCuts, emptyState, type StatedCut } from './confirmed.ts';
import type { Directives } from './directives.ts';
import { entryId } from './entry-id.ts';
import type { History, PlacedFact, Segment } from './history.ts';
import { openPace } from './pace.ts';

/** The confirmed book has come to a mark's cut; `agrees`: digest and outcome chain are those of the mark. */
export type Confirmed = { cut: Cut; agrees: boolean };

export type ConfirmParts = {
  store: string;
  history: History;
  directives: Directives;
  rows: BookRows;
  reads: BookReads;
  confirmation: Confirmation;
  clock: Pick<Clock, 'monotonicMs'>;
  /** Entries of one slice at most, BOOK_SLICE_ENTRIES unless told. */
  sliceEntries?: number | undefined;
};

/** `stepped`: facts that are confirmed now. `more`: there is another slice to be done. */
export type Slice = { more: boolean; confirmed: Confirmed | null; stepped: PlacedFact[] };

const NOTHING: Slice = { more: false, confirmed: null, stepped: [] };

export function openConfirm(parts: ConfirmParts) {
  const { store, history, directives, rows, confirmation } = parts;
  const pace = openPace(parts.clock, parts.sliceEntries);

  /** What leads there, or null while decisions or entries of a branch are still missing. */
  function wayTo(stated: StatedCut): Segment[] | null {
    return directives.head().dseq < stated.dseq ? null : history.leadingTo(stated.at.epoch);
  }

  function read(facts: PlacedFact[], decided: Directive[]): { entry: BookEntry; fact: PlacedFact | null }[] {
    const order = [...place(facts, decided, confirmation.now().cut.at)];
    return order.map(({ fact, directive }) => {
      if (fact !== undefined) return { entry: { kind: 'fact', at: fact.at, read: fact }, fact };
      return { entry: { kind: 'directive', directive, released: releasedBy(directive) }, fact: null };
    });
  }

  function releasedBy({ body }: Directive): ReadFact | null {
    return body.kind === 'release' ? history.factAt(entryId(body.fact.epoch, body.fact.seq)) : null;
  }

  /** Steps these entries and writes what they did. */
  function run(entries: ReturnType<typeof read>, decided: Directive[], state: ConfirmedState): ConfirmedState {
    const needs = noNeeds();
    for (const { entry } of entries) needsOf(store, entry, needs);
    const loaded = rows.load(needs, decided.flatMap(factNamed), state.closedThrough);
    // What is put aside is said right behind the fact, and must be known before it is stepped.
    for (const directive of decided) noteAside(loaded.book, directive);
    const next = { ...state, buckets: Uint8Array.from(state.buckets) };
    for (const { entry, fact } of entries) {
      const stepped = step(loaded.book, entry);
      next.outcomes = linkOutcome(sha256, next.outcomes, stepped);
      rows.record(stepped);
      if (fact !== null) {
        rows.skus(fact.id, lineSkus(fact.fact.content));
        next.cut = { ...next.cut, at: fact.at };
        next.recordedMs = Math.max(next.recordedMs, fact.fact.recorded.ms);
      } else if (entry.kind === 'directive') {
        const { body, dseq } = entry.directive;
        if (body.kind === 'release') rows.released(entryId(body.fact.epoch, body.fact.seq), dseq);
        next.cut = { ...next.cut, dseq };
      }
    }
    rows.save(loaded, next.buckets);
    rows.forget(next.recordedMs - EFFECTS_KEPT_MS);
    return { ...next, closedThrough: loaded.book.closedThrough };
  }

  function arrive(state: ConfirmedState, stated: StatedCut): { state: ConfirmedState; confirmed: Confirmed } {
    const agrees = digestOf(sha256, state.buckets) === stated.digest && state.outcomes === stated.outcomes;
    const cut = { at: stated.at, dseq: stated.dseq };
    const rebuilt = state.rebuilt && !agrees;
    return { state: { ...state, cut, rebuilt, told: true }, confirmed: { cut, agrees } };
  }

  return {
    /** Inside a transaction: the newest mark's cut is the next one to come to. An earlier one settles nothing new. */
    note(stated: StatedCut): void {
      const state = confirmation.now();
      const known = state.stated;
      const isPast = compareCuts(stated, state.cut) < 0;
      const isOlder = known !== null && !state.told && compareCuts(stated, known) < 0;
      if (!isPast && !isOlder) confirmation.save({ ...state, stated, told: false });
    },
    /** True where a slice would do something now. */
    isDue(): boolean {
      const { stated, told } = confirmation.now();
      return stated !== null && !told && wayTo(stated) !== null;
    },
    /** Inside a transaction, which takes a slice whole. */
    slice(): Slice {
      const state = confirmation.now();
      const { stated, told, cut } = state;
      const way = stated === null || told ? null : wayTo(stated);
      if (stated === null || way === null) return NOTHING;
      const size = pace.begin();
      const facts = history.facts(way, cut.at, stated.at, size, BATCH_BYTES_MAX);
      const decided = directives.between(cut.dseq, stated.dseq, size);
      const last = facts.at(-1)?.at ?? cut.at;
      // Never more entries than were loaded of what goes on: what would stand between is not known yet.
      const goOn = [
        history.facts(way, last, stated.at, 1, 1).length > 0 ? facts.length : null,
        cut.dseq + decided.length < stated.dseq ? decided.length : null,
      ].filter((count) => count !== null);
      const isLast = goOn.length === 0;
      const entries = read(facts, decided).slice(0, Math.min(...goOn, facts.length + decided.length));
      const stepped = entries.flatMap(({ fact }) => fact ?? []);
      const next = run(entries, decided, state);
      pace.end(entries.length);
      if (!isLast) {
        confirmation.save(next);
        return { more: true, confirmed: null, stepped };
      }
      const arrived = arrive(next, stated);
      confirmation.save(arrived.state);
      return { more: false, confirmed: arrived.confirmed, stepped };
    },
    /**
     * Inside a transaction: the book is empty and comes to the stated cut again, or to the next one that is stated where
     * that one was said before directive `since`.
     */
    startAnew(since = 0): void {
      const known = confirmation.now().stated;
      const stated = known !== null && known.dseq >= since ? known : null;
      rows.clear();
      confirmation.save({ ...emptyState(store), rebuilt: true, stated, told: stated === null });
    },
  };
}

function factNamed({ body }: Directive): number[] {
  const names = body.kind === 'refuse' || body.kind === 'wait' || body.kind === 'release';
  return names ? [entryId(body.fact.epoch, body.fact.seq)] : [];
}
