// A journal read from outside, while its agent runs or after it was stopped; changes nothing.
import { join } from 'node:path';
import type { SetAsideItem } from '../core/captured.ts';
import { type Epoch, genesisChain } from '../core/chain.ts';
import { BUCKETS, bucketHex } from '../core/digest.ts';
import { hex } from '../core/hash.ts';
import type { ExceptionRow } from '../protocol/local/exceptions.ts';
import { sha256 } from '../protocol/sha256.ts';
import { openBookParts } from './book.ts';
import { readState } from './confirmed.ts';
import { type Db, JOURNAL_FILE, openReadOnly } from './database.ts';
import { systemDisk } from './disk.ts';
import { entryId } from './entry-id.ts';
import { listEpochs } from './epochs.ts';
import { NoJournal } from './errors.ts';
import { openShelfSums } from './mend.ts';
import { assertReadable, schemaVersion } from './migrate.ts';
import type { PageEntry } from './pages.ts';
import { openQuestions } from './questions.ts';
import { type AsidePage, listAside } from './set-aside.ts';
import { type JournalSnapshot, type ReceiptPlace, readReceipts, readSnapshot } from './views.ts';
import { readWipeFacts, type WipeFacts } from './wipe-facts.ts';

/** What counts of an epoch: of one that ended, only what was not carried on into the next. */
export type ReaderEpoch = Epoch & { seq: number; chain: string; settled: number };

/** The book as central's marks confirmed it: a place in the journal and the log, its sums in hex, its shelves' hashes. */
export type ReaderBook = {
  epoch: number;
  seq: number;
  dseq: number;
  buckets: string[];
  outcomes: string;
  shelves: Map<string, string>;
};

export type JournalReader = {
  store: string;
  /** Oldest first; the last one is open. */
  epochs(): ReaderEpoch[];
  /** What counts of each epoch: of those that central closed, what it granted, other journals' entries among it. */
  granted(): ReaderEpoch[];
  /** Of what counts. */
  page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number): PageEntry[];
  /** All of one moment. */
  book(): ReaderBook;
  snapshot(businessDate: string): JournalSnapshot;
  listAside(page: AsidePage): SetAsideItem[];
  findReceipt(number: string): ReceiptPlace[];
  exceptions(): ExceptionRow[];
  /** All of one moment. */
  wipeFacts(): WipeFacts;
  close(): void;
};

/** Inside a transaction where its agent may run. */
export function readBook(db: Db, store: string): ReaderBook {
  const { cut, buckets, outcomes } = readState(db, store);
  const sums = Array.from({ length: BUCKETS }, (_, bucket) => bucketHex(buckets, bucket));
  const shelves = new Map(openShelfSums(db).all());
  return { ...cut.at, dseq: cut.dseq, buckets: sums, outcomes, shelves };
}

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
    const ownEpochs = (): ReaderEpoch[] =>
      listEpochs(db).map(({ epoch, seq, chain, settled, closed }) => {
        const ends = closed ?? seq;
        return { ...epoch, seq: ends, chain: ends === seq ? chain : chainAt(epoch, ends), settled };
      });
    return {
      store,
      epochs: ownEpochs,
      book: db.transaction(() => readBook(db, store)),
      snapshot: (businessDate) =>
        readSnapshot(db, store, businessDate, { nowMs: Date.now(), freeBytes: systemDisk.freeBytes(folder) }),
      listAside: (page) => listAside(db, page),
      findReceipt: (number) => readReceipts(db, store, number),
      wipeFacts: db.transaction(() => readWipeFacts(db, folder)),
      ...bookViews(db, store, ownEpochs),
      close: () => void db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What the agent's own windows are told, from the same rows. */
function bookViews(db: Db, store: string, ownEpochs: () => ReaderEpoch[]) {
  const pieces = openBookParts(db, store);
  const { history, directives } = pieces;
  return {
    granted: (): ReaderEpoch[] => {
      const ends = directives.grants().map(({ epoch, end }) => ({ ...epoch, ...end, settled: end.seq }));
      return [...ends, ...ownEpochs().filter(({ ordinal }) => ordinal > (ends.at(-1)?.ordinal ?? 0))];
    },
    page: history.page,
    exceptions: openQuestions(db, pieces).exceptions,
  };
}
