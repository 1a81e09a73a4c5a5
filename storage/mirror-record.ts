// The mirror's bytes: records framed by length and checksum, so that a torn or damaged one is seen.
import { crc32 } from 'node:zlib';
import type { SetAside } from '../core/captured.ts';
import type { Epoch } from '../core/chain.ts';
import { MIRROR_READ_BYTES, MIRROR_RECORD_BYTES_MAX } from '../core/limits.ts';
import type { Disk, ReadFile } from './disk.ts';
import type { EpochEnd } from './epochs.ts';

/** First record of each segment: whose entries follow, and behind which entry. */
export type SegmentHeader = {
  kind: 'segment';
  v: 1;
  store: string;
  epoch: Epoch;
  first: number;
  before: string;
  beganMs: number;
  reason: string;
  /** How the epoch before this one ended. */
  previous: EpochEnd | null;
};

export type CursorMeta = { feed: string; till: string; position: string };

/** An entry; its canonical bytes are the payload. Carried: it repeats an entry of an earlier epoch. */
export type EntryMeta = {
  kind: 'entry';
  seq: number;
  chain: string;
  content: string;
  client?: string | undefined;
  cursor?: CursorMeta | undefined;
  carried?: boolean | undefined;
};

export type AliasMeta = { kind: 'alias'; seq: number; epoch: number; client: string };
export type AsideMeta = { kind: 'aside'; atMs: number; item: SetAside };
export type RecordMeta = SegmentHeader | EntryMeta | AliasMeta | AsideMeta | ({ kind: 'cursor' } & CursorMeta);

const FRAME_BYTES = 8;
const META_BYTES = 4;
const NOTHING = new Uint8Array();

/** [length][crc32 of the rest][length of meta][meta as JSON][payload], numbers little endian. */
export function encodeRecord(meta: RecordMeta, payload: Uint8Array = NOTHING): Buffer {
  const json = Buffer.from(JSON.stringify(meta));
  const record = Buffer.allocUnsafe(FRAME_BYTES + META_BYTES + json.length + payload.length);
  record.writeUInt32LE(record.length - FRAME_BYTES, 0);
  record.writeUInt32LE(json.length, FRAME_BYTES);
  json.copy(record, FRAME_BYTES + META_BYTES);
  record.set(payload, FRAME_BYTES + META_BYTES + json.length);
  record.writeUInt32LE(crc32(record.subarray(FRAME_BYTES)), 4);
  return record;
}

export type ScanEnd = {
  /** Bytes of whole records; what follows is a torn tail. */
  good: number;
  size: number;
  /** A record in the middle was unreadable and skipped. */
  damaged: boolean;
};

/** Reads a segment from its beginning, in bounded pieces. `visit` returns false to stop early. */
export function scanRecords(
  disk: Disk,
  path: string,
  visit: (meta: RecordMeta, payload: Uint8Array) => boolean,
): ScanEnd {
  const file = disk.openRead(path);
  try {
    const { size } = file;
    const read = windowOf(file);
    let good = 0;
    let damaged = false;
    while (good < size) {
      const record = readRecord(read, good);
      if (record === null) {
        const next = behindDamage(read, good, size);
        if (next === null) break;
        damaged = true;
        good = next;
        continue;
      }
      good = record.end;
      if (!visit(record.meta, record.payload)) break;
    }
    return { good, size, damaged };
  } finally {
    file.close();
  }
}

type Read = (at: number, length: number) => Buffer | null;

function windowOf({ size, read }: ReadFile): Read {
  let window: Buffer = Buffer.alloc(0);
  let from = 0;
  return (at, length) => {
    if (at + length > size) return null;
    if (at < from || at + length > from + window.length) {
      window = read(at, Math.min(size - at, Math.max(length, MIRROR_READ_BYTES)));
      from = at;
      if (window.length < length) return null;
    }
    return window.subarray(at - from, at - from + length);
  };
}

function frameLength(read: Read, at: number): number | null {
  const length = read(at, FRAME_BYTES)?.readUInt32LE(0);
  return length === undefined || length < META_BYTES || length > MIRROR_RECORD_BYTES_MAX ? null : length;
}

function readRecord(read: Read, at: number): { meta: RecordMeta; payload: Uint8Array; end: number } | null {
  const length = frameLength(read, at);
  if (length === null) return null;
  const record = read(at, FRAME_BYTES + length);
  if (record === null || record.readUInt32LE(4) !== crc32(record.subarray(FRAME_BYTES))) return null;
  const split = FRAME_BYTES + META_BYTES + record.readUInt32LE(FRAME_BYTES);
  const meta = JSON.parse(record.toString('utf8', FRAME_BYTES + META_BYTES, split)) as RecordMeta;
  return { meta, payload: record.subarray(split), end: at + record.length };
}

/** A damaged record whose length still leads to a readable one is no torn tail: nothing behind it may be cut. */
function behindDamage(read: Read, at: number, size: number): number | null {
  const length = frameLength(read, at);
  if (length === null) return null;
  const next = at + FRAME_BYTES + length;
  return next < size && readRecord(read, next) !== null ? next : null;
}
