// Frames to bytes and back; what is no frame is said in words.
import { malformed, packBody, type Unreadable, unpackBody } from './body.ts';
import { type Codec, type Frame, FrameSchema } from './frames.ts';

export type Decoded = { ok: true; frame: Frame } | Unreadable;

/** Bytes for one MQTT payload; the caller keeps it below FRAME_BYTES_MAX by sending fewer entries. */
export const encodeFrame = (frame: Frame, codec: Codec): Buffer => packBody(frame, codec);

/** Never throws: what cannot be read is said in words. */
export function decodeFrame(payload: Uint8Array): Decoded {
  const unpacked = unpackBody(payload);
  if (!unpacked.ok) return unpacked;
  const parsed = FrameSchema.safeParse(unpacked.content);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const [issue] = parsed.error.issues;
  return malformed(`${issue?.path.join('.') ?? 'frame'}: ${issue?.message ?? 'not a frame'}`);
}
