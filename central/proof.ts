// What a store shows of central's own earlier words: whether they prove that this database is an older copy (D12).
import { sameEpoch } from '../core/chain.ts';
import type { At } from '../core/order.ts';
import { FrameSchema, type Hello, type Mark, type Welcome } from '../protocol/wire/frames.ts';
import { isSignedBy } from '../protocol/wire/signing.ts';
import type { Stream } from './judge.ts';

/** A cut that central once said it held, under the incarnation that it had then. */
export type Proof = { incarnation: string; epoch: Welcome['epoch']; seq: number; dseq: number };

/** Null where there is none, or it is not central's own word for this store: nobody else's is believed. */
export function readProof({ store, proof }: Pick<Hello, 'store' | 'proof'>, ownKeys: readonly string[]): Proof | null {
  const said = proof === null ? null : readSaid(proof);
  if (said === null || said.store !== store || !ownKeys.some((key) => isSignedBy(said, key))) return null;
  const { incarnation, epoch, seq } = said;
  return { incarnation, epoch, seq, dseq: said.kind === 'mark' ? said.dseq : said.directives.dseq };
}

function readSaid(text: string): Mark | Welcome | null {
  try {
    const frame = FrameSchema.safeParse(JSON.parse(text)).data;
    return frame?.kind === 'mark' || frame?.kind === 'welcome' ? frame : null;
  } catch {
    return null;
  }
}

/**
 * `isLost`: this database does not hold what central held when it said so, and nobody has noticed yet. `owed` is the
 * entry up to which the store has to hand it back before anything is decided for it.
 */
export type Loss = { isLost: boolean; owed: At | null };
export const NO_LOSS: Loss = { isLost: false, owed: null };

/** `isKnown`: this database has heard of the incarnation in the proof. */
export function judgeProof(stream: Stream, proof: Proof, isKnown: boolean): Loss {
  const owed = entriesAhead(stream, proof);
  const isAhead = owed !== null || proof.dseq > stream.heldDseq;
  return { isLost: !isKnown || (isAhead && proof.incarnation === stream.incarnation), owed };
}

/** Under another life with the same or a lower ordinal the numbers mean something else. */
function entriesAhead(stream: Stream, { epoch, seq }: Proof): At | null {
  if (epoch === null || seq === 0) return null;
  const at = { epoch: epoch.ordinal, seq };
  if (stream.epoch === null || epoch.ordinal > stream.epoch.ordinal) return at;
  return sameEpoch(epoch, stream.epoch) && seq > stream.seq ? at : null;
}
