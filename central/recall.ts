// Gives a store back the entries of a closed epoch that it lacks, as batches signed by central (H19 of the law).
import { genesisChain } from '../core/chain.ts';
import { text } from '../core/hash.ts';
import { RECALL_FRAMES_MAX } from '../core/limits/conversation.ts';
import { FRAME_BYTES_MAX } from '../core/limits.ts';
import { sha256 } from '../protocol/sha256.ts';
import { encodeFrame } from '../protocol/wire/codec.ts';
import type { Batch, Recall } from '../protocol/wire/frames.ts';
import { signFrame } from '../protocol/wire/signing.ts';
import type { Intake } from './intake.ts';
import { type Closing, judgeSigned, type Refused, reject, unknownStore } from './judge.ts';
import type { EntryBytes, LedgerTx } from './ports.ts';
import { addressed, type Reply, refusalOf, type Speaker } from './replies.ts';

/** A bounded number of batches: the store asks again from the last one that it got, until it is at the closed end. */
export async function takeRecall(intake: Intake, recall: Recall): Promise<Reply[]> {
  const found = await intake.ledger.transaction((tx) => find(tx, recall));
  if ('kind' in found) return [refusalOf(intake, recall, found)];
  let { before } = found;
  return found.pages.flatMap((page) => {
    const batches = batchesOf(intake, recall, before, page);
    before = page.at(-1)?.chain ?? before;
    return batches;
  });
}

type Found = { before: string; pages: EntryBytes[][] };

async function find(tx: LedgerTx, recall: Recall): Promise<Refused | Found> {
  const { store, epoch } = recall;
  const stream = await tx.streams.lock(store, recall.instance);
  if (stream === null) return unknownStore(store);
  const refused = judgeSigned(stream, recall);
  if (refused !== null) return refused;
  const closed = (await tx.directives.grants(store, 0))
    .filter(({ dseq }) => dseq <= stream.dseq)
    .map(({ closed }) => closed)
    .find(({ ordinal, life }) => ordinal === epoch.ordinal && life === epoch.life);
  if (closed === undefined) {
    return reject('epoch', `Central holds no closed epoch ${epoch.ordinal} of this life: nothing can be recalled.`);
  }
  return read(tx, store, closed, recall.after);
}

async function read(tx: LedgerTx, store: string, closed: Closing, after: number): Promise<Refused | Found> {
  const before =
    after === 0 ? genesisChain(sha256, store, closed) : await tx.entries.chainAt(store, closed.ordinal, after);
  if (before === null || after >= closed.seq) {
    return reject('gap', `Epoch ${closed.ordinal} of this store ends at entry ${closed.seq}.`);
  }
  const pages: EntryBytes[][] = [];
  for (let from = after; from < closed.seq && pages.length < RECALL_FRAMES_MAX; ) {
    const page = await tx.entries.page(store, closed.ordinal, from);
    const last = page.at(-1);
    if (last === undefined) break;
    pages.push(page);
    from = last.seq;
  }
  return { before, pages };
}

/** One batch, or several where one would exceed the bound of a frame. */
function batchesOf(speaker: Speaker, recall: Recall, before: string, page: EntryBytes[]): Batch[] {
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return [];
  const batch = signFrame<Batch>(
    {
      kind: 'batch',
      ...addressed(recall),
      epoch: recall.epoch,
      first: first.seq,
      last: last.seq,
      before,
      chain: last.chain,
      entries: page.map(({ bytes }) => text(bytes)),
    },
    speaker.signer,
  );
  if (page.length === 1 || encodeFrame(batch, 'none').length <= FRAME_BYTES_MAX) return [batch];
  const middle = Math.floor(page.length / 2);
  const head = page.slice(0, middle);
  return [
    ...batchesOf(speaker, recall, before, head),
    ...batchesOf(speaker, recall, head.at(-1)?.chain ?? before, page.slice(middle)),
  ];
}
