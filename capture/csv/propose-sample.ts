// A bounded sample of a file of any size: its beginning, and pieces from all over the rest, cut to whole lines.
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  SAMPLE_HEAD_BYTES,
  SAMPLE_PIECE_BYTES,
  SAMPLE_PIECES,
  SAMPLE_UNPACKED_BYTES_MAX,
} from '../../core/limits/feeds.ts';
import { ImportStopped, unpacked } from './source.ts';

export type Sample = {
  encoding: 'utf-8' | 'utf-16le' | 'windows-1252';
  why: string;
  sure: 'sure' | 'likely';
  /** The beginning, without byte order mark. */
  head: string;
  /** Whole lines from further on. */
  pieces: string[];
  /** Whether the head is the whole file. */
  complete: boolean;
};

type Raw = { head: Buffer; pieces: Buffer[]; complete: boolean };

/** Throws ImportStopped where the file is no text. */
export async function sampleOf(path: string): Promise<Sample> {
  const raw = await rawSample(path);
  refuseNoText(raw.head);
  const found = encodingOf(raw);
  const decode = (bytes: Buffer): string => new TextDecoder(found.encoding).decode(bytes);
  const head = decode(raw.complete ? raw.head : wholeLines(raw.head, false));
  // A piece of two bytes a character may begin in the middle of one.
  const pieces = found.encoding === 'utf-16le' ? [] : raw.pieces.map((piece) => decode(wholeLines(piece, true)));
  return { ...found, head: head.replace(/^\ufeff/, ''), pieces, complete: raw.complete };
}

async function rawSample(path: string): Promise<Raw> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, Math.min(size, SAMPLE_HEAD_BYTES));
    if (head[0] === 0x1f && head[1] === 0x8b) return await packedSample(path);
    const rest = size - head.length;
    const pieces: Buffer[] = [];
    for (let nth = 1; nth <= SAMPLE_PIECES && rest > 0; nth++) {
      const from = head.length + Math.floor((rest * nth) / SAMPLE_PIECES) - SAMPLE_PIECE_BYTES;
      if (from >= head.length) pieces.push(await readAt(file, from, SAMPLE_PIECE_BYTES));
    }
    if (rest > 0 && pieces.length === 0) pieces.push(await readAt(file, head.length, rest));
    return { head, pieces, complete: rest === 0 };
  } finally {
    await file.close();
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

async function readAt(file: Opened, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, from + at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

/**
 * Nobody can jump in what is compressed: it is unpacked up to a bound, of which every second piece is let go again each
 * time there are too many; the last one is kept.
 */
async function packedSample(path: string): Promise<Raw> {
  const head: Buffer[] = [];
  let pieces: Buffer[] = [];
  let piece: Buffer[] = [];
  let held = 0;
  let at = 0;
  let every = 1;
  let nth = 0;
  const close = (): void => {
    if (nth++ % every === 0) pieces.push(Buffer.concat(piece));
    piece = [];
    held = 0;
    if (pieces.length < 2 * SAMPLE_PIECES) return;
    pieces = pieces.filter((_, index) => index % 2 === 0);
    every *= 2;
  };
  for await (const chunk of await unpacked(createReadStream(path))) {
    const bytes = Buffer.from(chunk);
    const ofHead = Math.max(0, Math.min(bytes.length, SAMPLE_HEAD_BYTES - at));
    if (ofHead > 0) head.push(bytes.subarray(0, ofHead));
    at += bytes.length;
    if (ofHead < bytes.length) piece.push(bytes.subarray(ofHead));
    held += bytes.length - ofHead;
    if (held >= SAMPLE_PIECE_BYTES) close();
    if (at > SAMPLE_UNPACKED_BYTES_MAX) break;
  }
  const last = held > 0 ? [Buffer.concat(piece)] : [];
  const step = Math.max(1, Math.ceil(pieces.length / SAMPLE_PIECES));
  const spread = pieces.filter((_, index) => (pieces.length - 1 - index) % step === 0);
  return { head: Buffer.concat(head), pieces: [...spread, ...last], complete: at <= SAMPLE_HEAD_BYTES };
}

/** From the first line end (or the beginning) to the last one. */
function wholeLines(bytes: Buffer, cutStart: boolean): Buffer {
  const first = cutStart ? bytes.indexOf(0x0a) + 1 : 0;
  const last = Math.max(bytes.lastIndexOf(0x0a), bytes.lastIndexOf(0x0d));
  return bytes.subarray(first, last < first ? bytes.length : last + 1);
}

const NO_TEXT: [number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'The file is a ZIP or an Excel workbook: save it as CSV (UTF-8) and look at that.'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'The file is an old Excel workbook: save it as CSV and look at that.'],
  [[0x25, 0x50, 0x44, 0x46], 'The file is a PDF: let the till export CSV or JSON.'],
];

function refuseNoText(head: Buffer): void {
  if (head.length === 0) throw new ImportStopped('bad-file', 'The file is empty.');
  for (const [start, why] of NO_TEXT) {
    if (start.every((byte, at) => head[at] === byte)) throw new ImportStopped('bad-file', why);
  }
  if (isWide(head)) return;
  const nuls = head.subarray(0, 65_536).filter((byte) => byte === 0).length;
  if (nuls > Math.min(head.length, 65_536) / 100) {
    throw new ImportStopped(
      'bad-file',
      'The file is no text: it holds NUL bytes all over. Let the till export CSV or JSON.',
    );
  }
}

/** UTF-16: a byte order mark, or every second byte of the beginning is NUL. */
function isWide(head: Buffer): boolean {
  if (head[0] === 0xff && head[1] === 0xfe) return true;
  const start = head.subarray(0, 200);
  const empty = (side: number): number => start.filter((byte, at) => at % 2 === side && byte === 0).length;
  return start.length >= 20 && empty(1) > start.length * 0.4 && empty(0) < start.length * 0.1;
}

function encodingOf({ head, pieces, complete }: Raw): Pick<Sample, 'encoding' | 'why' | 'sure'> {
  if (isWide(head)) return { encoding: 'utf-16le', sure: 'sure', why: 'every second byte is empty' };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    return { encoding: 'utf-8', sure: 'sure', why: 'the file begins with the byte order mark of UTF-8' };
  }
  const parts = [complete ? head : wholeLines(head, false), ...pieces.map((piece) => wholeLines(piece, true))];
  if (!parts.every((part) => isUtf8(part))) {
    return { encoding: 'windows-1252', sure: 'likely', why: 'it is not UTF-8, and most such files come from Windows' };
  }
  const plain = parts.every((part) => part.every((byte) => byte < 0x80));
  return { encoding: 'utf-8', sure: 'sure', why: plain ? 'it holds plain letters only' : 'its accents are UTF-8' };
}

const CHUNK_BYTES = 64 * 1024;

/** A text as the readers of files take it. */
export async function* textBytes(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}
