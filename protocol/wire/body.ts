// A message as bytes: a two-byte header (version, codec), then JSON, perhaps compressed. Bounded both ways (L11).
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { text } from '../../core/hash.ts';
import { FRAME_BYTES_MAX, FRAME_INFLATED_BYTES_MAX, QUOTED_LENGTH_MAX } from '../../core/limits.ts';
import { CODECS, type Codec } from './frames.ts';
import { WIRE_VERSION } from './version.ts';

export type Unreadable = { ok: false; code: 'version' | 'malformed'; message: string };
export type Unpacked = { ok: true; content: unknown } | Unreadable;

/** Bytes for one MQTT payload. */
export function packBody(content: unknown, codec: Codec): Buffer {
  const body = compress(Buffer.from(JSON.stringify(content)), codec);
  return Buffer.concat([Buffer.from([WIRE_VERSION, CODECS.indexOf(codec)]), body]);
}

/** Never throws: what cannot be read is said in words. */
export function unpackBody(payload: Uint8Array): Unpacked {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const [version, codecIndex] = bytes;
  if (version === undefined || codecIndex === undefined) return malformed('shorter than its header');
  if (version !== WIRE_VERSION) {
    return { ok: false, code: 'version', message: `wire version ${version}; this side speaks ${WIRE_VERSION}` };
  }
  const codec = CODECS[codecIndex];
  if (codec === undefined) return malformed(`codec ${codecIndex} is not known`);
  if (bytes.length > FRAME_BYTES_MAX) return malformed(`${bytes.length} bytes, more than ${FRAME_BYTES_MAX}`);
  try {
    return readBody(inflate(bytes.subarray(2), codec));
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error));
  }
}

function readBody(body: Buffer): Unpacked {
  try {
    return { ok: true, content: JSON.parse(text(body)) };
  } catch {
    // The parser's own words would quote what was sent.
    return malformed('the body is not JSON in UTF-8');
  }
}

export const malformed = (message: string): Unreadable => ({
  ok: false,
  code: 'malformed',
  message: message.slice(0, QUOTED_LENGTH_MAX),
});

function compress(body: Buffer, codec: Codec): Buffer {
  if (codec === 'zstd') return zstdCompressSync(body);
  return codec === 'gzip' ? gzipSync(body) : body;
}

function inflate(body: Buffer, codec: Codec): Buffer {
  const bounds = { maxOutputLength: FRAME_INFLATED_BYTES_MAX };
  if (codec === 'zstd') return zstdDecompressSync(body, bounds);
  return codec === 'gzip' ? gunzipSync(body, bounds) : body;
}
