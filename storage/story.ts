// Why the books read what they read: the history of a shelf with its outcomes, and what became of a document.
import type { Book, BookEntry, Stepped } from '../core/book.ts';
import { documentNumber, lineSkus } from '../core/fact.ts';
import { SHELF_HISTORY_ROWS_MAX, SHELF_READINGS_MAX } from '../core/limits.ts';
import { compareAt } from '../core/order.ts';
import { type LineOutcome, overall, sentence } from '../core/outcome.ts';
import { onHand, type Shelf } from '../core/shelf.ts';
import type { ReceiptOutcome, ShelfStep, ShelfStory } from '../protocol/local/exceptions.ts';
import type { BookPieces } from './book.ts';
import type { Db } from './database.ts';
import { entryId } from './entry-id.ts';
import type { PlacedFact } from './history.ts';
import type { Mend } from './mend.ts';

/** What the shelf would read had this entry not been, in thousandths. */
export type Reading = { without: string; onHand: number };
export type BookStory = ShelfStory & { readings: Reading[] };

type OutcomeRow = Omit<LineOutcome, 'by'> & { by: string | null };
type Told = { step: ShelfStep; isFlagged: boolean; fact: PlacedFact | null };

const COLUMNS = 'line, sku, outcome, reason, other_entry AS "by", other, variance';
/** Facts that are folded again in all readings together. */
const READINGS_FACTS_MAX = 20_000;

export function openStories(db: Db, { history, confirmation, fold, soFar, reads }: BookPieces, mend: Mend) {
  const outcomes = db.prepare<[number], OutcomeRow>(`SELECT ${COLUMNS} FROM outcome WHERE entry = ? ORDER BY line`);
  const releasedBy = db
    .prepare<[number], number>('SELECT released FROM put_aside WHERE fact = ? AND released IS NOT NULL')
    .pluck();

  const isSoFar = (entry: BookEntry): boolean => {
    const { cut } = confirmation.now();
    return entry.kind === 'fact' ? compareAt(entry.at, cut.at) > 0 : entry.directive.dseq > cut.dseq;
  };

  function entriesOf(sku: string) {
    soFar.whole();
    const skus = new Set([sku]);
    const { cut } = confirmation.now();
    const facts = [...mend.factsOf(skus, cut), ...soFar.factsOf(skus)];
    const own = mend.decidedOn(skus, facts, cut.dseq);
    return { skus, facts, directives: [...own, ...soFar.directivesOf(skus)] };
  }

  /** Folds the shelf from nothing. */
  function read(
    entries: ReturnType<typeof entriesOf>,
    visit?: (s: Stepped, e: BookEntry, b: Book) => void,
  ): Shelf | undefined {
    return fold
      .fold({ ...entries, from: 'nothing', unconfirmed: soFar.unconfirmed, visit })
      .values()
      .next().value;
  }

  function readings(entries: ReturnType<typeof entriesOf>, told: Told[]): Reading[] {
    const affordable = Math.floor(READINGS_FACTS_MAX / Math.max(1, entries.facts.length));
    const flagged = told.filter((one) => one.isFlagged && one.fact !== null);
    return flagged.slice(-Math.min(SHELF_READINGS_MAX, Math.max(1, affordable))).map(({ fact, step }) => {
      const shelf = read({ ...entries, facts: entries.facts.filter((each) => each !== fact) });
      return { without: step.name, onHand: shelf === undefined ? 0 : onHand(shelf.places) };
    });
  }

  return {
    /** Null where nothing is known of this SKU. Steps are oldest first, the newest ones of a long history. */
    explainSku(sku: string): BookStory | null {
      const entries = entriesOf(sku);
      const told: Told[] = [];
      const shelf = read(entries, (stepped, entry, book) => {
        for (const { name, outcome } of stepped.changes) changed(told, name, outcome, isSoFar(entry));
        const one = tellStep(sku, stepped, entry, book, isSoFar(entry));
        if (one !== null) told.push(one);
      });
      if (shelf === undefined || told.length === 0) return null;
      const newest = told.slice(-SHELF_HISTORY_ROWS_MAX);
      return {
        ...{ sku, onHand: onHand(shelf.places), reserved: shelf.places.reserved, known: shelf.known },
        soFar: told.some(({ step }) => step.soFar),
        steps: newest.map(({ step }) => step),
        readings: readings(entries, newest),
      };
    },
    /** What became of a document; null where it is not here. Of one that was sent twice, what became of the first. */
    outcome({ epoch, seq }: { epoch: number; seq: number }): ReceiptOutcome | null {
      const placed = history.factAt(entryId(epoch, seq));
      if (placed === null) return null;
      const posted = reads.key(placed.fact.key);
      const isTwin = posted !== undefined && posted.hash === placed.hash;
      const at = isTwin ? posted.at : placed.at;
      const isConfirmed = compareAt(at, confirmation.now().cut.at) <= 0;
      return isConfirmed ? tellOutcome(confirmedLines(at.epoch, at.seq), placed, false) : tellSoFar(placed);
    },
  };

  /** Of a fact that was let in again what came of that. */
  function confirmedLines(epoch: number, seq: number): LineOutcome[] {
    const id = entryId(epoch, seq);
    return outcomes.all(releasedBy.get(id) ?? id);
  }

  function tellSoFar(placed: PlacedFact): ReceiptOutcome {
    soFar.freshen(lineSkus(placed.fact.content));
    return tellOutcome(soFar.lines(placed.id), placed, true);
  }
}

function tellOutcome(lines: LineOutcome[], { fact }: PlacedFact, provisional: boolean): ReceiptOutcome {
  const [first] = lineSkus(fact.content);
  return {
    sentence: sentence(worstOf(lines) ?? { ...PLAIN, sku: first ?? null }, { provisional }),
    soFar: provisional,
    lines: lines.map((line) => ({ line: line.line, sku: line.sku, sentence: sentence(line, { provisional }) })),
  };
}

const PLAIN = { outcome: 'posted', reason: null } as const;

function worstOf(lines: LineOutcome[]): LineOutcome | undefined {
  if (lines.length === 0) return undefined;
  const { outcome, reason, by } = overall(lines);
  return lines.find((line) => line.outcome === outcome && line.reason === reason && line.by === by);
}

function tellStep(sku: string, stepped: Stepped, entry: BookEntry, book: Book, isSoFar: boolean): Told | null {
  const lines = stepped.lines.filter((line) => line.sku === sku || (line.sku === null && entry.kind === 'fact'));
  const worst = worstOf(lines);
  if (worst === undefined) return null;
  const fact = entry.kind === 'fact' && entry.read !== null ? entry.read.fact : null;
  const shelf = book.shelves.get(sku);
  const step: ShelfStep = {
    name: stepped.name,
    kind: fact?.content.kind ?? null,
    number: fact === null ? null : documentNumber(fact.content),
    workstation: fact?.content.workstation ?? null,
    atMs: entry.kind === 'directive' ? entry.directive.at : (fact?.recorded.ms ?? 0),
    sentence: sentence(worst, { provisional: isSoFar }),
    soFar: isSoFar,
    onHand: shelf === undefined ? 0 : onHand(shelf.places),
  };
  const isFlagged = lines.some((line) => line.outcome === 'flagged' || line.other !== null);
  return { step, isFlagged, fact: entry.kind === 'fact' ? placedOf(entry) : null };
}

const placedOf = (entry: BookEntry & { kind: 'fact' }): PlacedFact | null =>
  entry.read === null ? null : (entry.read as PlacedFact);

/** A correction that a later count did not know of says so (R20). */
function changed(told: Told[], name: string, outcome: 'absorbed' | 'posted', provisional: boolean): void {
  const step = told.find((one) => one.step.name === name)?.step;
  if (step === undefined) return;
  step.sentence = sentence(
    { outcome, reason: outcome === 'absorbed' ? 'not-known-to-count' : null, sku: '' },
    { provisional },
  );
  step.soFar = provisional;
}
