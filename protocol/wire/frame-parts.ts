// What the frames have in common.
import { z } from 'zod';
import { StoreId } from '../fact.ts';
import { WIRE_VERSION } from './version.ts';

export const Nonce = z.string().regex(/^[0-9a-f]{32}$/);
export const KeyId = z.string().regex(/^[0-9a-f]{16}$/);
export const Seq = z.int().nonnegative();
export const Millis = z.int().nonnegative();
export const Signature = z.string().regex(/^[0-9a-f]{128}$/);

export const signed = {
  v: z.literal(WIRE_VERSION),
  store: StoreId,
  /** Random per process start of the agent (D9). */
  instance: Nonce,
  keyId: KeyId,
  /** Ed25519 over the canonical JSON of the frame without `signature` and `entries`, in hex. */
  signature: Signature,
};
