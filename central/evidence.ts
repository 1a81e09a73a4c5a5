// Where the ledger of a shelf does not say what the documents say: each entry's postings beside a refold of its bytes.
import { DIFFERENCES_MAX, EXPLAINED_ENTRIES_MAX } from '../core/limits.ts';
import { type Posting, postingsOf } from '../core/posting.ts';
import { emptyShelf } from '../core/shelf.ts';
import { refold } from './refold.ts';
import type { Db } from './schema.ts';
import { readHistory, type ShelfEntry } from './shelf-history.ts';

/**
 * Names of the entries whose postings of this shelf are not what their bytes make of it. Of a long history only the
 * newest entries are looked at, and only for what the documents themselves move.
 */
export async function differingEntries(db: Db, store: string, sku: string): Promise<string[]> {
  const { entries, isWhole } = await readHistory(db, { store, sku, limit: EXPLAINED_ENTRIES_MAX, search: true });
  const differing = isWhole ? byRefold(store, sku, entries) : entries.filter((one) => !isAsWritten(sku, one));
  return differing.slice(0, DIFFERENCES_MAX).map(({ name }) => name);
}

function byRefold(store: string, sku: string, entries: ShelfEntry[]): ShelfEntry[] {
  const due = new Map<string, Posting[]>();
  refold({ store, sku }, { shelf: emptyShelf(), effects: [], entries }, ({ name, moves }) => {
    due.set(
      name,
      moves.filter((move) => move.sku === sku),
    );
  });
  return entries.filter(({ name, moves }) => listOf(due.get(name) ?? []) !== listOf(moves));
}

/** Its own movements, whatever the law made of them. */
function isAsWritten(sku: string, { entry, kept, moves }: ShelfEntry): boolean {
  const read = entry.kind === 'fact' ? entry.read : entry.released;
  if (read === null || kept.reason === 'voided-before') return true;
  const posts = kept.outcome === 'posted' || kept.outcome === 'restated' || kept.outcome === 'flagged';
  const due = posts ? postingsOf(read.fact.content).filter((posting) => posting.sku === sku) : [];
  return listOf(due) === listOf(moves.filter(({ why }) => why === 'movement'));
}

const listOf = (moves: Posting[]): string =>
  moves
    .map(({ line, from, to, quantity, why }) => JSON.stringify([line, from, to, quantity, why]))
    .sort()
    .join('\n');
