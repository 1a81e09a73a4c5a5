// The ledger in memory, for simulated central services: real transactions, faults on demand, restored from older dumps.
import { GivenUp, type Ledger, type LedgerTx, UnacceptableData } from '../../central/ports.ts';
import { repeatGivenUp } from '../../central/transactions.ts';
import type { Posting } from '../../core/posting.ts';
import { openLocks } from './memory-locks.ts';
import { CENTRAL, openStages, openTables, type StreamRow, type Tables } from './memory-rows.ts';
import type { Staging } from './memory-table.ts';
import { inMemory } from './memory-topics.ts';

/**
 * serialization: given up once, so it is repeated. unacceptable: refused for its values. lost-before-commit and
 * lost-after-commit: the connection broke, and the caller cannot tell which of the two it was.
 */
export type Abort = 'serialization' | 'unacceptable' | 'lost-before-commit' | 'lost-after-commit';

export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

type Shown =
  | 'entries'
  | 'keys'
  | 'postings'
  | 'shelves'
  | 'directives'
  | 'directiveOutcomes'
  | 'changes'
  | 'exceptions'
  | 'deadLetters'
  | 'evidence'
  | 'tasks'
  | 'claims'
  | 'transfers';

/** What is committed, for checkers. Arrays are theirs, rows are not to be changed. */
export type LedgerView = {
  [K in Shown]: Tables[K]['rows'];
} & {
  incarnation(): string | null;
  /** Stores that ever said hello, by name. */
  stores(): string[];
  stream(store: string): StreamRow | undefined;
};

/** Puts back what was committed when it was taken; opaque, good for this ledger only, as often as wanted. */
export type Snapshot = { putBack(): void };

export type MemoryLedger = Ledger & {
  read: LedgerView;
  /** The next `times` attempts that write anything end like this; calls queue up. */
  abortNext(kind: Abort, times?: number): void;
  /** From now on postings like this are unacceptable, as a constraint of a database would have it. */
  refusePostings(isRefused: (store: string, posting: Posting) => boolean): void;
  snapshot(): Snapshot;
  /** Transactions that were underway are lost. */
  restore(snapshot: Snapshot): void;
  /** The process died: transactions that were underway are lost, what was committed stays. */
  crash(): void;
};

export function openMemoryLedger(): MemoryLedger {
  const tables = openTables();
  const aborts: Abort[] = [];
  let isRefused = (_store: string, _posting: Posting): boolean => false;
  let locks = openLocks();
  const crash = (): void => {
    locks = openLocks();
  };

  async function attempt<T>(work: (tx: LedgerTx) => Promise<T>): Promise<T> {
    const mine = locks;
    const held = mine.open();
    const staging: Staging = [];
    try {
      const result = await work(inMemory({ rows: openStages(tables, staging), locks: held, isRefused }));
      if (mine !== locks) throw new ConnectionLost('central died in the middle of a transaction');
      const abort = staging.length === 0 ? undefined : aborts.shift();
      if (abort !== undefined && abort !== 'lost-after-commit') throw errorOf(abort);
      for (const { check } of staging) check();
      for (const { apply } of staging) apply();
      if (abort !== undefined) throw errorOf(abort);
      return result;
    } finally {
      held.release();
    }
  }

  return {
    transaction: (work) => repeatGivenUp(() => attempt(work)),
    read: viewOf(tables),
    abortNext(kind, times = 1) {
      for (let n = 0; n < times; n++) aborts.push(kind);
    },
    refusePostings(next) {
      isRefused = next;
    },
    snapshot() {
      const saved = Object.values(tables).map((table) => table.save());
      return {
        putBack() {
          for (const restore of saved) restore();
        },
      };
    },
    restore(snapshot) {
      crash();
      snapshot.putBack();
    },
    crash,
  };
}

function errorOf(abort: Abort): Error {
  if (abort === 'serialization') return new GivenUp('given up in favour of another transaction');
  if (abort === 'unacceptable') return new UnacceptableData('the values are not acceptable');
  return new ConnectionLost('the connection was lost at commit');
}

const viewOf = (tables: Tables): LedgerView => ({
  incarnation: () => tables.central.rows(CENTRAL).findLast(({ lost }) => !lost)?.incarnation ?? null,
  stores: tables.streams.stores,
  stream: (store) => tables.streams.get(store, 'stream'),
  entries: tables.entries.rows,
  keys: tables.keys.rows,
  postings: tables.postings.rows,
  shelves: tables.shelves.rows,
  directives: tables.directives.rows,
  directiveOutcomes: tables.directiveOutcomes.rows,
  changes: tables.changes.rows,
  exceptions: tables.exceptions.rows,
  deadLetters: tables.deadLetters.rows,
  evidence: tables.evidence.rows,
  tasks: tables.tasks.rows,
  claims: tables.claims.rows,
  transfers: tables.transfers.rows,
});
