// Why a shelf reads what it does: its history in order with outcomes, and what it would read without what is flagged.
import { formatQuantity } from '../core/amounts.ts';
import { documentNumber, lineSkus } from '../core/fact.ts';
import { COUNT_LATE_MS_MAX, EXPLAINED_ENTRIES_MAX, SHELF_READINGS_MAX } from '../core/limits.ts';
import { overall } from '../core/outcome.ts';
import { emptyShelf, onHand, type Shelf } from '../core/shelf.ts';
import type { ShelfEntry as EntryRow, ShelfExplained } from '../protocol/hq/ledger.ts';
import { couldBe } from './queries.ts';
import { refold, type Start, startOf } from './refold.ts';
import type { Db } from './schema.ts';
import { readHistory, type ShelfEntry } from './shelf-history.ts';
import { loadEffects } from './sql/postings.ts';
import { loadShelves } from './sql/shelves.ts';
import { linesOf, outcomeOf, sentenceOf } from './told.ts';

/** Null where central knows nothing of this shelf. */
export async function explainShelf(db: Db, named: { store: string; sku: string }): Promise<ShelfExplained | null> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const { store, sku } = named;
      const { entries, isWhole } = await readHistory(tx, { store, sku, limit: EXPLAINED_ENTRIES_MAX });
      const now = (await loadShelves(tx, store, [sku])).get(sku) ?? null;
      if (now === null && entries.length === 0) return null;
      const shelf = now ?? emptyShelf();
      const start = startOf(shelf, entries, await effectsFor(tx, named, entries));
      return {
        ...named,
        onHand: onHand(shelf.places),
        reserved: shelf.places.reserved,
        uncounted: !shelf.known,
        couldBe: couldBe(shelf),
        isWhole,
        entries: historyRows(sku, shelf, entries),
        readings: readingsOf(named, start),
      };
    });
}

/** Movements that the counts among the entries may have to place. */
async function effectsFor(db: Db, { store, sku }: { store: string; sku: string }, entries: ShelfEntry[]) {
  const counts = entries.flatMap(({ entry }) =>
    entry.kind === 'fact' && entry.read?.fact.content.kind === 'stocktake' ? [entry.read.fact.recorded.ms] : [],
  );
  const effectsSinceMs = Math.min(...counts, Number.MAX_SAFE_INTEGER) - COUNT_LATE_MS_MAX;
  const effects = await loadEffects(db, store, { counted: new Set(counts.length === 0 ? [] : [sku]), effectsSinceMs });
  return effects.get(sku) ?? [];
}

/** On-hand behind each entry is counted back from what it is now. */
function historyRows(sku: string, shelf: Shelf, entries: ShelfEntry[]): EntryRow[] {
  let level = onHand(shelf.places);
  return entries
    .toReversed()
    .map((one) => {
      const happened = happenedAt(sku, one);
      const row = { ...described(one), happened, ...told(sku, one), moves: one.moves, onHand: level };
      level -= one.moves.reduce((sum, { from, to, quantity }) => sum + (isHere(to) - isHere(from)) * quantity, 0);
      return row;
    })
    .toReversed();
}

const isHere = (place: string): 0 | 1 => (place === 'shelf' || place === 'reserved' ? 1 : 0);

function described({
  name,
  entry,
}: ShelfEntry): Omit<EntryRow, 'happened' | keyof ReturnType<typeof told> | 'moves' | 'onHand'> {
  const read = entry.kind === 'fact' ? entry.read : entry.released;
  const document = read === null ? null : read.fact.content;
  const papers = {
    number: document === null ? null : documentNumber(document),
    workstation: document?.workstation ?? null,
  };
  return entry.kind === 'directive'
    ? { entry: name, kind: entry.directive.body.kind, ...papers, by: entry.directive.by, atMs: entry.directive.at }
    : { entry: name, kind: document?.kind ?? 'unreadable', ...papers, by: null, atMs: read?.fact.recorded.ms ?? 0 };
}

/** Of a count the interval of the line that is about this shelf. */
function happenedAt(sku: string, { entry }: ShelfEntry): EntryRow['happened'] {
  const read = entry.kind === 'fact' ? entry.read : entry.released;
  if (read === null) return null;
  const { fact } = read;
  const { lo, hi } = fact.lineIntervals?.[lineSkus(fact.content).indexOf(sku)] ?? fact;
  return { fromMs: lo, toMs: hi };
}

/** Of the lines that are about this shelf, or of the whole entry. */
function told(sku: string, { kept }: ShelfEntry): Pick<EntryRow, 'outcome' | 'sentence' | 'other'> {
  const own = linesOf(kept).filter((line) => line.sku === sku || line.sku === null);
  const isQuiet = own.length === 0 && kept.detail !== null;
  const shown = isQuiet ? { outcome: 'posted', reason: null, detail: null } : lineOutcome(kept, own);
  return {
    outcome: outcomeOf(shown).outcome,
    sentence: sentenceOf(shown, true),
    other: own.find(({ other }) => other !== null)?.other ?? null,
  };
}

const lineOutcome = (kept: ShelfEntry['kept'], own: ReturnType<typeof linesOf>): ShelfEntry['kept'] =>
  own.length === 0 ? kept : { ...overall(own), detail: JSON.stringify(own) };

/** The newest flagged or unclear documents, each left out once. */
function readingsOf(named: { store: string; sku: string }, start: Start): ShelfExplained['readings'] {
  const flagged = start.entries.filter((one) => {
    const { outcome, other } = told(named.sku, one);
    return one.entry.kind === 'fact' && (outcome === 'flagged' || other !== null);
  });
  return flagged.slice(-SHELF_READINGS_MAX).map((without) => {
    const shelf = refold(named, { ...start, entries: start.entries.filter((one) => one !== without) });
    const reads = onHand(shelf.places);
    const { number, kind } = described(without);
    const sentence = `Without ${number === null ? without.name : `${kind} ${number}`} the shelf would read ${formatQuantity(reads)}.`;
    return { without: without.name, onHand: reads, sentence };
  });
}
