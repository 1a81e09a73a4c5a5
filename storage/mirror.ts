// The journal's second copy: append-only files on another disk where there is one, on the disk before the answer.
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../core/assert.ts';
import { sameEpoch } from '../core/chain.ts';
import { syncFolder } from './database.ts';
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
function freeName(folder: string, { epoch }: EpochStart, first: number): string {
  for (let copy = 1; ; copy++) {
    const name = `${pad(epoch.ordinal, 4)}-${pad(first, 12)}-${epoch.life.slice(0, 8)}-${copy}.mirror`;
    if (!existsSync(join(folder, name))) return name;
  }
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** Segments of a folder in the order in which they were written, with their sizes. */
export function listSegments(folder: string): { name: string; bytes: number }[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
}

/** Makes the last folder of the path only: where the disk above it is missing, that is a failure to be told. */
export function makeMirrorFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
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
  folder: string,
  store: string,
  segmentBytes: number,
  resume: OpenSegment | null,
): MirrorWriter {
  let open = resume === null ? null : { ...resume, handle: openSync(join(folder, resume.name), 'a', 0o600), bytes: 0 };
  if (open !== null) open.bytes = statSync(join(folder, open.name)).size;
  let pending: Buffer[] = [];

  function flush(): void {
    if (open === null || pending.length === 0) return;
    writeAll(open.handle, Buffer.concat(pending));
    pending = [];
    fdatasyncSync(open.handle);
  }

  function finish(): Segment[] {
    if (open === null) return [];
    flush();
    closeSync(open.handle);
    const { name, start, first, last, bytes } = open;
    open = null;
    return [{ name, ordinal: start.epoch.ordinal, first, last, bytes }];
  }

  function startSegment(start: EpochStart, { seq, chain }: MirrorRecord['after']): NonNullable<typeof open> {
    const name = freeName(folder, start, seq + 1);
    const handle = openSync(join(folder, name), 'wx', 0o600);
    syncFolder(folder);
    const header = encodeRecord({ kind: 'segment', v: 1, store, first: seq + 1, before: chain, ...start });
    pending.push(header);
    return { name, start, first: seq + 1, last: seq, handle, bytes: header.length };
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
      if (open !== null) closeSync(open.handle);
      open = null;
    },
  };
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}
