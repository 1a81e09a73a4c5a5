// Proves at start-up that what waits in the database is what was captured: dense, and chained from byte to byte.
import { linkChain } from '../core/chain.ts';
import { hex } from '../core/hash.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import { entryId } from './entry-id.ts';
import type { Epochs } from './epochs.ts';
import { DamagedJournal } from './errors.ts';
import { readPage } from './pages.ts';

/** Recomputes the chain of the open epoch from the last settled entry on. Throws DamagedJournal. */
export function checkUnsettled(db: Db, epochs: Epochs): void {
  if (epochs.isEmpty()) return;
  const { epoch, seq, settled, chain } = epochs.tip();
  let last = settled;
  let digest = epochs.chainAt(epoch, settled);
  if (digest === null) throw new DamagedJournal(`entry ${settled} is missing`);
  while (last < seq) {
    const page = readPage(db, epoch, last, BATCH_ENTRIES_MAX, BATCH_BYTES_MAX);
    for (const entry of page) {
      digest = linkChain(sha256, digest, entry.bytes);
      if (entry.seq !== last + 1 || entry.chain !== digest) throw new DamagedJournal(`entry ${last + 1} is damaged`);
      last = entry.seq;
    }
    if (page.length === 0) throw new DamagedJournal(`entry ${last + 1} is missing`);
  }
  if (digest !== chain) throw new DamagedJournal('the tip does not belong to the last entry');
}

/** True where an entry's bytes and the chain before it give the chain that is kept with it. */
export function isLinked(db: Db, epochs: Epochs, ordinal: number, seq: number): boolean {
  const epoch = epochs.all().find((row) => row.epoch.ordinal === ordinal)?.epoch;
  const before = epoch === undefined ? null : epochs.chainAt(epoch, seq - 1);
  const row = db
    .prepare<[number], { chain: Uint8Array; bytes: Uint8Array }>('SELECT chain, bytes FROM entry WHERE id = ?')
    .get(entryId(ordinal, seq));
  return before !== null && row !== undefined && linkChain(sha256, before, row.bytes) === hex(row.chain);
}
