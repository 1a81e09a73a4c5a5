// A store's book folded from nothing over what central's ledger holds: by the core alone, and all at once.
import { type Book, type BookEntry, emptyBook, noteAside, type ReadFact, type Stepped } from '../../core/book.ts';
import type { Directive } from '../../core/decision.ts';
import { contentHash, type Fact } from '../../core/fact.ts';
import { text } from '../../core/hash.ts';
import { type At, compareAt, factName, place } from '../../core/order.ts';
import { linkOutcome, outcomesGenesis, step } from '../../core/step.ts';
import { sha256 } from '../../protocol/sha256.ts';
import type { PlacedFact } from '../core/law/sides.ts';
import type { LedgerView } from './memory-ledger.ts';

export type Recorded = { at: At; read: ReadFact | null };

/** In the shape in which the law's own checks read a central. */
export type Refolded = {
  store: string;
  recorded: Recorded[];
  epochs: PlacedFact[][];
  log: Directive[];
  all: Stepped[];
  rows: Book;
  outcomes: string;
  shelves(): Map<string, string>;
};

/** Directives that a restored central took back and has not come to yet are no part of its book. */
export function recordedBy(view: LedgerView, store: string): { recorded: Recorded[]; log: Directive[] } {
  const recorded = view.entries(store).map(({ epoch, seq, bytes }) => ({ at: { epoch, seq }, read: readOf(bytes) }));
  const stepped = view.stream(store)?.dseq ?? 0;
  const log = view.directives(store).flatMap(({ directive }) => (directive.dseq <= stepped ? [directive] : []));
  return { recorded, log };
}

function readOf(bytes: Uint8Array): ReadFact | null {
  try {
    const fact = JSON.parse(text(bytes)) as Fact;
    return { fact, hash: contentHash(sha256, fact.content) };
  } catch {
    return null;
  }
}

/** Lists in any order: what they say is all that counts (L5). */
export function refold(store: string, recorded: Recorded[], log: Directive[]): Refolded {
  const facts = recorded.toSorted((a, b) => compareAt(a.at, b.at));
  const byName = new Map(facts.map((one) => [factName(one.at), one.read]));
  const book = emptyBook(store);
  for (const directive of log.toSorted((a, b) => a.dseq - b.dseq)) noteAside(book, directive);
  const all: Stepped[] = [];
  let outcomes = outcomesGenesis(sha256, store);
  for (const { fact, directive } of place(facts, log)) {
    const entry: BookEntry =
      directive === undefined
        ? { kind: 'fact', ...fact }
        : { kind: 'directive', directive, released: releasedBy(directive, byName) };
    const stepped = step(book, entry);
    outcomes = linkOutcome(sha256, outcomes, stepped);
    all.push(stepped);
  }
  for (const { body } of log) if (body.kind === 'release') book.aside.delete(factName(body.fact));
  const epochs: PlacedFact[][] = [];
  for (const { at, read } of facts) {
    const list = epochs[at.epoch] ?? [];
    epochs[at.epoch] = list;
    if (read !== null) list.push({ ...read, at });
  }
  const shelves = (): Map<string, string> =>
    new Map([...book.shelves].map(([sku, shelf]) => [sku, JSON.stringify(shelf)]));
  return { store, recorded, epochs: epochs.map((list) => list ?? []), log, all, rows: book, outcomes, shelves };
}

const releasedBy = ({ body }: Directive, byName: Map<string, ReadFact | null>): ReadFact | null =>
  body.kind === 'release' ? (byName.get(factName(body.fact)) ?? null) : null;
