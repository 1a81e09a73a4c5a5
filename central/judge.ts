// What to do with a hello or a batch, given where the store's stream stands: decided without any I/O.
import { type Epoch, genesisChain, linkChain, sameEpoch } from '../core/chain.ts';
import type { Hash } from '../core/hash.ts';
import type { Batch, Hello, Reject } from '../protocol/wire/frames.ts';

export type Stream = {
  store: string;
  /** Null while nothing of this store was ever taken. */
  epoch: Epoch | null;
  seq: number;
  chain: string | null;
  instance: string | null;
  session: string | null;
  hello: string | null;
  /** The instance that speaks now was taken over by a newer one (decision 9). */
  fromSuperseded: boolean;
};

export type Refused = { kind: 'fence'; reason: string } | { kind: 'reject'; code: Reject['code']; message: string };

export type HelloVerdict = Refused | { kind: 'welcome'; session: 'same' | 'new'; takesOverFrom: string | null };

/** `chains` are the digests of the new entries only, `from` is the index of the first of them in the batch. */
export type BatchVerdict = Refused | { kind: 'known' } | { kind: 'take'; from: number; chains: string[] };

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
 * All or nothing by sequence and chain (L3): known already, the next ones, or an overlap whose part we know is ours too.
 * An instance that never said hello is asked for one rather than fenced: after a restore of central all of them are.
 */
export function judgeBatch(stream: Stream, batch: Batch, entries: Uint8Array[], hash: Hash): BatchVerdict {
  if (stream.fromSuperseded) return fence(stream.store);
  if (stream.instance !== batch.instance || stream.session !== batch.session) {
    return reject('session', 'This session is not known here: say hello first.');
  }
  if (entries.length !== batch.last - batch.first + 1) {
    return reject('malformed', `${entries.length} entries cannot be numbers ${batch.first} to ${batch.last}.`);
  }
  if (stream.epoch !== null && !sameEpoch(stream.epoch, batch.epoch)) return unknownEpoch(stream.epoch, batch.epoch);
  if (batch.last <= stream.seq) return { kind: 'known' };
  if (batch.first > stream.seq + 1) {
    return reject('gap', `Entry ${stream.seq + 1} comes next, not ${batch.first}.`);
  }
  return followChain(stream, batch, entries, hash);
}

function followChain(stream: Stream, batch: Batch, entries: Uint8Array[], hash: Hash): BatchVerdict {
  const known = stream.chain ?? genesisChain(hash, stream.store, batch.epoch);
  const from = stream.seq + 1 - batch.first;
  const chains: string[] = [];
  let chain = batch.before;
  for (const [index, bytes] of entries.entries()) {
    if (index === from && chain !== known) return otherHistory(stream.seq);
    chain = linkChain(hash, chain, bytes);
    if (index >= from) chains.push(chain);
  }
  return chain === batch.chain ? { kind: 'take', from, chains } : otherHistory(batch.last);
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
