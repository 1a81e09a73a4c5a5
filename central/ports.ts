// The ledger in the words of those who decide: what hello and intake read and write, whatever database keeps it.
import type { Epoch } from '../core/chain.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import type { Arrived, Before, Posted } from './fold.ts';
import type { Stream } from './judge.ts';

/**
 * `transaction` does all that `work` wrote or nothing, and resolves after the commit only. What was given up in favour of
 * another transaction is done again a few times (F45), so `work` may run more than once. Throws what `work` threw, GivenUp
 * or UnacceptableData; any other error, a connection lost at commit too, means that nobody knows whether it was committed.
 */
export type Ledger = { transaction<T>(work: (tx: LedgerTx) => Promise<T>): Promise<T> };

/** What can be asked and written inside a transaction, by topic. */
export type LedgerTx = {
  central: CentralIdentity;
  deviceKeys: DeviceKeys;
  streams: Streams;
  entries: Entries;
  postings: Postings;
};

export type CentralIdentity = {
  /** This ledger's name, made once out of `fresh`: a ledger restored from elsewhere has another one. 32 hex digits. */
  ensureIncarnation(fresh: string, createdMs: number): Promise<string>;
};

export type DeviceKeys = {
  /** Public key that may sign for the store, or null where none is pinned yet. */
  read(store: string): Promise<string | null>;
  pin(key: { store: string; keyId: string; publicKey: string; pinnedMs: number }): Promise<void>;
};

export type SessionBegun = { instance: string; session: string; hello: string; takesOverFrom: string | null };

export type Streams = {
  ensure(store: string, createdMs: number): Promise<void>;
  /**
   * Locks the store's stream until the transaction ends: whoever works for a store holds it. `instance` is who speaks.
   * Null for a store that never said hello.
   */
  lock(store: string, instance: string): Promise<Stream | null>;
  beginSession(store: string, begun: SessionBegun): Promise<void>;
  /** Instance that last said hello, for answers to what could not be read. */
  currentInstance(store: string): Promise<string | null>;
};

export type Entries = {
  /** Chain digest at an entry that is held; null where it is not. `epoch` is the ordinal. */
  chainAt(store: string, epoch: number, seq: number): Promise<string | null>;
};

/** Whose entries are posted, and when. */
export type PostingContext = { store: string; epoch: Epoch; postedMs: number };

/** The stream must be locked: nobody else writes for this store then. */
export type Postings = {
  /** What the entries touch: keys that are known and positions that exist. The caller may change what it gets. */
  loadBefore(store: string, arrived: Arrived[]): Promise<Before>;
  /**
   * Writes all that a few batches changed, and moves the stream on. `posted` is not empty; `after` holds the positions
   * behind the last entry; `batches` are those it came in, signed.
   */
  writePosted(context: PostingContext, posted: Posted[], after: Before, batches: Batch[]): Promise<void>;
};

/** The values themselves were not acceptable to the ledger: the same ones will not be at another time either. */
export class UnacceptableData extends Error {
  override readonly name = 'UnacceptableData';
}

/** The transaction was given up in favour of others: nothing of it was done. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}
