// The retained message of configuration as bytes (docs/protocol.md): header, then gzip of its JSON, bounded both ways.
import { ConfigurationMessage } from '../configuration/revision.ts';
import { malformed, packBody, type Unreadable, unpackBody } from './body.ts';

export type ReadMessage = { ok: true; message: ConfigurationMessage } | Unreadable;

/** Bytes for one MQTT payload; the caller keeps it below FRAME_BYTES_MAX. */
export const encodeConfigurationMessage = (message: ConfigurationMessage): Buffer => packBody(message, 'gzip');

/** Never throws: what cannot be read is said in words. */
export function decodeConfigurationMessage(payload: Uint8Array): ReadMessage {
  const unpacked = unpackBody(payload);
  if (!unpacked.ok) return unpacked;
  const parsed = ConfigurationMessage.safeParse(unpacked.content);
  if (parsed.success) return { ok: true, message: parsed.data };
  const [issue] = parsed.error.issues;
  return malformed(`${issue?.path.join('.') ?? 'message'}: ${issue?.message ?? 'not a message of configuration'}`);
}
