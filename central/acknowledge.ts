// A store says how far it has applied central's directives: cumulative, never beyond what central holds.
import type { DirectivesAck } from '../protocol/wire/frames.ts';
import type { Intake } from './intake.ts';
import { judgeSigned, type Refused, reject, unknownStore } from './judge.ts';
import type { LedgerTx } from './ports.ts';
import { type Reply, refusalOf } from './replies.ts';

/** What is said to it, and whether there is more to tell it. */
export type Acknowledged = { replies: Reply[]; hasMore: boolean };

export async function takeAcknowledgement(intake: Intake, ack: DirectivesAck): Promise<Acknowledged> {
  const taken = await intake.ledger.transaction((tx) => acknowledge(tx, ack));
  return 'kind' in taken
    ? { replies: [refusalOf(intake, ack, taken)], hasMore: false }
    : { replies: [], hasMore: taken.hasMore };
}

async function acknowledge(tx: LedgerTx, ack: DirectivesAck): Promise<Refused | { hasMore: boolean }> {
  const { store, dseq } = ack;
  const stream = await tx.streams.lock(store, ack.instance);
  if (stream === null) return unknownStore(store);
  const refused = judgeSigned(stream, ack);
  if (refused !== null) return refused;
  if (dseq > stream.heldDseq) {
    return reject('gap', `Directive ${dseq} was never said to this store: central holds ${stream.heldDseq}.`);
  }
  if (dseq > 0 && (await tx.directives.chainAt(store, dseq)) !== ack.chain) {
    return reject('chain', `Directive ${dseq} is another one than central holds. What central holds now counts.`);
  }
  if (dseq > stream.ackedDseq) await tx.directives.acked(store, dseq);
  return { hasMore: dseq < stream.heldDseq };
}
