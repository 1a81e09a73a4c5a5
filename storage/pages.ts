// Pages of an epoch's entries, bounded in number and bytes, so that memory does not grow with the backlog.
import { type Epoch, sameEpoch } from '../core/chain.ts';
import { hex } from '../core/hash.ts';
import type { Db } from './database.ts';
import { entryId, seqOf } from './entry-id.ts';
import { listEpochs } from './epochs.ts';

/** An entry with its canonical bytes as they were made once. */
export type PageEntry = { seq: number; chain: string; bytes: Uint8Array };

type Row = { id: number; chain: Uint8Array; bytes: Uint8Array };

const SELECT = 'SELECT id, chain, bytes FROM entry WHERE id > ? AND id <= ? ORDER BY id LIMIT ?';

/**
 * Entries behind `after`, at most so many and so large together, but at least one where there is one. Of a closed
 * epoch only what counts: what was carried on is read in the later epoch. Empty for an epoch of another life.
 */
export function readPage(db: Db, epoch: Epoch, after: number, entriesMax: number, bytesMax: number): PageEntry[] {
  const row = listEpochs(db).find((known) => sameEpoch(known.epoch, epoch));
  const last = row === undefined ? 0 : (row.closed ?? row.seq);
  if (after >= last) return [];
  const page: PageEntry[] = [];
  let bytes = 0;
  const ids = [entryId(epoch.ordinal, after), entryId(epoch.ordinal, last)] as const;
  for (const entry of db.prepare<[number, number, number], Row>(SELECT).iterate(...ids, entriesMax)) {
    bytes += entry.bytes.length;
    if (page.length > 0 && bytes > bytesMax) break;
    page.push({ seq: seqOf(entry.id), chain: hex(entry.chain), bytes: entry.bytes });
  }
  return page;
}
