// Gives the mirror what it lacks: mends its files after the start-up check and writes missing entries from the database.
import { join } from 'node:path';
import type { SetAsideItem } from '../core/captured.ts';
import { type Epoch, genesisChain, sameEpoch } from '../core/chain.ts';
import { hex } from '../core/hash.ts';
import { BATCH_BYTES_MAX, PAGE_ROWS_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Db } from './database.ts';
import type { Disk } from './disk.ts';
import { entryId, ordinalOf, seqOf } from './entry-id.ts';
import { type EpochStart, type Epochs, listEpochs, startOf } from './epochs.ts';
import { type MirrorRecord, type MirrorWriter, type OpenSegment, openMirrorWriter, type Segment } from './mirror.ts';
import type { CursorMeta } from './mirror-record.ts';
import type { Restored, Scanned } from './mirror-restore.ts';
import { listAside } from './set-aside.ts';

export type CompleteParts = {
  db: Db;
  store: string;
  epochs: Epochs;
  disk: Disk;
  folder: string;
  segmentBytes: number;
  nowMs: number;
};

/** Throws what the disk says. Returns the writer, standing behind the last entry of the database. */
export function completeMirror(parts: CompleteParts, { scanned, trusted }: Restored): MirrorWriter {
  const { db, store, epochs, disk, folder, segmentBytes } = parts;
  const whole = scanned.filter((file) => mendFile(parts, file));
  const rows = listEpochs(db);
  const open = epochs.tip();
  const resume = resumable(whole, trusted, open.epoch.ordinal, startOf(rows));
  const closed = whole.filter((file) => file.name !== resume?.name).map(toSegment);
  const writer = openMirrorWriter(disk, folder, store, segmentBytes, resume);
  try {
    const covered = [...trusted, ...closed, ...(resume === null ? [] : [{ ...resume, ordinal: open.epoch.ordinal }])];
    const missing = rows.flatMap((row, index) => {
      const own = covered.filter(({ ordinal }) => ordinal === row.epoch.ordinal);
      return gaps(own, row.seq).map(([from, to]) => ({ from, to, start: startOf(rows, index), last: row.seq }));
    });
    for (const { from, to, start, last } of missing) {
      const isTail = start.epoch.ordinal === open.epoch.ordinal && to === last;
      const after = { seq: from - 1, chain: chainBefore(db, store, start.epoch, from) };
      closed.push(...(isTail ? fill(db, writer, start, after, to) : fillAlone(parts, start, after, to)));
    }
    if (missing.length > 0) closed.push(...writer.append(startOf(rows), otherRecords(db, open)));
    saveSegments(db, closed, [...trusted, ...closed]);
    return writer;
  } catch (error) {
    giveUp(parts, writer);
    throw error;
  }
}

/** A range in files of its own. */
function fillAlone(parts: CompleteParts, start: EpochStart, after: MirrorRecord['after'], to: number): Segment[] {
  const writer = openMirrorWriter(parts.disk, parts.folder, parts.store, parts.segmentBytes, null);
  try {
    return [...fill(parts.db, writer, start, after, to), ...writer.finish()];
  } catch (error) {
    giveUp(parts, writer);
    throw error;
  }
}

/** What a failed write left on the disk is not known: the database has all of it and writes it again. */
function giveUp({ disk, folder }: CompleteParts, writer: MirrorWriter): void {
  const name = writer.name();
  writer.close();
  if (name !== null) disk.remove(join(folder, name));
}

/** Cuts a torn tail, moves aside what is damaged or another history. True where the file goes on being the mirror. */
function mendFile({ disk, folder, nowMs }: CompleteParts, file: Scanned): boolean {
  const path = join(folder, file.name);
  if (file.size === 0) {
    disk.remove(path);
    return false;
  }
  if (file.branch || file.damaged || file.header === null) {
    const aside = join(folder, 'aside');
    disk.makeFolder(aside);
    disk.rename(path, join(aside, `${file.name}.${nowMs}`));
    disk.syncFolder(folder);
    return false;
  }
  if (file.good < file.size) disk.truncate(path, file.good);
  return true;
}

function resumable(whole: Scanned[], trusted: Segment[], ordinal: number, start: EpochStart): OpenSegment | null {
  const file = whole.at(-1);
  if (file?.header === null || file === undefined || !sameEpoch(file.header.epoch, start.epoch)) return null;
  if (trusted.some((row) => row.ordinal === ordinal && row.last > file.last)) return null;
  return { name: file.name, start, first: file.header.first, last: file.last };
}

const toSegment = ({ name, header, last, good }: Scanned): Segment => ({
  name,
  ordinal: header?.epoch.ordinal ?? 0,
  first: header?.first ?? 0,
  last,
  bytes: good,
});

/** Ranges of 1 to `seq` that no file holds. */
function gaps(covered: { first: number; last: number }[], seq: number): [number, number][] {
  const found: [number, number][] = [];
  let next = 1;
  for (const { first, last } of covered.toSorted((a, b) => a.first - b.first)) {
    if (first > next) found.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= seq) found.push([next, seq]);
  return found;
}

type Row = {
  id: number;
  chain: Uint8Array;
  bytes: Uint8Array;
  content: Uint8Array;
  client: string | null;
  carried: number;
};

/** Writes the entries behind `from` up to `to` of an epoch, page by page. */
function fill(db: Db, writer: MirrorWriter, start: EpochStart, from: MirrorRecord['after'], to: number): Segment[] {
  const { ordinal } = start.epoch;
  const select = db.prepare<[number, number], Row>(
    `SELECT id, chain, bytes, content, client, key IS NULL AS carried FROM entry WHERE id >= ? AND id <= ? ORDER BY id`,
  );
  const complete: Segment[] = [];
  let after = from;
  while (after.seq < to) {
    const records: MirrorRecord[] = [];
    let bytes = 0;
    for (const entry of select.iterate(entryId(ordinal, after.seq + 1), entryId(ordinal, to))) {
      const record = entryRecord(entry, after);
      records.push(record);
      after = { seq: seqOf(entry.id), chain: hex(entry.chain) };
      bytes += entry.bytes.length;
      if (bytes > BATCH_BYTES_MAX) break;
    }
    if (records.length === 0) throw new Error(`entry ${after.seq + 1} is missing in the database`);
    complete.push(...writer.append(start, records));
  }
  complete.push(...writer.append(start, aliasRecords(db, entryId(ordinal, from.seq + 1), entryId(ordinal, to), after)));
  return complete;
}

function entryRecord(entry: Row, after: MirrorRecord['after']): MirrorRecord {
  return {
    meta: {
      kind: 'entry',
      seq: seqOf(entry.id),
      chain: hex(entry.chain),
      content: hex(entry.content),
      client: entry.client ?? undefined,
      carried: entry.carried === 1 ? true : undefined,
    },
    payload: entry.bytes,
    after,
  };
}

function aliasRecords(db: Db, from: number, to: number, after: MirrorRecord['after']): MirrorRecord[] {
  return db
    .prepare<[number, number], { client: string; entry: number }>(
      'SELECT client, entry FROM client_alias WHERE entry >= ? AND entry <= ?',
    )
    .all(from, to)
    .map(({ client, entry }) => ({
      meta: { kind: 'alias', epoch: ordinalOf(entry), seq: seqOf(entry), client },
      after,
    }));
}

/** Cursors and what is set aside: beside the entries, a mirror that was lost lacks these too. */
function otherRecords(db: Db, after: MirrorRecord['after']): MirrorRecord[] {
  const cursors = db.prepare<[], CursorMeta>('SELECT feed, till, position FROM cursor').all();
  const asides: SetAsideItem[] = [];
  for (let page = listAside(db, { limit: PAGE_ROWS_MAX }); page.length > 0; ) {
    asides.push(...page);
    page = listAside(db, { after: page.at(-1)?.id, limit: PAGE_ROWS_MAX });
  }
  return [
    ...cursors.map((cursor): MirrorRecord => ({ meta: { kind: 'cursor', ...cursor }, after })),
    ...asides.map(
      ({ id: _, atMs, resolvedMs: __, ...item }): MirrorRecord => ({ meta: { kind: 'aside', atMs, item }, after }),
    ),
  ];
}

function chainBefore(db: Db, store: string, epoch: Epoch, from: number): string {
  if (from === 1) return genesisChain(sha256, store, epoch);
  const select = db.prepare<[number], Uint8Array>('SELECT chain FROM entry WHERE id = ?').pluck();
  const chain = select.get(entryId(epoch.ordinal, from - 1));
  if (chain === undefined) throw new Error(`entry ${from - 1} is missing in the database`);
  return hex(chain);
}

/** Remembers complete files, and forgets those that are gone where `keep` names all there are. */
export function saveSegments(db: Db, added: Segment[], keep?: Segment[] | undefined): void {
  const insert = db.prepare(
    'INSERT OR REPLACE INTO mirror_segment (name, ordinal, first, last, bytes) VALUES (?, ?, ?, ?, ?)',
  );
  db.transaction(() => {
    if (keep !== undefined) db.exec('DELETE FROM mirror_segment');
    for (const { name, ordinal, first, last, bytes } of keep ?? added) insert.run(name, ordinal, first, last, bytes);
  })();
}
