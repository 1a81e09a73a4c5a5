// A journal read from outside, while its agent runs or after it was stopped; changes nothing.
import { join } from 'node:path';
import type { SetAsideItem } from '../core/captured.ts';
import { type Epoch, genesisChain } from '../core/chain.ts';
import { hex } from '../core/hash.ts';
import { sha256 } from '../protocol/sha256.ts';
import { JOURNAL_FILE, openReadOnly } from './database.ts';
import { systemDisk } from './disk.ts';
import { entryId } from './entry-id.ts';
import { listEpochs } from './epochs.ts';
import { NoJournal } from './errors.ts';
import { assertReadable, schemaVersion } from './migrate.ts';
import { type PageEntry, readPage } from './pages.ts';
import { type AsidePage, listAside } from './set-aside.ts';
import { type JournalSnapshot, type ReceiptPlace, readReceipts, readSnapshot } from './views.ts';

/** What counts of an epoch: of one that ended, only what was not carried on into the next. */
export type ReaderEpoch = Epoch & { seq: number; chain: string; settled: number };

export type JournalReader = {
  store: string;
  /** Oldest first; the last one is open. */
  epochs(): ReaderEpoch[];
  page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number): PageEntry[];
  snapshot(businessDate: string): JournalSnapshot;
  listAside(page: AsidePage): SetAsideItem[];
  findReceipt(number: string): ReceiptPlace[];
  close(): void;
};

/** Throws NoJournal where the folder has none, JournalVersion where this program cannot read it. */
export function openReader(folder: string): JournalReader {
  const db = openReadOnly(join(folder, JOURNAL_FILE));
  try {
    if (schemaVersion(db) === 0) throw new NoJournal(`${folder} holds an empty journal: start its agent once.`);
    assertReadable(db);
    const store = db.prepare<[], string>('SELECT store FROM journal').pluck().get();
    if (store === undefined) throw new NoJournal(`${folder} holds an empty journal: start its agent once.`);
    const selectChain = db.prepare<[number], Uint8Array>('SELECT chain FROM entry WHERE id = ?').pluck();
    const chainAt = (epoch: Epoch, seq: number): string => {
      const chain = seq === 0 ? undefined : selectChain.get(entryId(epoch.ordinal, seq));
      return chain === undefined ? genesisChain(sha256, store, epoch) : hex(chain);
    };
    return {
      store,
      epochs: () =>
        listEpochs(db).map(({ epoch, seq, chain, settled, closed }) => {
          const ends = closed ?? seq;
          return { ...epoch, seq: ends, chain: ends === seq ? chain : chainAt(epoch, ends), settled };
        }),
      page: (epoch, after, entriesMax, bytesMax) => readPage(db, epoch, after, entriesMax, bytesMax),
      snapshot: (businessDate) =>
        readSnapshot(db, store, businessDate, { nowMs: Date.now(), freeBytes: systemDisk.freeBytes(folder) }),
      listAside: (page) => listAside(db, page),
      findReceipt: (number) => readReceipts(db, store, number),
      close: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
