// What to do with a batch, given where the store's stream stands: decided without any I/O.
import { type Epoch, genesisChain, sameEpoch } from '../core/chain.ts';
import type { Hash } from '../core/hash.ts';
import type { At } from '../core/order.ts';
import type { Batch, Frame, Reject } from '../protocol/wire/frames.ts';
import { isSignedBy, keyIdOf } from '../protocol/wire/signing.ts';

export type Stream = {
  store: string;
  /** Public key that may sign for the store, in hex; null where none is pinned. */
  deviceKey: string | null;
  /** Null while nothing of this store was ever taken. */
  epoch: Epoch | null;
  seq: number;
  chain: string | null;
  /** Last directive that has taken effect, and the last one in the log: those between wait for entries (D12). */
  dseq: number;
  heldDseq: number;
  /** Chain at `dseq` and at `heldDseq`; before the first one that of an empty log. */
  directiveChain: string;
  heldChain: string;
  /** Last directive that the store said it applied, and the last that its hello said it holds. */
  ackedDseq: number;
  promisedDseq: number;
  /** Digest sums of the positions and outcome chain at the present cut (R4). */
  buckets: Uint8Array;
  outcomes: string;
  /** Last trading day of the periods that are closed (R24). */
  closedThrough: string | null;
  /** Facts that are put aside now. */
  aside: number;
  /** Central's incarnation when the store last said hello; null where it never did. */
  greeted: string | null;
  instance: string | null;
  session: string | null;
  hello: string | null;
  /** Name of central's database now (D12). */
  incarnation: string;
  /** Null where central, as far as anybody showed, lost nothing of this store. */
  owed: Owed | null;
  /** The end of the present epoch by a grant that central took back and has not come to yet. */
  closing: Closing | null;
  /** The instance that speaks now was taken over by a newer one (D9). */
  fromSuperseded: boolean;
};

/**
 * Entry up to which a store has to hand back what a restored central lost (D12). `from` is where central stood when it
 * said so last, `asked` how often it has said so without getting any of it.
 */
export type Owed = At & { from: number; asked: number };

export type Closing = Epoch & { seq: number; chain: string };

export type Refused = { kind: 'fence'; reason: string } | { kind: 'reject'; code: Reject['code']; message: string };

/** A frame of a store that belongs to a session. */
export type InSession = Extract<Frame, { session: string }>;

/** `from` is the index of the first entry that comes next, if the chain says so too. */
export type BatchVerdict = Refused | { kind: 'known' } | { kind: 'next'; from: number };

/**
 * Only the present session of the present instance is heard, and only signed with the key that speaks for the store
 * (D5, D9, L9).
 */
export function judgeSigned(stream: Stream, frame: InSession): Refused | null {
  if (stream.deviceKey === null) return noDevice(stream.store);
  if (frame.keyId !== keyIdOf(stream.deviceKey)) return otherKey(stream.store);
  if (!isSignedBy(frame, stream.deviceKey)) return badSignature;
  if (stream.fromSuperseded) return fence(stream.store);
  if (stream.instance !== frame.instance || stream.session !== frame.session) {
    return reject('session', 'This session is not known here: say hello first.');
  }
  return null;
}

/**
 * By its numbers: known already, the next ones, or an overlap with both. An instance that never said hello is asked for
 * one rather than fenced: after a restore of central all of them are.
 */
export function judgeBatch(stream: Stream, batch: Batch): BatchVerdict {
  const refused = judgeSigned(stream, batch);
  if (refused !== null) return refused;
  const { length } = batch.entries;
  if (length !== batch.last - batch.first + 1) {
    return reject('malformed', `${length} entries cannot be numbers ${batch.first} to ${batch.last}.`);
  }
  if (stream.heldDseq < stream.promisedDseq) {
    return reject('gap', `Central was restored and first needs directive ${stream.heldDseq + 1} back.`);
  }
  const expected = stream.epoch ?? stream.closing;
  if (expected !== null && !sameEpoch(expected, batch.epoch)) return otherEpoch(expected, batch.epoch);
  if (stream.closing !== null && batch.last > stream.closing.seq) {
    return reject('epoch', `Epoch ${batch.epoch.ordinal} of this store ends at entry ${stream.closing.seq}.`);
  }
  if (batch.last <= stream.seq) return { kind: 'known' };
  if (batch.first > stream.seq + 1) {
    return reject('gap', `Entry ${stream.seq + 1} comes next, not ${batch.first}.`);
  }
  return { kind: 'next', from: stream.seq + 1 - batch.first };
}

/** By its chain, all or nothing (L3): what we know of it is ours too. `chains` are the digests at each entry. */
export function judgeChain(stream: Stream, batch: Batch, chains: readonly string[], hash: Hash): Refused | null {
  const from = stream.seq + 1 - batch.first;
  const ours = stream.chain ?? genesisChain(hash, stream.store, batch.epoch);
  if ((from === 0 ? batch.before : chains[from - 1]) !== ours) return otherHistory(stream.seq);
  const isEnd = stream.closing !== null && batch.last === stream.closing.seq;
  if (isEnd && batch.chain !== stream.closing?.chain) return otherHistory(batch.last);
  return chains.at(-1) === batch.chain ? null : otherHistory(batch.last);
}

export const otherHistory = (seq: number): Refused =>
  reject('chain', `The chain at entry ${seq} is not the one that central computes: nothing was taken.`);

export const fence = (store: string): Refused => ({
  kind: 'fence',
  reason: `Another computer, or a newer start of this one, now speaks for store ${store}. A person must decide which one goes on.`,
});

const otherEpoch = (held: Epoch, shown: Epoch): Refused =>
  reject(
    'epoch',
    `Central is at epoch ${held.ordinal} of this store and takes nothing of epoch ${shown.ordinal}, another life of the journal: say hello first.`,
  );

export const reject = (code: Reject['code'], message: string): Refused => ({ kind: 'reject', code, message });

/** Not a matter of keys: a central that lost its database must be greeted again by every store. */
export const unknownStore = (store: string): Refused =>
  reject('session', `Store ${store} is not known here: say hello first.`);

export const badSignature = reject('signature', 'The signature does not fit what was said: nothing was taken.');

export const otherKey = (store: string): Refused =>
  reject(
    'key',
    `Another computer or another key speaks for store ${store}. If this one is to, enrol it with a token of head office.`,
  );

export const noDevice = (store: string): Refused =>
  reject(
    'key',
    `No computer speaks for store ${store} any more: its access was taken back, or it left. Enrol one with a token of head office.`,
  );
