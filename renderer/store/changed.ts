// Whether the figures of the books may be others than a moment ago, as far as the state tells.
import type { Snapshot } from '../../protocol/local/window.ts';

/** What head office decides changes figures too, and nothing in the state says so: looked at this often anyway. */
const LOOK_MS = 10_000;

/** The same as long as nothing was captured, confirmed or raised and the look is not due. */
export function bookMark(state: Snapshot): string {
  const { captured, settled, lastSettledMs, exceptions, startedMs, nowMs, catalogue, past } = state;
  const books = [captured, settled, lastSettledMs, exceptions.newestMs, startedMs, Math.floor(nowMs / LOOK_MS)];
  return [...books, catalogue?.atMs, catalogue?.products, past?.phase].join('/');
}
