// Whether the frame that settled a document is what it should be: signed by the pinned key, about this very history.
import type { SettledProof } from '../protocol/local/receipt-life.ts';
import { Mark, Welcome } from '../protocol/wire/frames.ts';
import { isSignedBy } from '../protocol/wire/signing.ts';
import type { KeptLife } from '../storage/receipt-life.ts';

/** Null where nothing is kept, or what is kept cannot be read. A welcome settles too: it says the same words (L3). */
export function checkProof({ epoch, proof }: Pick<KeptLife, 'epoch' | 'proof'>, store: string): SettledProof | null {
  const frame = proof === null ? null : readFrame(proof.frame);
  if (proof === null || frame === null || frame.chain === null) return null;
  const { seq, chain, keyId, at } = frame;
  const isAboutUs = frame.store === store && frame.epoch?.ordinal === epoch;
  return {
    ...{ seq, chain, keyId, signedMs: at, digest: frame.kind === 'mark' ? frame.digest : null },
    signatureHolds: holds(() => isSignedBy(frame, proof.publicKey)),
    chainHolds: isAboutUs && proof.chain === chain,
    frame: proof.frame,
    publicKey: proof.publicKey,
  };
}

function readFrame(text: string): Mark | Welcome | null {
  try {
    const said: unknown = JSON.parse(text);
    return Mark.safeParse(said).data ?? Welcome.safeParse(said).data ?? null;
  } catch {
    return null;
  }
}

/** A key or signature that is none proves nothing. */
function holds(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
