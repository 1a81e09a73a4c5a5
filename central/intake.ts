// Takes the batches of a store: checks who says them and where they belong, posts them, answers after the commit only.
import { type Epoch, linkChain } from '../core/chain.ts';
import type { DeadlineHours } from '../core/exception.ts';
import { sha256 } from '../protocol/sha256.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import { type Arrived, readFact } from './fold.ts';
import { judgeBatch, judgeChain, otherHistory, type Refused, type Stream, unknownStore } from './judge.ts';
import { type Ledger, type LedgerTx, UnacceptableData } from './ports.ts';
import { openPosting } from './posting.ts';
import { type Head, headOf, markOf, type Reply, refusalOf, type Speaker } from './replies.ts';
import { whyOtherKey } from './speaker.ts';

/** open: the first key that a store shows is pinned; required: only stores enrolled before are heard (D21). */
export type Enrolment = 'open' | 'required';
export type Intake = Speaker & {
  ledger: Ledger;
  enrolment: Enrolment;
  randomHex(bytes: number): string;
  /** Hours that questions have in a store, where its configuration says others than the policy. */
  hoursOf?: ((store: string) => DeadlineHours) | undefined;
};

/** A batch, and its entries chained and read: work that needs no lock, done once, when it is first asked for. */
export type Offer = { batch: Batch; entries(): Arrived[] };

export function offerOf(batch: Batch): Offer {
  let entries: Arrived[] | null = null;
  return {
    batch,
    entries() {
      entries ??= readEntries(batch);
      return entries;
    },
  };
}

function readEntries(batch: Batch): Arrived[] {
  let chain = batch.before;
  return batch.entries.map((entry, index) => {
    const bytes = Buffer.from(entry);
    chain = linkChain(sha256, chain, bytes);
    const read = readFact(batch.store, entry, sha256);
    return { seq: batch.first + index, chain, batchLast: batch.last, bytes, read };
  });
}

/**
 * Takes batches of one session in one transaction. Says one mark for all that is held now, after the commit (L2), and
 * the first refusal: a batch that was refused changes nothing, and those behind it are judged without it.
 * What the ledger finds unacceptable is taken in smaller and smaller pieces until the one bad fact stands alone and
 * is set aside: it never blocks the others (F49). `underway` is called whenever the ledger has long work to do.
 */
export async function takeBatches(intake: Intake, offers: Offer[], underway: () => void = () => {}): Promise<Reply[]> {
  const [first] = offers;
  if (first === undefined) return [];
  let most = offers.reduce((sum, { batch }) => sum + batch.entries.length, 0);
  for (;;) {
    try {
      const taken = await intake.ledger.transaction((tx) => take(tx, intake, offers, most, underway));
      if (taken.isAll) {
        const mark = taken.head === null ? [] : [markOf(intake, first.batch, taken.head)];
        return [...mark, ...taken.refused.slice(0, 1).map((refused) => refusalOf(intake, first.batch, refused))];
      }
      most = Math.max(1, most * 2);
    } catch (error) {
      if (!(error instanceof UnacceptableData) || most === 0) throw error;
      most = Math.floor(most / 2);
    }
  }
}

/** `head` is null where none of the batches is held; `isAll` where nothing acceptable was left for another time. */
type Taken = { head: Head | null; refused: Refused[]; isAll: boolean };

/** `most` new entries at a time; 0 means one, unread, because it could not be posted on its own either. */
async function take(tx: LedgerTx, intake: Intake, offers: Offer[], most: number, underway: () => void): Promise<Taken> {
  const { store, instance } = (offers[0] as Offer).batch;
  const stream = await tx.streams.lock(store, instance);
  if (stream === null) return { head: null, refused: [unknownStore(store)], isAll: true };
  const { isHeld, refused, fresh, batches } = await sift(tx, stream, offers);
  const arrived =
    most === 0
      ? fresh.slice(0, 1).map((entry) => ({ ...entry, read: null, isUnacceptable: entry.read !== null }))
      : fresh.slice(0, most);
  const epoch = batches[0]?.epoch;
  const after = epoch === undefined ? stream : await post(tx, intake, stream, { epoch, arrived, batches }, underway);
  return { head: isHeld ? headOf(after) : null, refused, isAll: arrived.length === fresh.length };
}

type Fresh = { epoch: Epoch; arrived: Arrived[]; batches: Batch[] };

/** All of one epoch. */
async function post(
  tx: LedgerTx,
  intake: Intake,
  stream: Stream,
  { epoch, arrived, batches }: Fresh,
  underway: () => void,
): Promise<Stream> {
  const facts = arrived.flatMap(({ read }) => read ?? []);
  const { fold, write } = await openPosting(tx, intake, stream, { facts, bodies: [] });
  for (const entry of arrived) fold.takeFact(epoch, entry);
  return write(batches, underway);
}

/** `isHeld`: some of them are held, from now on or already. */
type Sifted = { isHeld: boolean; refused: Refused[]; fresh: Arrived[]; batches: Batch[] };

/** Which entries are new, one batch after the other, each judged as if those before it were committed already. */
async function sift(tx: LedgerTx, stream: Stream, offers: Offer[]): Promise<Sifted> {
  const sifted: Sifted = { isHeld: false, refused: [], fresh: [], batches: [] };
  let at = stream;
  for (const { batch, entries } of offers) {
    const verdict = judgeBatch(at, batch);
    const refused =
      verdict.kind === 'next'
        ? judgeChain(
            at,
            batch,
            entries().map(({ chain }) => chain),
            sha256,
          )
        : verdict.kind === 'known'
          ? await judgeKnown(tx, batch, sifted.fresh)
          : verdict;
    if (refused !== null) {
      const isOtherKey = refused.kind === 'reject' && refused.code === 'key';
      sifted.refused.push(isOtherKey ? await whyOtherKey(tx, batch.store, batch.keyId) : refused);
      continue;
    }
    if (verdict.kind === 'next') {
      sifted.fresh.push(...entries().slice(verdict.from));
      sifted.batches.push(batch);
      at = { ...at, epoch: batch.epoch, seq: batch.last, chain: batch.chain };
    }
    sifted.isHeld = true;
  }
  return sifted;
}

/** Known by its numbers: ours by its chain too, or a fork that holds something else under them. */
async function judgeKnown(tx: LedgerTx, batch: Batch, fresh: Arrived[]): Promise<Refused | null> {
  const own = fresh.find(({ seq }) => seq === batch.last)?.chain;
  const chain = own ?? (await tx.entries.chainAt(batch.store, batch.epoch.ordinal, batch.last));
  return chain === batch.chain ? null : otherHistory(batch.last);
}
