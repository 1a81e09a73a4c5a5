// A till was told of an entry that this journal does not hold: an old copy of the disk was put back (L7).

import type { Place } from '../capture/last-told.ts';
import { sameEpoch } from '../core/chain.ts';
import type { Storage } from '../storage/client.ts';
import type { Log } from './runtime.ts';

export type PutBackParts = {
  storage: Pick<Storage, 'chainAt' | 'epochs' | 'heads' | 'beginEpoch'>;
  /** Speaks to central anew, under the new epoch; need not wait for it. */
  greetAnew(): void;
  log: Log;
};

const REASON =
  'A till was told of a sale that is no longer on this PC: an old copy of its disk was put back, or its end was lost.';

/**
 * Whether the journal holds what a till was told. Where it does not, a new epoch is open when this resolves: nothing is
 * acknowledged any more under the one of which a part is lost. Once for each epoch: a later one is not blamed again.
 */
export function makePutBackWatch({ storage, greetAnew, log }: PutBackParts): (place: Place) => Promise<boolean> {
  let beginning: Promise<void> = Promise.resolve();
  async function begin(lost: Place): Promise<void> {
    const { epoch } = await storage.heads();
    if (lost.epoch.ordinal < epoch.ordinal) return;
    const ordinal = Math.max(epoch.ordinal, lost.epoch.ordinal) + 1;
    log.warn({ lost: { epoch: lost.epoch, seq: lost.seq }, ordinal }, 'a till was told of an entry that is not here');
    await storage.beginEpoch(REASON, ordinal);
    greetAnew();
  }
  return async (place) => {
    if (await holds(storage, place)) return true;
    const mine = beginning.catch(() => undefined).then(() => begin(place));
    beginning = mine;
    await mine;
    return false;
  };
}

async function holds(storage: Pick<Storage, 'chainAt' | 'epochs'>, { epoch, seq, chain }: Place): Promise<boolean> {
  const kept = await storage.chainAt(epoch, seq);
  if (kept !== null) return kept === chain;
  // Central closed that epoch before this entry, which was carried on into the next one.
  const rows = await storage.epochs();
  return rows.some((row) => sameEpoch(row.epoch, epoch) && row.closed !== null && seq > row.closed && seq <= row.seq);
}
