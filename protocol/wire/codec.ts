// Frames to bytes and back: a two-byte header (version, codec), then JSON, perhaps compressed. Bounded both ways.
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { text } from '../../core/hash.ts';
import { FRAME_BYTES_MAX, FRAME_INFLATED_BYTES_MAX, QUOTED_LENGTH_MAX } from '../../core/limits.ts';
import { CODECS, type Codec, type Frame, FrameSchema } from './frames.ts';
import { WIRE_VERSION } from './version.ts';

export type Decoded = { ok: true; frame: Frame } | { ok: false; code: 'version' | 'malformed'; message: string };

/** Bytes for one MQTT payload; the caller keeps it below FRAME_BYTES_MAX by sending fewer entries. */
export function encodeFrame(frame: Frame, codec: Codec): Buffer {
  const body = compress(Buffer.from(JSON.stringify(frame)), codec);
  return Buffer.concat([Buffer.from([WIRE_VERSION, CODECS.indexOf(codec)]), body]);
}

/** Never throws: what cannot be read is said in words. */
export function decodeFrame(payload: Uint8Array): Decoded {
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

function readBody(body: Buffer): Decoded {
  let content: unknown;
  try {
    content = JSON.parse(text(body));
  } catch {
    // The parser's own words would quote what was sent.
    return malformed('the body is not JSON in UTF-8');
  }
  const parsed = FrameSchema.safeParse(content);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const [issue] = parsed.error.issues;
  return malformed(`${issue?.path.join('.') ?? 'frame'}: ${issue?.message ?? 'not a frame'}`);
}

const malformed = (message: string): Decoded => ({
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
