// Reads the mirror at start-up: what the database lacks is restored from it, what contradicts it is kept as a branch.
import { join } from 'node:path';
import { type Epoch, genesisChain, linkChain, sameEpoch } from '../core/chain.ts';
import { hex } from '../core/hash.ts';
import { GROUP_COMMIT_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import { type Carry, factOf } from './carry.ts';
import { isLinked } from './check.ts';
import type { Db } from './database.ts';
import type { Disk } from './disk.ts';
import type { Entries } from './entries.ts';
import { entryId } from './entry-id.ts';
import type { Epochs } from './epochs.ts';
import { DamagedJournal } from './errors.ts';
import type { Frames } from './frames.ts';
import { listSegments, type Segment } from './mirror.ts';
import { type AliasMeta, type EntryMeta, type RecordMeta, type SegmentHeader, scanRecords } from './mirror-record.ts';
import type { SetAsides } from './set-aside.ts';

export type RestoreParts = {
  db: Db;
  disk: Disk;
  store: string;
  epochs: Epochs;
  entries: Entries;
  frames: Frames;
  setAsides: SetAsides;
  carry: Carry;
  randomHex: (bytes: number) => string;
  nowMs: number;
};

/** A file as it was found. A branch holds history that the database contradicts or cannot join. */
export type Scanned = {
  name: string;
  good: number;
  size: number;
  damaged: boolean;
  header: SegmentHeader | null;
  last: number;
  branch: boolean;
};

export type Restored = {
  /** Entries put back in place, and facts of a branch taken in behind the tip. */
  restored: number;
  takenIn: number;
  newEpoch: boolean;
  scanned: Scanned[];
  /** Complete files that were checked before and are still there. */
  trusted: Segment[];
};

/** The folder holds another store's mirror. */
export class ForeignMirror extends Error {
  override name = 'ForeignMirror';
}

/** Changes the database in one transaction and no file: a kill in between begins anew (F17). Throws DamagedJournal. */
export function restoreFromMirror(parts: RestoreParts, folder: string): Restored {
  const { db, epochs } = parts;
  try {
    return db.transaction(() => restoreAll(parts, folder)).immediate();
  } catch (error) {
    epochs.reload();
    throw error;
  }
}

function restoreAll(parts: RestoreParts, folder: string): Restored {
  const { db, disk, epochs, carry } = parts;
  const files = listSegments(disk, folder);
  const sizes = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const trusted = readSegments(db).filter((row) => sizes.get(row.name) === row.bytes && isSettled(epochs, row));
  const proven = new Set(trusted.map((row) => row.name));
  const restoring = openRestoring(parts);
  const scanned = files.filter(({ name }) => !proven.has(name)).map(({ name }) => restoring.scan(folder, name));
  if (restoring.hasMoved()) epochs.save();
  if (restoring.count() > GROUP_COMMIT_MAX) assertSound(db);
  const branches = scanned.filter((file) => file.branch);
  // What a restored epoch was to carry is in it before another one is begun behind it.
  carry.carryOn();
  const joined = branches.length === 0 ? { takenIn: 0, newEpoch: false } : joinBranches(parts, folder, branches);
  return { restored: restoring.count(), ...joined, scanned, trusted };
}

/** What central holds is not read again at each start; what only this PC holds is, lest a second copy rots unseen. */
function isSettled(epochs: Epochs, { ordinal, last }: Segment): boolean {
  const { epoch, settled } = epochs.tip();
  return ordinal < epoch.ordinal || (ordinal === epoch.ordinal && last <= settled);
}

/** More is missing than a kill can take: then the rest of the database is looked at as well. */
function assertSound(db: Db): void {
  const verdict = db.pragma('quick_check(1)', { simple: true });
  if (verdict !== 'ok') throw new DamagedJournal(String(verdict));
}

function openRestoring(parts: RestoreParts) {
  const { db, disk, store, epochs, entries, frames, setAsides } = parts;
  const selectChain = db.prepare<[number], Uint8Array>('SELECT chain FROM entry WHERE id = ?').pluck();
  const insertCursor = db.prepare('INSERT OR IGNORE INTO cursor (feed, till, position) VALUES (?, ?, ?)');
  let restored = 0;
  let recarried = 0;
  let branched = false;

  /** True where the epoch is one of ours, or the next one that our journal has lost. */
  function place(header: SegmentHeader): boolean {
    if (header.store !== store) throw new ForeignMirror(`the mirror belongs to store ${header.store}`);
    if (epochs.all().some((row) => sameEpoch(row.epoch, header.epoch))) return true;
    if (branched || !isBeginning(store, header)) return false;
    if (!epochs.isEmpty()) {
      const { epoch, seq, chain, settled } = epochs.tip();
      const { previous } = header;
      if (header.epoch.ordinal <= epoch.ordinal || previous === null) return false;
      // Only behind the very history that it was begun behind: what it carried is counted from there.
      if (previous.seq !== seq || previous.chain !== chain || previous.closed < settled) return false;
      epochs.save();
    }
    epochs.begin(header);
    return true;
  }

  /** True where the entry is in the database afterwards. */
  function placeEntry(epoch: Epoch, meta: EntryMeta, payload: Uint8Array): boolean {
    const kept = selectChain.get(entryId(epoch.ordinal, meta.seq));
    if (kept !== undefined) {
      if (hex(kept) === meta.chain) return true;
      if (!isLinked(db, epochs, epoch.ordinal, meta.seq)) throw new DamagedJournal(`entry ${meta.seq} is damaged`);
      return false;
    }
    const tip = epochs.tip();
    if (!sameEpoch(tip.epoch, epoch) || tip.seq + 1 !== meta.seq) return false;
    if (linkChain(sha256, tip.chain, payload) !== meta.chain) return false;
    const bytes = Uint8Array.from(payload);
    const fact = factOf(bytes);
    if (meta.carried !== true && entries.byKey(fact.key) !== null) return false;
    frames.seen(fact.frame);
    const { content, cursor, carried } = meta;
    const client = meta.client === undefined || entries.byClient(meta.client) === null ? meta.client : undefined;
    entries.add({ fact, bytes, content, client, cursor, carried });
    if (carried === true) recarried++;
    else restored++;
    return true;
  }

  function placeOther(meta: RecordMeta): void {
    if (meta.kind === 'aside') setAsides.keep(meta.item, meta.atMs);
    else if (meta.kind === 'cursor') insertCursor.run(meta.feed, meta.till, meta.position);
    else if (meta.kind === 'alias') placeAlias(meta);
  }

  function placeAlias({ epoch, seq, client }: AliasMeta): void {
    const id = entryId(epoch, seq);
    if (selectChain.get(id) !== undefined && entries.byClient(client) === null) entries.addAlias(client, id);
  }

  return {
    count: (): number => restored,
    hasMoved: (): boolean => restored + recarried > 0,
    scan(folder: string, name: string): Scanned {
      const file: Scanned = { name, good: 0, size: 0, damaged: false, header: null, last: 0, branch: false };
      const end = scanRecords(disk, join(folder, name), (meta, payload) => {
        if (meta.kind === 'segment') {
          file.header = meta;
          file.last = meta.first - 1;
          file.branch = !place(meta);
        } else if (meta.kind === 'entry') {
          if (file.header === null || !placeEntry(file.header.epoch, meta, payload)) file.branch = true;
          else file.last = meta.seq;
        } else placeOther(meta);
        branched ||= file.branch;
        return !file.branch;
      });
      return { ...file, ...end };
    },
  };
}

const isBeginning = (store: string, { epoch, first, before }: SegmentHeader): boolean =>
  first === 1 && before === genesisChain(sha256, store, epoch);

/** Facts of another history go on under a new epoch; where one began already, behind its tip (L7). */
function joinBranches(
  parts: RestoreParts,
  folder: string,
  branches: Scanned[],
): { takenIn: number; newEpoch: boolean } {
  const { disk, epochs, setAsides, carry, randomHex, nowMs } = parts;
  const foreign = Math.max(...branches.map((file) => file.header?.epoch.ordinal ?? 0));
  const ours = epochs.isEmpty() ? 0 : epochs.tip().epoch.ordinal;
  const newEpoch = foreign >= ours;
  if (newEpoch) {
    const epoch = { ordinal: Math.max(foreign, ours) + 1, life: randomHex(16) };
    carry.begin(epoch, 'the mirror and the database tell different histories', nowMs);
  }
  let takenIn = 0;
  for (const { name } of branches) {
    scanRecords(disk, join(folder, name), (meta, payload) => {
      if (meta.kind === 'entry') {
        const found = { bytes: Uint8Array.from(payload), content: meta.content, client: meta.client };
        if (carry.takeIn(found, `mirror file ${name}`, nowMs) !== 'known') takenIn++;
      } else if (meta.kind === 'aside') setAsides.keep(meta.item, meta.atMs);
      return true;
    });
  }
  epochs.save();
  return { takenIn, newEpoch };
}

/** Complete files as they were when they were last checked. */
export const readSegments = (db: Db): Segment[] =>
  db.prepare<[], Segment>('SELECT name, ordinal, first, last, bytes FROM mirror_segment').all();
