// What a PC that took a store over still gets of the store's past, for as long as it does.
import type { JSX } from 'preact';
import type { Snapshot } from '../../protocol/local/window.ts';
import { words } from '../kit/words.ts';

export function Past({ state }: { state: Snapshot | null }): JSX.Element | null {
  const past = state?.past ?? null;
  if (past === null) return null;
  return <p class="quiet past">{words.past[past.phase](past.done, past.total)}</p>;
}
