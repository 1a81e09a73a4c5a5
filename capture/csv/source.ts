// The bytes of a file as UTF-8 without byte order mark: unpacked where they are gzip, decoded, bounded.
import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { IMPORT_BYTES_MAX } from '../../core/limits/files.ts';

export type Bytes = AsyncIterable<Uint8Array>;

/**
 * An import that cannot go on. `bad-file`: the same file will fail again; the message says what of it is kept. The
 * others: try the same file again, what was captured already is a duplicate then.
 */
export class ImportStopped extends Error {
  override name = 'ImportStopped';
  code: 'bad-file' | 'disk-full' | 'busy';
  constructor(code: ImportStopped['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** A legacy encoding is turned into UTF-8; a byte order mark decides against the mapping. */
export async function* utf8Bytes(source: Bytes, encoding: string): AsyncGenerator<Buffer> {
  const [head, all] = await peek(bounded(await unpacked(source)), 3);
  const marked = markedEncoding(head);
  const label = marked ?? encoding.toLowerCase();
  if (label === 'utf-8' || label === 'utf8') {
    yield* withoutStart(all, head[0] === 0xef && marked !== null ? 3 : 0);
    return;
  }
  const decoder = new TextDecoder(label);
  for await (const chunk of all) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** What cannot be UTF-8 is kept byte for byte as Latin-1. */
export const textOf = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');

function markedEncoding(head: Buffer): string | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : null;
}

/** gzip is known by its first two bytes, whatever the file is called. */
export async function unpacked(source: Bytes): Promise<Bytes> {
  const [head, all] = await peek(source, 2);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all;
  return gunzip(all);
}

async function* gunzip(packed: Bytes): AsyncGenerator<Uint8Array> {
  const input = Readable.from(packed);
  const output = createGunzip();
  input.on('error', (error) => output.destroy(error));
  try {
    yield* input.pipe(output);
  } catch (error) {
    if (isZlibError(error)) {
      throw new ImportStopped('bad-file', `The compressed file is damaged or cut short: ${error.message}.`);
    }
    throw error;
  } finally {
    input.destroy();
    output.destroy();
  }
}

const isZlibError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

async function* bounded(source: Bytes): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > IMPORT_BYTES_MAX) {
      throw new ImportStopped('bad-file', `The file is larger than ${IMPORT_BYTES_MAX} bytes: cut it into parts.`);
    }
    yield chunk;
  }
}

/** The first bytes, and the whole again. */
async function peek(source: Bytes, count: number): Promise<[head: Buffer, all: AsyncGenerator<Uint8Array>]> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < count && !ended) {
    const next = await iterator.next();
    if (next.done === true) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return [head, all()];
}

async function* withoutStart(source: Bytes, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of source) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    yield Buffer.from(chunk.buffer, chunk.byteOffset + skipped, chunk.byteLength - skipped);
  }
}
