// What to do with a hello or a batch, given where the store's stream stands: decided without any I/O.
import { type Epoch, genesisChain, sameEpoch } from '../core/chain.ts';
import type { Hash } from '../core/hash.ts';
import type { Batch, Hello, Reject } from '../protocol/wire/frames.ts';

export type Stream = {
  store: string;
  /** Public key that may sign for the store, in hex; null where none is pinned. */
  deviceKey: string | null;
  /** Null while nothing of this store was ever taken. */
  epoch: Epoch | null;
  seq: number;
  chain: string | null;
  instance: string | null;
  session: string | null;
  hello: string | null;
  /** The instance that speaks now was taken over by a newer one (D9). */
  fromSuperseded: boolean;
};

export type Refused = { kind: 'fence'; reason: string } | { kind: 'reject'; code: Reject['code']; message: string };

export type HelloVerdict = Refused | { kind: 'welcome'; session: 'same' | 'new'; takesOverFrom: string | null };

/** `from` is the index of the first entry that comes next, if the chain says so too. */
export type BatchVerdict = Refused | { kind: 'known' } | { kind: 'next'; from: number };

export function judgeHello(stream: Stream, hello: Hello): HelloVerdict {
  if (stream.fromSuperseded) return fence(stream.store);
  if (stream.epoch !== null && !sameEpoch(stream.epoch, hello.epoch)) return unknownEpoch(stream.epoch, hello.epoch);
  const isSameInstance = stream.instance === hello.instance;
  return {
    kind: 'welcome',
    session: isSameInstance && stream.hello === hello.nonce && stream.session !== null ? 'same' : 'new',
    takesOverFrom: isSameInstance ? null : stream.instance,
  };
}

/**
 * By its numbers: known already, the next ones, or an overlap with both. An instance that never said hello is asked for
 * one rather than fenced: after a restore of central all of them are.
 */
export function judgeBatch(stream: Stream, batch: Batch): BatchVerdict {
  if (stream.fromSuperseded) return fence(stream.store);
  if (stream.instance !== batch.instance || stream.session !== batch.session) {
    return reject('session', 'This session is not known here: say hello first.');
  }
  const { length } = batch.entries;
  if (length !== batch.last - batch.first + 1) {
    return reject('malformed', `${length} entries cannot be numbers ${batch.first} to ${batch.last}.`);
  }
  if (stream.epoch !== null && !sameEpoch(stream.epoch, batch.epoch)) return unknownEpoch(stream.epoch, batch.epoch);
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
  return chains.at(-1) === batch.chain ? null : otherHistory(batch.last);
}

export const otherHistory = (seq: number): Refused =>
  reject('chain', `The chain at entry ${seq} is not the one that central computes: nothing was taken.`);

const fence = (store: string): Refused => ({
  kind: 'fence',
  reason: `Another computer, or a newer start of this one, now speaks for store ${store}. A person must decide which one goes on.`,
});

const unknownEpoch = (known: Epoch, shown: Epoch): Refused =>
  reject(
    'epoch',
    `Central holds epoch ${known.ordinal} of this store and cannot take epoch ${shown.ordinal} (another life of the journal) yet: nothing was taken.`,
  );

export const reject = (code: Reject['code'], message: string): Refused => ({ kind: 'reject', code, message });

/** Not a matter of keys: a central that lost its database must be greeted again by every store. */
export const unknownStore = (store: string): Refused =>
  reject('session', `Store ${store} is not known here: say hello first.`);

export const badSignature = reject('signature', 'The signature does not fit what was said: nothing was taken.');

export const otherKey = (store: string): Refused =>
  reject('key', `Store ${store} is enrolled with another device key: a person must release it at central first.`);
