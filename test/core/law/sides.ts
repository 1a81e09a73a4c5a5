// The two sides of one store, as little as they can be: central loads only what `needsOf` names, the agent follows cuts.
import { hash } from 'node:crypto';
import {
  type Aside,
  type Book,
  type BookEntry,
  emptyBook,
  needsOf,
  noNeeds,
  type ReadFact,
  type Stepped,
} from '../../../core/book.ts';
import type { DecisionBody, Directive } from '../../../core/decision.ts';
import { digestOf, emptyBuckets, replaceInBuckets, shelfHash } from '../../../core/digest.ts';
import { COUNT_LATE_MS_MAX } from '../../../core/limits.ts';
import { type At, BEGINNING, type Cut, compareAt, factName } from '../../../core/order.ts';
import { type Effect, type Shelf, sumOfPlaces } from '../../../core/shelf.ts';
import { linkOutcome, outcomesGenesis } from '../../../core/step.ts';
import type { Law } from './planted.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

export type PlacedFact = ReadFact & { at: At };
export type Mark = { cut: Cut; digest: string; outcomes: string };
export class Broken extends Error {}

const steppedInto = (law: Law, book: Book, entry: BookEntry): Stepped => {
  const stepped = law.step(book, entry);
  for (const { sku } of stepped.lines) {
    const held = sku === null ? undefined : book.shelves.get(sku);
    if (held !== undefined && sumOfPlaces(held.places) !== 0)
      throw new Broken(`${stepped.name}: units of ${sku} are not conserved`);
  }
  return stepped;
};

const retold = (buckets: Uint8Array, sku: string, before: Uint8Array | null, shelf: Shelf): Uint8Array | null => {
  const after = shelfHash(sha256, sku, shelf);
  replaceInBuckets(buckets, sku, before, after);
  return after;
};

export type Central = ReturnType<typeof openCentral>;

/** A ledger in rows, as SQL would keep it. It posts facts and decides; `refuses` says which facts it cannot post. */
export function openCentral(law: Law, store: string, refuses: (fact: PlacedFact) => boolean) {
  const shelves = new Map<string, string>();
  const hashes = new Map<string, Uint8Array | null>();
  const effects: { sku: string; effect: Effect }[] = [];
  const rows = emptyBook(store);
  const epochs: PlacedFact[][] = [[]];
  const log: Directive[] = [];
  const buckets = emptyBuckets();
  const all: Stepped[] = [];
  let outcomes = outcomesGenesis(sha256, store);
  let last = BEGINNING;
  let openEpoch = 1;

  const factAt = (at: At): PlacedFact | null => epochs[at.epoch]?.[at.seq - 1] ?? null;

  function load(entries: BookEntry[]): Book {
    const needs = noNeeds();
    for (const entry of entries) needsOf(store, entry, needs);
    const book: Book = { ...emptyBook(store), tills: rows.tills, closedThrough: rows.closedThrough };
    for (const sku of needs.skus) {
      const json = shelves.get(sku);
      if (json !== undefined) book.shelves.set(sku, JSON.parse(json));
    }
    for (const sku of needs.counted) book.effects.set(sku, effectsFor(sku, entries));
    for (const key of needs.keys) copy(rows.keys, book.keys, key);
    for (const key of needs.taken) copy(rows.taken, book.taken, key);
    for (const id of needs.exceptions) copy(rows.exceptions, book.exceptions, id);
    for (const entry of entries) {
      if (entry.kind === 'directive' && entry.directive.body.kind === 'release')
        copy(rows.aside, book.aside, factName(entry.directive.body.fact));
    }
    return book;
  }

  /** What a query by SKU and the bounds of the counts in this batch finds. */
  function effectsFor(sku: string, entries: BookEntry[]): Effect[] {
    const counts = entries.flatMap((entry) => {
      const read = entry.kind === 'fact' ? entry.read : entry.released;
      return read?.fact.content.kind === 'stocktake' ? [read.fact] : [];
    });
    const recorded = Math.min(...counts.map((count) => count.recorded.ms)) - COUNT_LATE_MS_MAX;
    const lo = Math.min(...counts.map((count) => count.lo ?? Number.POSITIVE_INFINITY));
    const frames = new Set(counts.map(({ frame, frameStart }) => `${frame}/${frameStart}`));
    return effects.flatMap(({ sku: of, effect }) => {
      const { hi, frame, frameStart } = effect.moment;
      const isOther = frames.size > 1 || !frames.has(`${frame}/${frameStart}`);
      return of === sku && (effect.recordedMs ?? 0) >= recorded && (isOther || hi >= lo) ? [effect] : [];
    });
  }

  function save(book: Book, stepped: Stepped[]): void {
    for (const [sku, shelf] of book.shelves) {
      shelves.set(sku, JSON.stringify(shelf));
      hashes.set(sku, retold(buckets, sku, hashes.get(sku) ?? null, shelf));
    }
    for (const [key, posted] of book.keys) rows.keys.set(key, posted);
    for (const [key, entry] of book.taken) rows.taken.set(key, entry);
    for (const one of stepped) {
      effects.push(...one.effects);
      for (const { id } of one.raised) if (!rows.exceptions.has(id)) rows.exceptions.set(id, null);
      for (const { id, decided } of one.settled)
        if ((rows.exceptions.get(id) ?? null) === null) rows.exceptions.set(id, decided);
    }
    rows.closedThrough = book.closedThrough;
  }

  function commit(entries: BookEntry[]): void {
    const book = load(entries);
    for (const entry of entries) if (entry.kind === 'directive') law.noteAside(book, entry.directive);
    for (const [name, aside] of book.aside) rows.aside.set(name, aside);
    const done = entries.map((entry) => {
      const stepped = steppedInto(law, book, law.prepare(entry, book));
      outcomes = linkOutcome(sha256, outcomes, stepped);
      if (entry.kind === 'directive' && entry.directive.body.kind === 'release')
        rows.aside.delete(factName(entry.directive.body.fact));
      return stepped;
    });
    all.push(...done);
    save(book, done);
  }

  function directive(body: DecisionBody): BookEntry & { kind: 'directive' } {
    const made: Directive = { v: 1, store, dseq: log.length + 1, basis: last, by: 'central', at: log.length, body };
    log.push(made);
    return { kind: 'directive', directive: made, released: body.kind === 'release' ? factAt(body.fact) : null };
  }

  /** Keys of which a fact must not be posted before they are: those of facts that are aside. */
  const waitsFor = (fact: PlacedFact, aside: Map<string, At>): At | null => {
    const { content, key } = fact.fact;
    const named = [key];
    if (content.kind === 'reversal') named.push(content.reverses);
    const receipts = 'receipt' in content ? [content.voids, ...content.lines.map(({ original }) => original)] : [];
    for (const receipt of receipts) {
      if (receipt !== undefined && receipt.store === undefined)
        named.push(
          ...['sale', 'return'].map((kind) => `${store}|1|${receipt.businessDate}|${receipt.receipt}|${kind}`),
        );
    }
    for (const name of named) if (aside.has(name)) return aside.get(name) ?? null;
    return null;
  };
  const asideKeys = new Map<string, At>();

  return {
    epochs,
    log,
    all,
    effects,
    rows,
    shelves: () => shelves,
    openEpoch: () => openEpoch,
    /** Facts in their order, of the open epoch; those it has already are not posted again. */
    post(facts: PlacedFact[]): void {
      const list = epochs[openEpoch] ?? [];
      epochs[openEpoch] = list;
      const entries: BookEntry[] = [];
      for (const fact of facts) {
        if (fact.at.seq <= list.length) continue;
        if (fact.at.seq !== list.length + 1) throw new Broken('a gap');
        list.push(fact);
        last = fact.at;
        const isRefused = refuses(fact);
        const on = waitsFor(fact, asideKeys);
        entries.push({ kind: 'fact', at: fact.at, read: isRefused ? null : fact });
        if (isRefused || on !== null) asideKeys.set(fact.fact.key, fact.at);
        if (isRefused) entries.push(directive({ kind: 'refuse', fact: fact.at, reason: 'unreadable' }));
        else if (on !== null) entries.push(directive({ kind: 'wait', fact: fact.at, on }));
      }
      if (entries.length > 0) commit(entries);
    },
    decide: (body: DecisionBody): void => commit([directive(body)]),
    /** Lets in a refused fact and, behind it, what waits for it. */
    release(): void {
      const aside = [...rows.aside].flatMap(([name, one]) => (one.kind === 'refused' ? [name] : []));
      const [first] = aside;
      if (first !== undefined) commit(letIn(first, rows.aside).map((at) => directive({ kind: 'release', fact: at })));
      for (const [key, at] of asideKeys) if (!rows.aside.has(factName(at))) asideKeys.delete(key);
    },
    grant(): void {
      const closed = { ordinal: openEpoch, life: '', seq: epochs[openEpoch]?.length ?? 0, chain: '' };
      openEpoch += 1;
      epochs[openEpoch] = [];
      commit([directive({ kind: 'epoch-granted', closed, ordinal: openEpoch, life: '' })]);
    },
    mark: (): Mark => ({ cut: { at: last, dseq: log.length }, digest: digestOf(sha256, buckets), outcomes }),
  };
}

const copy = <Value>(from: Map<string, Value>, to: Map<string, Value>, key: string): void => {
  const value = from.get(key);
  if (value !== undefined) to.set(key, value);
};

const atOf = (name: string): At => {
  const [epoch = 0, seq = 0] = name.split(':').map(Number);
  return { epoch, seq };
};

function letIn(name: string, aside: Map<string, Aside>): At[] {
  const waiting = [...aside].filter(([, { on }]) => on !== null && factName(on) === name).map(([one]) => one);
  waiting.sort((a, b) => compareAt(atOf(a), atOf(b)));
  return [atOf(name), ...waiting.flatMap((one) => letIn(one, aside))];
}

export type Confirmed = {
  book: Book;
  cut: Cut;
  outcomes: string;
  buckets: Uint8Array;
  hashes: Map<string, Uint8Array | null>;
};
export const nothingConfirmed = (store: string): Confirmed => ({
  book: emptyBook(store),
  cut: { at: BEGINNING, dseq: 0 },
  outcomes: outcomesGenesis(sha256, store),
  buckets: emptyBuckets(),
  hashes: new Map(),
});

/** Steps the confirmed book along canonical order to a cut; `facts` and `directives` are all that the store has. */
export function confirm(law: Law, state: Confirmed, to: Cut, facts: PlacedFact[], directives: Directive[]): Stepped[] {
  const rest = facts
    .filter(({ at }) => compareAt(at, state.cut.at) > 0 && compareAt(at, to.at) <= 0)
    .sort((a, b) => compareAt(a.at, b.at));
  const decided = directives.filter(({ dseq }) => dseq > state.cut.dseq && dseq <= to.dseq);
  for (const directive of decided) law.noteAside(state.book, directive, decided);
  const touched = new Set<string>();
  const done: Stepped[] = [];
  for (const { fact, directive } of law.place(rest, decided, state.cut.at)) {
    const entry: BookEntry =
      fact === undefined
        ? { kind: 'directive', directive, released: releasedBy(directive, facts) }
        : { kind: 'fact', at: fact.at, read: fact };
    const stepped = steppedInto(law, state.book, law.prepare(entry, state.book));
    for (const { sku } of stepped.lines) if (sku !== null) touched.add(sku);
    state.outcomes = linkOutcome(sha256, state.outcomes, stepped);
    done.push(stepped);
  }
  for (const sku of touched) {
    const shelf = state.book.shelves.get(sku);
    if (shelf !== undefined) state.hashes.set(sku, retold(state.buckets, sku, state.hashes.get(sku) ?? null, shelf));
  }
  state.cut = to;
  return done;
}

function releasedBy({ body }: Directive, facts: PlacedFact[]): PlacedFact | null {
  return body.kind === 'release' ? (facts.find(({ at }) => compareAt(at, body.fact) === 0) ?? null) : null;
}

/** Throws where both sides do not say the same at a cut. */
export function compare(state: Confirmed, mark: Mark): void {
  if (digestOf(sha256, state.buckets) !== mark.digest)
    throw new Broken(`digests differ at ${factName(mark.cut.at)}, d${mark.cut.dseq}`);
  if (state.outcomes !== mark.outcomes)
    throw new Broken(`outcomes differ at ${factName(mark.cut.at)}, d${mark.cut.dseq}`);
}
