// The keys that central ever signed with: its own words are believed when stores give them back.
import { keyIdOf, type Signer } from '../protocol/wire/signing.ts';

/** `formerKeys` are public, in hex: from before the key was changed. */
export type KeyRing = { signer: Signer; formerKeys?: readonly string[] | undefined };

export const ownKeys = ({ signer, formerKeys }: KeyRing): string[] => [signer.publicKey, ...(formerKeys ?? [])];

/** The public key of that id; null where central never had it. */
export const ownKey = (ring: KeyRing, keyId: string): string | null =>
  ownKeys(ring).find((key) => keyIdOf(key) === keyId) ?? null;
