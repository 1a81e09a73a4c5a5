// Entries that were settled long ago, looked at again: what rots on the disk comes back from the mirror, or is told (F10).
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Epoch, linkChain, sameEpoch } from '../core/chain.ts';
import { fromHex } from '../core/hash.ts';
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import type { Disk } from './disk.ts';
import { entryId } from './entry-id.ts';
import type { EpochRow, Epochs } from './epochs.ts';
import type { History } from './history.ts';
import { listSegments } from './mirror.ts';
import { scanRecords } from './mirror-record.ts';
import type { Notices } from './notices.ts';
import type { PageEntry } from './pages.ts';

export type SoundPagesParts = {
  db: Db;
  disk: Disk;
  mirrorFolder: string;
  epochs: Epochs;
  history: Pick<History, 'page' | 'chainAt'>;
  notices: Notices;
  wallMs: () => number;
  transact: <Value>(work: () => Value) => Value;
};

export function openSoundPages(parts: SoundPagesParts) {
  const { db, disk, mirrorFolder, epochs, history, notices, wallMs, transact } = parts;
  const update = db.prepare('UPDATE entry SET bytes = ?, chain = ? WHERE id = ?');
  /** Epoch by its place among ours, and the last entry that was looked at since the start. */
  let at = { epoch: 0, seq: 0 };
  let isTold = false;

  /** The mirror's copy of an entry, if it follows the one before it; a mirror that cannot be read has none. */
  function mirrored(epoch: Epoch, seq: number, before: string): PageEntry | null {
    let found: PageEntry | null = null;
    try {
      for (const { name } of listSegments(disk, mirrorFolder)) {
        let isOurs = false;
        scanRecords(disk, join(mirrorFolder, name), (meta, payload) => {
          if (meta.kind === 'segment') isOurs = sameEpoch(meta.epoch, epoch) && meta.first <= seq;
          else if (meta.kind === 'entry' && meta.seq === seq && linkChain(sha256, before, payload) === meta.chain) {
            found = { seq, chain: meta.chain, bytes: Uint8Array.from(payload) };
          }
          return isOurs && found === null;
        });
        if (found !== null) return found;
      }
    } catch (error) {
      if (error instanceof Database.SqliteError) throw error;
    }
    return found;
  }

  function tell(epoch: Epoch, seq: number): void {
    if (isTold) return;
    isTold = true;
    transact(() => notices.tell('entry-damaged', damagedSentence(epoch, seq), wallMs()));
  }

  /** As far as each entry follows the one before it; what does not is put back where the mirror has it. */
  function sound(epoch: Epoch, after: number, page: PageEntry[]): PageEntry[] {
    let before = history.chainAt(epoch, after);
    const whole: PageEntry[] = [];
    for (const entry of page) {
      if (before === null) return whole;
      const isSound = linkChain(sha256, before, entry.bytes) === entry.chain;
      const good = isSound ? entry : mirrored(epoch, entry.seq, before);
      if (good === null) {
        tell(epoch, entry.seq);
        return whole;
      }
      if (!isSound) {
        transact(() => update.run(good.bytes, fromHex(good.chain), entryId(epoch.ordinal, entry.seq)));
      }
      whole.push(good);
      before = good.chain;
    }
    return whole;
  }

  function checkPage({ epoch, closed, settled }: EpochRow): boolean {
    const left = (closed ?? settled) - at.seq;
    const page = left <= 0 ? [] : history.page(epoch, at.seq, Math.min(left, BATCH_ENTRIES_MAX), BATCH_BYTES_MAX);
    if (page.length === 0) {
      at = { epoch: at.epoch + 1, seq: 0 };
      return true;
    }
    const good = sound(epoch, at.seq, page);
    // Behind one that cannot be put back it goes on with the next.
    at = { ...at, seq: (good.at(-1)?.seq ?? at.seq) + (good.length < page.length ? 1 : 0) };
    return true;
  }

  return {
    /** As the history's page, but never an entry that is not what was captured: the page ends before it. */
    page(epoch: Epoch, after: number, entriesMax: number, bytesMax: number): PageEntry[] {
      const page = history.page(epoch, after, entriesMax, bytesMax);
      const row = epochs.all().find((known) => sameEpoch(known.epoch, epoch));
      // What is not settled was proven at the start, and is on its way while tills wait.
      const isPast = row === undefined || row.closed !== null || after < row.settled;
      return isPast ? sound(epoch, after, page) : page;
    },
    /** Looks at some settled entries of our own epochs, oldest first, once after a start. True while there are more. */
    checkSome(): boolean {
      const row = epochs.all()[at.epoch];
      if (row === undefined) return false;
      try {
        return checkPage(row);
      } catch (error) {
        if (!(error instanceof Database.SqliteError)) throw error;
        // Nothing that tills or central wait for: the agent goes on, and looks no further.
        tell(row.epoch, at.seq + 1);
        at = { epoch: Number.MAX_SAFE_INTEGER, seq: 0 };
        return false;
      }
    },
  };
}

const damagedSentence = ({ ordinal }: Epoch, seq: number): string =>
  `A sale that head office has already (${ordinal}:${seq}) cannot be read on this PC any more, and the second copy does not have it. Nothing needs to be entered again. Please have the disk checked.`;
