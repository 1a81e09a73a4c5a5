// When each store was last heard, and when a second computer was last refused: in memory, for people to look at.
import type { Reply } from '../replies.ts';

export type Hearing = {
  /** Each answer to a frame, as it is said: an answer to what was signed proves that the store spoke. */
  answered(store: string, reply: Reply): void;
  heardMs(store: string): number | null;
  fencedMs(store: string): number | null;
};

/** No more stores than have a stream: only they are answered so. */
export function openHearing(wallMs: () => number): Hearing {
  const heard = new Map<string, number>();
  const fenced = new Map<string, number>();
  return {
    answered(store, { kind }) {
      if (kind === 'fence') fenced.set(store, wallMs());
      // What is posted is known from the ledger; directives and marks are also said unasked.
      else if (kind === 'welcome') heard.set(store, wallMs());
    },
    heardMs: (store) => heard.get(store) ?? null,
    fencedMs: (store) => fenced.get(store) ?? null,
  };
}
