// The agent's journal: every captured fact in order, twice on disk, until central holds it and retention lets it go.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '../core/assert.ts';
import type { Captured } from '../core/captured.ts';
import { type Epoch, sameEpoch } from '../core/chain.ts';
import type { Clock } from '../core/clock.ts';
import { MIRROR_SEGMENT_BYTES } from '../core/limits.ts';
import type { TillSeen } from '../core/opening-hours.ts';
import type { Bucket } from '../protocol/local/rooms/now.ts';
import type { RecentRow } from '../protocol/local/rooms/receipts.ts';
import type { Appended, AppendedGroup } from './append.ts';
import type { BookMethods } from './book.ts';
import { type CatalogueMethods, openCatalogue } from './catalogue/catalogue.ts';
import { type ChartQuery, openChart } from './chart.ts';
import type { Stated } from './confirmed.ts';
import { type CountMethods, openCounts } from './count/counts.ts';
import { type Disk, systemDisk } from './disk.ts';
import { entryId } from './entry-id.ts';
import type { EpochRow } from './epochs.ts';
import { JournalFault } from './errors.ts';
import { openHistoryChanges } from './history-changes.ts';
import { type NoteMethods, openNotes } from './notes.ts';
import { openRooms, type Rooms } from './open.ts';
import type { PageEntry } from './pages.ts';
import { openReceipts, type ReceiptMethods } from './receipts.ts';
import { openTillDays, type TillOfDay } from './till-days.ts';
import { readTillsSeen, type TillsAsked } from './tills-seen.ts';
import {
  type JournalSnapshot,
  type ReceiptPlace,
  type RecentPage,
  readCursor,
  readLastProof,
  readReceipts,
  readRecent,
  readSnapshot,
} from './views.ts';

export type JournalOptions = {
  /** Data folder; made where it is absent. */
  folder: string;
  /** Folder of the second copy, better on another disk; `mirror` in the data folder unless told. */
  mirrorFolder?: string | undefined;
  store: string;
  clock: Clock;
  randomHex: (bytes: number) => string;
  /** Free bytes on the data disk. */
  freeBytes?: (() => number) | undefined;
  mirrorSegmentBytes?: number | undefined;
  /** Entries of the book that are confirmed in one transaction. */
  bookSliceEntries?: number | undefined;
  /** Unconfirmed entries from which on shelves so far are kept up to date at each capture. */
  bookEagerEntries?: number | undefined;
  /** Where all files lie; the files of this computer unless told. */
  disk?: Disk | undefined;
};

/** Where the open epoch stands: the twin of the uplink's heads. */
export type JournalHeads = { epoch: Epoch; seq: number; chain: string; settled: number };

export type Journal = {
  store: string;
  /**
   * One transaction and one sync for all; each capture stands alone in it. When it returns, the answers are on disk.
   * Throws JournalFault where that is unknown: then the process must exit, no till may be answered (L1).
   */
  appendGroup(captures: Captured[]): Appended[];
  /**
   * The documents of one receipt: all are kept now, or all were kept before, or nothing is written; one that would be new
   * beside one that is known is a conflict "beside". Throws Defect for a fact that no way in should have let through.
   */
  appendTogether(captures: Captured[]): Appended[];
  /** What is captured from now on says that it was under this revision of configuration; 0: none. Not kept. */
  captureUnder(revision: number): void;
  heads(): JournalHeads;
  epochs(): EpochRow[];
  page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number): PageEntry[];
  chainAt(epoch: Epoch, seq: number): string | null;
  /**
   * Cumulative, never goes back. What an older epoch left unsettled was carried on, so a mark for it changes nothing.
   * `stated`: what the mark says of central's book, to be confirmed by `work`.
   */
  settle(epoch: Epoch, seq: number, markFrame: string, stated: Stated | null): void;
  lastProof(): string | null;
  /**
   * Ends the open epoch at its settled entry; what waits goes on, first, in a new one with this ordinal (L7). Nothing
   * where the present one is as high already.
   */
  beginEpoch(reason: string, ordinal: number): void;
  /**
   * Central, which was put back from a copy, holds another log behind this directive (0: from the start), or cannot build
   * on ours: those behind it are set aside and told, and the book is made anew from what central says next (D12).
   */
  supersede(after: number): void;
  cursor(feed: string, till: string): string | null;
  snapshot(businessDate: string): JournalSnapshot;
  recent(page: RecentPage): RecentRow[];
  chart(query: ChartQuery): Bucket[];
  findReceipt(number: string): ReceiptPlace[];
  /** Tills by name, of each of these trading days, to be compared with their reports. */
  tillDays(businessDates: string[]): TillOfDay[];
  tillsSeen(asked: TillsAsked): TillSeen[];
  /** Tries a mirror that failed once more; nothing where it is whole. */
  mendMirror(): void;
  /** Looks at some entries that were settled before, once after a start. True while there are more. */
  checkSettled(): boolean;
  /** Tells people that `work` failed, until it did not (null). */
  tellBook(stopped: string | null): void;
  close(): void;
} & BookMethods &
  CatalogueMethods &
  CountMethods &
  NoteMethods &
  ReceiptMethods;

/**
 * Opens the journal of a data folder, checks it against its mirror and restores what is missing. Throws
 * FolderHoldsOther, FolderInUse, OtherStore, JournalVersion, or JournalFault where the disk fails.
 */
export function openJournal(options: JournalOptions): Journal {
  const { disk = systemDisk } = options;
  disk.takeFolder(options.folder);
  const lock = disk.lockFolder(options.folder);
  try {
    const rooms = openRooms({
      ...options,
      disk,
      mirrorFolder: options.mirrorFolder ?? join(options.folder, 'mirror'),
      freeBytes: options.freeBytes ?? (() => disk.freeBytes(options.folder)),
      mirrorSegmentBytes: options.mirrorSegmentBytes ?? MIRROR_SEGMENT_BYTES,
    });
    const methods = journalOf(rooms);
    const counts = openCounts({ rooms, disk, folder: options.folder, heldSkus: methods.heldSkus });
    const journal = guarded({ ...methods, ...counts.methods });
    return {
      ...journal,
      close: () => {
        counts.close();
        rooms.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw asFault(error);
  }
}

function journalOf(rooms: Rooms): Omit<Journal, 'close' | keyof CountMethods> {
  const { db, store, clock, epochs, second, book, transact } = rooms;
  function keep(work: () => AppendedGroup): AppendedGroup {
    const group = transact(() => {
      const appended = work();
      second.write(appended.records);
      return appended;
    });
    book.captured(group.placed);
    return group;
  }
  return {
    store,
    appendGroup(captures) {
      if (captures.length === 0) return [];
      return keep(() => rooms.append(captures)).outcomes;
    },
    appendTogether: (captures) => (captures.length === 0 ? [] : keep(() => rooms.together(captures)).outcomes),
    captureUnder: rooms.captureUnder,
    heads() {
      const { epoch, seq, chain, settled } = epochs.tip();
      return { epoch, seq, chain, settled };
    },
    epochs: epochs.all,
    page: rooms.soundPages.page,
    chainAt: book.history.chainAt,
    lastProof: () => readLastProof(db),
    cursor: (feed, till) => readCursor(db, feed, till),
    recent: (page) => readRecent(db, page),
    chart: openChart(db).read,
    findReceipt: (number) => readReceipts(db, store, number),
    tillDays: openTillDays(db, store).read,
    ...openReceipts(db, store),
    tillsSeen: (asked) => readTillsSeen(db, asked),
    snapshot: (businessDate) =>
      readSnapshot(db, store, businessDate, { nowMs: clock.wallMs(), freeBytes: rooms.freeBytes() }),
    mendMirror() {
      rooms.tellFound(second.mend());
      book.historyChanged();
    },
    tellBook: (stopped) =>
      transact(() => {
        rooms.notices.end('books-stopped');
        if (stopped !== null) rooms.notices.tell('books-stopped', bookSentence(stopped), clock.wallMs());
      }),
    checkSettled: rooms.soundPages.checkSome,
    ...book.methods(transact),
    ...openSettling(rooms),
    ...openNotes(rooms),
    ...openHistoryChanges(rooms),
    ...openCatalogue(rooms),
  };
}

function openSettling({ db, clock, epochs, carry, notices, second, book, randomHex, transact }: Rooms) {
  const insertMark = db.prepare(
    `INSERT INTO mark (entry, settled_ms, entries, frame) VALUES (?, ?, ?, ?)
     ON CONFLICT (entry) DO UPDATE SET frame = excluded.frame`,
  );
  return {
    settle(epoch: Epoch, seq: number, markFrame: string, stated: Stated | null): void {
      const row = epochs.all().find((known) => sameEpoch(known.epoch, epoch));
      assert(row !== undefined && seq <= row.seq, `a mark at ${seq} for an entry that was never captured`);
      if (row.closed !== null || seq < row.settled || (seq === row.settled && stated === null)) return;
      transact(() => {
        insertMark.run(entryId(epoch.ordinal, seq), clock.wallMs(), seq - row.settled, markFrame);
        epochs.settle(seq);
        if (stated !== null) book.note({ ...stated, at: { epoch: epoch.ordinal, seq } });
      });
    },
    beginEpoch(reason: string, ordinal: number): void {
      if (ordinal <= epochs.tip().epoch.ordinal) return;
      transact(() => {
        const epoch = { ordinal, life: randomHex(16) };
        carry.begin(epoch, reason, clock.wallMs());
        // Nothing can have been put back of a journal that head office never confirmed anything of.
        const after = readLastProof(db) === null ? NEWCOMER : PUT_BACK;
        notices.tell('new-epoch', `${reason} ${after}`, clock.wallMs());
      });
      second.renew();
      book.historyChanged();
    },
  };
}

const bookSentence = (why: string): string =>
  `A mistake in this program keeps it from working out stock (${why}). Sales are kept and sent as always. Please call IT.`;

const PUT_BACK =
  'This PC began a new chapter of its journal: both histories are kept, and what waited is sent again. ' +
  'If an old copy was put back, let the tills send again what they rang up since it was made: nothing is counted ' +
  'twice. Please tell IT.';
const NEWCOMER =
  "What was captured here is kept and sent, and head office gives this PC the store's history by itself. " +
  'If sales were lost with the disk before this one, let the tills send again what they rang up last: nothing is ' +
  'counted twice.';

/** After a fault nothing is read or answered any more: what memory says may not be what the disk says. */
function guarded<Methods extends object>(journal: Methods): Methods {
  let dead: JournalFault | null = null;
  const guard =
    <Args extends unknown[], Value>(method: (...args: Args) => Value) =>
    (...args: Args): Value => {
      if (dead !== null) throw dead;
      try {
        return method(...args);
      } catch (error) {
        const told = asFault(error);
        if (told instanceof JournalFault) dead = told;
        throw told;
      }
    };
  const entries = Object.entries(journal).map(([name, value]) => [
    name,
    typeof value === 'function' ? guard(value) : value,
  ]);
  return Object.fromEntries(entries) as Methods;
}

function asFault(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  return new JournalFault(
    `The disk or the journal's database failed (${error.code}: ${error.message}). Whether the last sale was kept is unknown: it must be sent again with the same key.`,
    { cause: error },
  );
}
