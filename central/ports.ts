// The ledger in the words of those who decide: what hello and intake read and write, whatever database keeps it.
import type { DeviceState } from '../core/device.ts';
import type { At } from '../core/order.ts';
import type { Batch } from '../protocol/wire/frames.ts';
import type { Answers, Claims, Tasks, Transfers } from './desk-ports.ts';
import type { Done } from './fold.ts';
import type { Stream } from './judge.ts';
import type { Directives, Exceptions, LoadedBook, PutAside, Shelves, Wanted } from './law-ports.ts';

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
  directives: Directives;
  shelves: Shelves;
  exceptions: Exceptions;
  putAside: PutAside;
  provisional: Provisional;
  claims: Claims;
  transfers: Transfers;
  tasks: Tasks;
  answers: Answers;
};

export type CentralIdentity = {
  /** Name of this ledger's present life, made out of `fresh` where it has none. 32 hex digits. */
  ensureIncarnation(fresh: string, createdMs: number): Promise<string>;
  /** Whether it ever had that name, or is known to have lost the memory of it. */
  knows(incarnation: string): Promise<boolean>;
  /**
   * Begins a new life because the ledger was put back from an older copy (D12), unless `was` is not its present name any
   * more: then somebody else noticed first. `lost` is a name that a store showed and nobody here knows. The new name.
   */
  renew(life: { fresh: string; was: string; lost: string | null; createdMs: number }): Promise<string>;
};

/** What is known of a key: its device, whether it is the one that speaks now, and the end of its certificate. */
export type KeyHolder = {
  /** Null where it was pinned without enrolment. */
  device: { device: string; state: DeviceState; untilMs: number } | null;
  isPresent: boolean;
};

export type DeviceKeys = {
  /** Public key that may sign for the store now, or null where none does. */
  read(store: string): Promise<string | null>;
  /** Null where the store never had this key. */
  holder(store: string, keyId: string): Promise<KeyHolder | null>;
  /** Whether any key ever spoke for the store: then nobody becomes its voice by speaking first. */
  hasAny(store: string): Promise<boolean>;
  /** What a hello under this key said that its journal holds. */
  hear(store: string, keyId: string, told: { epoch: number; seq: number; chain: string; atMs: number }): Promise<void>;
  /** Entries that were told under this key and are not held here; null where nothing was told. */
  remainder(store: string, keyId: string): Promise<number | null>;
  pin(key: { store: string; keyId: string; publicKey: string; pinnedMs: number }): Promise<void>;
};

export type SessionBegun = { instance: string; session: string; hello: string; takesOverFrom: string | null };

/** `ackedDseq` is what the store holds of central's directives now, less than before where its disk was put back. */
export type Greeting = { incarnation: string; ackedDseq: number; promisedDseq: number; owed: Stream['owed'] };

export type Streams = {
  ensure(store: string, createdMs: number): Promise<void>;
  /**
   * Locks the store's stream until the transaction ends: whoever works for a store holds it. `instance` is who speaks.
   * Null for a store that never said hello.
   */
  lock(store: string, instance: string): Promise<Stream | null>;
  beginSession(store: string, begun: SessionBegun): Promise<void>;
  /** What a hello that was welcomed told about where the store stands. */
  greet(store: string, greeting: Greeting): Promise<void>;
  /** Instance that last said hello, for answers to what could not be read. */
  currentInstance(store: string): Promise<string | null>;
};

export type Entries = {
  /** Chain digest at an entry that is held; null where it is not. `epoch` is the ordinal. */
  chainAt(store: string, epoch: number, seq: number): Promise<string | null>;
  /** Entries behind `after` in order: no more than BATCH_ENTRIES_MAX and BATCH_BYTES_MAX, but at least one. */
  page(store: string, epoch: number, after: number): Promise<EntryBytes[]>;
  /** Bytes of these entries, by their names ("1:55"); of those that are held. */
  read(store: string, places: readonly At[]): Promise<Map<string, Uint8Array>>;
};

export type EntryBytes = { seq: number; bytes: Uint8Array; chain: string };

/** What a store says it holds of a SKU "so far", thousandths. */
export type ProvisionalShelf = { sku: string; onHand: number; reserved: number };

export type Provisional = {
  /** Newest entry that what is kept includes; null where nothing is. */
  tip(store: string): Promise<At | null>;
  /** Adds to what is kept and replaces what an older tip said. */
  keep(store: string, said: { tip: At; atMs: number; shelves: ProvisionalShelf[] }): Promise<void>;
  /** Forgets what is posted by now. */
  drop(store: string, through: At): Promise<void>;
  /** Those whose entries are not posted yet, by SKU. */
  read(store: string): Promise<(ProvisionalShelf & { atMs: number })[]>;
};

/** The stream must be locked: nobody else writes for this store then. */
export type Postings = {
  /** The part of the store's book that is wanted. The caller may change what it gets. */
  load(store: string, wanted: Wanted): Promise<LoadedBook>;
  /** Writes all that was done, and moves the stream on; `batches` are those that the entries came in, signed. */
  write(done: Done, batches: Batch[]): Promise<void>;
};

/** The values themselves were not acceptable to the ledger: the same ones will not be at another time either. */
export class UnacceptableData extends Error {
  override readonly name = 'UnacceptableData';
}

/** The transaction was given up in favour of others: nothing of it was done. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}
