// The disk of a store's computer, in memory: what was not synced goes with the power, and everything can be put back.
import Database from 'better-sqlite3';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../storage/database.ts';
import { type Journal, openJournal } from '../../storage/journal.ts';
import { ALL_SURVIVES, type MemoryDisk, makeMemoryDisk } from './memory-disk.ts';
import type { Chance } from './random.ts';

export type Image = ReturnType<MemoryDisk['image']>;

export type StoreDisk = {
  /** Throws JournalFault where the disk fails, PowerCut where the power goes meanwhile. */
  open(store: string, clock: Clock, randomHex: (bytes: number) => string): Journal;
  /** The process is gone; with the power, what was not synced is gone too, but for a part that chance decides. */
  crash(how: 'killed' | 'power', chance: Chance): void;
  /** A copy of everything, taken while the program runs. */
  image(): Image;
  /** While no program runs; without its mirror only the data folder is put back. */
  putBack(image: Image, what: 'everything' | 'data'): void;
  /** A byte of the first page of the database, often at its head, is not what was written. While no program runs. */
  damage(chance: Chance): void;
  /** A digit in a row of the book is not what was written. While no program runs; false where there is no book. */
  damageBook(chance: Chance): boolean;
  /** What can go wrong with it. */
  faults: Pick<MemoryDisk, 'failSync' | 'breakFolder' | 'setFreeBytes' | 'cutPowerAfter'>;
  /** All is in order again. */
  heal(): void;
  /** Reads it without changing it, whether its program runs or not. */
  look<Value>(store: string, read: (journal: Journal) => Value): Value;
  copy(): StoreDisk;
  /** Its program ends; all that it wrote stays. */
  end(): void;
};

const DATA = '/data';
export const MIRROR = '/mirror';
/** What names the file as a database; damage further in is not always recognised as such. */
const MAGIC_BYTES = 16;
/** The first page, where the schema begins. */
const SCHEMA_BYTES = 4_096;
const PLENTY = 2 ** 40;
const STOPPED: Clock = { wallMs: () => 0, monotonicMs: () => 0 };

export function makeStoreDisk(content: Image | null = null): StoreDisk {
  const disk = makeMemoryDisk();
  if (content !== null) disk.put(content);
  const heal = (): void => {
    disk.breakFolder(null);
    disk.setFreeBytes(PLENTY);
  };

  return {
    open: (store, clock, randomHex) =>
      openJournal({ folder: DATA, mirrorFolder: MIRROR, store, clock, randomHex, disk }),
    crash(how, chance) {
      if (how === 'killed') disk.crash(ALL_SURVIVES);
      else
        disk.crash({ bytes: (_, unsynced) => chance.int(0, unsynced), names: (unsynced) => chance.int(0, unsynced) });
    },
    image: disk.image,
    putBack: (image, what) => disk.put(image, (path) => what === 'everything' || path.startsWith(DATA)),
    damage(chance) {
      const file = disk.files().find(({ path }) => path.endsWith('journal.db'));
      if (file === undefined || file.bytes === 0) return;
      const reach = chance.happens(0.3) ? MAGIC_BYTES : SCHEMA_BYTES;
      disk.flip(file.path, chance.int(0, Math.min(reach, file.bytes) - 1));
    },
    damageBook(chance) {
      const path = disk.files().find((file) => file.path.endsWith('journal.db'))?.path;
      const digits = path === undefined ? [] : digitsOf(disk.readDatabase(path), chance);
      for (const at of digits) disk.flip(path ?? '', at, OTHER_DIGIT);
      return digits.length > 0;
    },
    faults: disk,
    heal,
    look(store, read) {
      const copy = makeStoreDisk(disk.image());
      try {
        return read(copy.open(store, STOPPED, (bytes) => '0'.repeat(bytes * 2)));
      } finally {
        copy.end();
      }
    },
    end: () => disk.crash(ALL_SURVIVES),
    copy: () => makeStoreDisk(disk.image()),
  };
}

/** Of a row that chance picks: where one of its digits stands in the file, and in what older copies of it are left there. */
function digitsOf(db: Db, chance: Chance): number[] {
  try {
    const texts = db
      .prepare<[], string>('SELECT book FROM shelf UNION ALL SELECT outcomes FROM confirmed')
      .pluck()
      .all();
    if (texts.length === 0) return [];
    const bytes = Buffer.from(chance.pick(texts));
    // Which questions a shelf has open is in no digest: nobody would ever find out.
    const end = bytes.includes(ASKS) ? bytes.indexOf(ASKS) : bytes.length;
    const digit = chance.pick([...bytes.keys()].filter((at) => at < end && isDigit(bytes[at])));
    const file = db.serialize();
    const found: number[] = [];
    for (let at = file.indexOf(bytes); at >= 0; at = file.indexOf(bytes, at + 1)) found.push(at + digit);
    return found;
  } catch (error) {
    // Damaged otherwise already, or from before its first start.
    if (error instanceof Database.SqliteError) return [];
    throw error;
  } finally {
    db.close();
  }
}

const ASKS = '"asks":';
const OTHER_DIGIT = 1;
const isDigit = (byte = 0): boolean => byte >= 0x30 && byte <= 0x39;
