// A new life of a journal is granted: the old one ends where central stands, and IT is told (H19 of the law, D4).
import type { Epoch } from '../core/chain.ts';
import type { DecisionBody } from '../core/decision.ts';
import { exceptionId } from '../core/exception.ts';
import { directiveName, factName } from '../core/order.ts';
import { decide } from './decide.ts';
import type { Intake } from './intake.ts';
import type { Stream } from './judge.ts';
import type { LedgerTx } from './ports.ts';

/** In the transaction of the hello, whose stream is locked. The stream as it is then, in the new epoch. */
export async function grantEpoch(tx: LedgerTx, intake: Intake, stream: Stream, epoch: Epoch): Promise<Stream> {
  return decide(tx, intake, stream, grantOf(stream, epoch, intake.wallMs()));
}

/** The grant, and the question that it is to people. The stream has an epoch and nothing of it is pending. */
export function grantOf(stream: Stream, epoch: Epoch, atMs: number): { by: string; body: DecisionBody }[] {
  const { store, epoch: ended, seq, chain, heldDseq } = stream;
  if (ended === null || chain === null) return [];
  const grant = directiveName(heldDseq + 1);
  const body: DecisionBody = { kind: 'epoch-granted', closed: { ...ended, seq, chain }, ...epoch };
  const last = factName({ epoch: ended.ordinal, seq });
  const exception = {
    id: exceptionId('fork', grant, String(epoch.ordinal)),
    type: 'fork',
    sku: null,
    evidence: seq === 0 ? [grant] : [grant, last],
    message: sentenceOf(store, ended, epoch, seq),
    raisedMs: atMs,
  } as const;
  return [
    { by: 'central', body },
    { by: 'central', body: { kind: 'exception-raised', exception } },
  ];
}

const sentenceOf = (store: string, ended: Epoch, next: Epoch, seq: number): string =>
  `The journal of store ${store} does not go on where head office stands: an old copy of its disk was put back, the disk is new, or the journal was copied to a second computer. Journal ${ended.ordinal} ends at entry ${seq}, journal ${next.ordinal} goes on. What both hold is counted once.`;
