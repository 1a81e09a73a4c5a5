// What a computer that took a store over still lacks of the store's past, in figures for its window.
import { HISTORY_TOLD_ENTRIES } from '../../core/limits/positions.ts';
import type { PastState } from '../../protocol/local/window.ts';
import type { HistoryState } from '../../storage/book.ts';
import type { PositionsKeeper } from './keeper.ts';

/** Null where nothing is missing. */
export function pastState(
  { held, confirmed, total, others }: Omit<HistoryState, 'cut'>,
  positions: Pick<PositionsKeeper, 'fetching'> | undefined,
): PastState | null {
  const fetching = positions?.fetching() ?? null;
  if (fetching !== null) return { phase: 'stock', ...fetching };
  if (others < HISTORY_TOLD_ENTRIES || confirmed >= total) return null;
  return held < total ? { phase: 'entries', done: held, total } : { phase: 'book', done: confirmed, total };
}
