// The journal's second copy: append-only files on another disk where there is one, on the disk before the answer.
import { join } from 'node:path';
import { assert } from '../core/assert.ts';
import { sameEpoch } from '../core/chain.ts';
import type { Disk } from './disk.ts';
import type { EpochStart } from './epochs.ts';
import { encodeRecord, type RecordMeta } from './mirror-record.ts';

/** What is to be written; `after` is the entry it follows. */
export type MirrorRecord = {
  meta: RecordMeta;
  payload?: Uint8Array | undefined;
  after: { seq: number; chain: string };
};

/** A complete file of the mirror: entries first to last of an epoch. */
export type Segment = { name: string; ordinal: number; first: number; last: number; bytes: number };

/** The file that goes on growing. */
export type OpenSegment = { name: string; start: EpochStart; first: number; last: number };

const NAME = /^\d{4}-\d{12}-[0-9a-f]{8}-\d+\.mirror$/;

/** Sorts by epoch and entry. A name in use (a file without entries) gets the next number at its end. */
function freeName(disk: Disk, folder: string, { epoch }: EpochStart, first: number): string {
  for (let copy = 1; ; copy++) {
    const name = `${pad(epoch.ordinal, 4)}-${pad(first, 12)}-${epoch.life.slice(0, 8)}-${copy}.mirror`;
    if (!disk.exists(join(folder, name))) return name;
  }
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** Segments of a folder in the order in which they were written, with their sizes. */
export function listSegments(disk: Disk, folder: string): { name: string; bytes: number }[] {
  return disk
    .list(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => ({ name, bytes: disk.sizeOf(join(folder, name)) }));
}

export type MirrorWriter = {
  /** On the disk when it returns. Throws what the disk says. Returns the files that became complete. */
  append(start: EpochStart, records: MirrorRecord[]): Segment[];
  /** Completes the open file. */
  finish(): Segment[];
  close(): void;
  /** The file that is open, or null. */
  name(): string | null;
};

export function openMirrorWriter(
  disk: Disk,
  folder: string,
  store: string,
  segmentBytes: number,
  resume: OpenSegment | null,
): MirrorWriter {
  let open = resume === null ? null : resumeSegment(resume);
  let pending: Buffer[] = [];

  function resumeSegment(segment: OpenSegment) {
    const path = join(folder, segment.name);
    return { ...segment, bytes: disk.sizeOf(path), file: disk.openAppend(path, 'existing') };
  }

  function flush(): void {
    if (open === null || pending.length === 0) return;
    open.file.append(Buffer.concat(pending));
    pending = [];
    open.file.sync();
  }

  function finish(): Segment[] {
    if (open === null) return [];
    flush();
    open.file.close();
    const { name, start, first, last, bytes } = open;
    open = null;
    return [{ name, ordinal: start.epoch.ordinal, first, last, bytes }];
  }

  function startSegment(start: EpochStart, { seq, chain }: MirrorRecord['after']): NonNullable<typeof open> {
    const name = freeName(disk, folder, start, seq + 1);
    const file = disk.openAppend(join(folder, name), 'new');
    disk.syncFolder(folder);
    const header = encodeRecord({ kind: 'segment', v: 1, store, first: seq + 1, before: chain, ...start });
    pending.push(header);
    return { name, start, first: seq + 1, last: seq, file, bytes: header.length };
  }

  function append(start: EpochStart, records: MirrorRecord[]): Segment[] {
    const complete: Segment[] = [];
    for (const { meta, payload, after } of records) {
      const record = encodeRecord(meta, payload);
      if (open !== null && mustRotate(open, start, meta, record.length)) complete.push(...finish());
      open ??= startSegment(start, after);
      pending.push(record);
      open.bytes += record.length;
      if (meta.kind === 'entry') {
        assert(meta.seq === open.last + 1, `the mirror would skip from ${open.last} to ${meta.seq}`);
        open.last = meta.seq;
      }
    }
    flush();
    return complete;
  }

  const mustRotate = (
    at: OpenSegment & { bytes: number },
    start: EpochStart,
    meta: RecordMeta,
    bytes: number,
  ): boolean =>
    !sameEpoch(at.start.epoch, start.epoch) ||
    (meta.kind === 'entry' && at.last >= at.first && at.bytes + bytes > segmentBytes);

  return {
    append,
    finish,
    name: () => open?.name ?? null,
    close: () => {
      open?.file.close();
      open = null;
    },
  };
}
