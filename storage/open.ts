// Opens the parts of a journal in order: database, check, mirror, clock frame; and once more from the mirror if damaged.
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { openAppend } from './append.ts';
import { openBook } from './book.ts';
import { openCarry } from './carry.ts';
import { checkUnsettled } from './check.ts';
import { type Db, JOURNAL_FILE } from './database.ts';
import type { Disk } from './disk.ts';
import { openEntries } from './entries.ts';
import { openEpochs } from './epochs.ts';
import { OtherStore } from './errors.ts';
import { openFrames } from './frames.ts';
import { carryLost } from './lost.ts';
import { migrate } from './migrate.ts';
import type { Restored } from './mirror-restore.ts';
import { openNotices } from './notices.ts';
import { isDamage, putAside, salvage } from './salvage.ts';
import { openSecondCopy } from './second-copy.ts';
import { openSetAsides } from './set-aside.ts';
import { openSoundPages } from './sound-pages.ts';
import { openSuperseded } from './superseded.ts';

export type RoomOptions = {
  folder: string;
  mirrorFolder: string;
  store: string;
  clock: Clock;
  randomHex: (bytes: number) => string;
  freeBytes: () => number;
  mirrorSegmentBytes: number;
  disk: Disk;
  bookSliceEntries?: number | undefined;
  bookEagerEntries?: number | undefined;
};

export type Rooms = ReturnType<typeof openParts>['rooms'];

/** The folder is locked by the caller. */
export function openRooms(options: RoomOptions): Rooms {
  try {
    return openOnce(options, null);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return openOnce(options, putAside(options.disk, options.folder, options.clock.wallMs()));
  }
}

function openOnce(options: RoomOptions, damaged: string | null): Rooms {
  const { disk } = options;
  const db = disk.openDatabase(join(options.folder, JOURNAL_FILE));
  try {
    migrate(db);
    bindStore(db, options.store);
    const { rooms, begin } = openParts(db, options);
    checkUnsettled(db, rooms.epochs);
    const restored = rooms.second.restore();
    begin(restored, damaged);
    rooms.book.reload();
    disk.assertDurable(db);
    rooms.second.complete(restored);
    carryLost(rooms);
    return rooms;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openParts(db: Db, options: RoomOptions) {
  const { store, clock, randomHex, freeBytes } = options;
  const epochs = openEpochs(db, store);
  const frames = openFrames(db, clock);
  const entries = openEntries(db, epochs);
  const setAsides = openSetAsides(db);
  const notices = openNotices(db);
  const carry = openCarry({ db, epochs, entries, frames, setAsides });
  const book = openBook({
    db,
    store,
    clock,
    epochs,
    entries,
    frames,
    sliceEntries: options.bookSliceEntries,
    eagerEntries: options.bookEagerEntries,
  });
  const shared = { db, store, clock, randomHex, freeBytes, epochs, frames, entries, setAsides, notices, carry, book };
  const second = openSecondCopy({
    ...shared,
    disk: options.disk,
    folder: options.mirrorFolder,
    segmentBytes: options.mirrorSegmentBytes,
    wallMs: clock.wallMs,
  });
  const transact = transactor(db, () => {
    epochs.reload();
    book.reload();
  });
  const soundPages = openSoundPages({
    ...{ db, epochs, notices, transact, history: book.history },
    ...{ disk: options.disk, mirrorFolder: options.mirrorFolder, wallMs: clock.wallMs },
  });
  const tell = (found: Finding[]): void => {
    for (const [code, message] of found) notices.tell(code, message, clock.wallMs());
  };
  const rooms = {
    ...shared,
    /** What a mirror that came back was found to hold. */
    tellFound: (restored: Restored | null): void => transact(() => tell(findings(restored, null, 0))),
    second,
    superseded: openSuperseded(db, book.history, carry),
    transact,
    soundPages,
    ...openAppend({ ...shared, directives: book.directives }),
    close: () => {
      second.close();
      db.close();
    },
  };

  function begin(restored: Restored | null, damaged: string | null): void {
    transact(() => {
      const nowMs = clock.wallMs();
      if (epochs.isEmpty())
        epochs.begin({ epoch: firstEpoch(randomHex), beganMs: nowMs, reason: 'first start', previous: null });
      const salvaged = damaged === null ? 0 : salvage({ db, epochs, carry, nowMs, disk: options.disk }, damaged);
      tell(findings(restored, damaged, salvaged));
      frames.begin();
    });
  }
  return { rooms, begin };
}

const firstEpoch = (randomHex: (bytes: number) => string) => ({ ordinal: 1, life: randomHex(16) });

function bindStore(db: Db, store: string): void {
  db.prepare('INSERT OR IGNORE INTO journal (id, store, frame) VALUES (1, ?, 0)').run(store);
  const owner = db.prepare<[], string>('SELECT store FROM journal').pluck().get();
  if (owner !== store) {
    throw new OtherStore(`This data folder belongs to store ${owner}, not ${store}: give each store its own folder.`);
  }
}

type Finding = ['restored-from-mirror' | 'new-epoch', string];

function findings(restored: Restored | null, damaged: string | null, salvaged: number): Finding[] {
  const found: Finding[] = [];
  const put = restored?.restored ?? 0;
  if (damaged !== null) {
    found.push([
      'restored-from-mirror',
      `The journal's database was damaged and was built again: ${put} entries from the second copy, ${salvaged} from what was readable. The damaged files are in ${damaged}.`,
    ]);
  } else if (put > 0) {
    found.push([
      'restored-from-mirror',
      `The database lacked ${put} entries that had been captured; they were restored from the second copy.`,
    ]);
  }
  if (restored !== null && (restored.newEpoch || restored.takenIn > 0)) {
    found.push([
      'new-epoch',
      `The second copy told another history than the database. Both are kept, ${restored.takenIn} documents were taken over from it and everything unsent goes out again. Please tell IT.`,
    ]);
  }
  return found;
}

/** Runs work in one durable transaction. What is thrown before the commit undoes it; a failed commit is unknown. */
function transactor(db: Db, reload: () => void) {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  return <Value>(work: () => Value): Value => {
    begin.run();
    let value: Value;
    try {
      value = work();
    } catch (error) {
      if (db.inTransaction) rollback.run();
      reload();
      throw error;
    }
    commit.run();
    return value;
  };
}
