// A real SQLite database in memory whose commits pass through a gate: there the simulator lets them reach the disk or not.
import Database from 'better-sqlite3';
import { configure, type Db } from '../../storage/database.ts';

/** Called once for each commit; does it, or takes it back and throws what the disk would have said. */
export type Gate = (commit: () => void, takeBack: () => void) => void;

type Transaction = ReturnType<Db['transaction']>;
type Begin = 'BEGIN' | 'BEGIN IMMEDIATE' | 'BEGIN EXCLUSIVE';

/** The last image of a database as a connection. An empty one is new. Throws what SQLite says of a damaged one. */
export const openImage = (image: Buffer, options: Database.Options = {}): Db =>
  image.length === 0 ? new Database(':memory:') : new Database(image, options);

/**
 * For writing, with the settings of the real one. Commits are COMMIT statements, transactions of `db.transaction`, and
 * single statements outside of both. `onClose` gets the image that a clean end leaves.
 */
export function openMemoryDatabase(image: Buffer, gate: Gate, onClose: (image: Buffer) => void): Db {
  const db = openImage(image);
  const prepare = db.prepare.bind(db) as (sql: string) => Database.Statement<unknown[]>;
  const exec = db.exec.bind(db);
  const close = db.close.bind(db);
  const rollback = prepare('ROLLBACK');
  configure(db);

  function gated<Args extends unknown[], Value>(work: (...args: Args) => Value, takeBack: () => void) {
    return (...args: Args): Value => {
      const done: Value[] = [];
      gate(() => done.push(work(...args)), takeBack);
      return done[0] as Value;
    };
  }

  /** What is done outside a transaction is one of its own. */
  function alone<Args extends unknown[], Value>(work: (...args: Args) => Value): (...args: Args) => Value {
    const single = gated(work, () => {});
    return (...args) => (db.inTransaction ? work(...args) : single(...args));
  }

  function prepareGated(sql: string): Database.Statement<unknown[]> {
    const statement = prepare(sql);
    if (/^\s*COMMIT/i.test(sql)) {
      statement.run = gated(statement.run.bind(statement), () => void rollback.run());
    } else if (!statement.readonly && !/^\s*(BEGIN|ROLLBACK)/i.test(sql)) {
      statement.run = alone(statement.run.bind(statement));
      statement.get = alone(statement.get.bind(statement));
    }
    return statement;
  }

  function transaction(work: (...args: unknown[]) => unknown): Transaction {
    const within = (begin: Begin) => {
      return (...args: unknown[]): unknown => {
        if (db.inTransaction) return nested(() => work(...args));
        exec(begin);
        try {
          const value = work(...args);
          prepareGated('COMMIT').run();
          return value;
        } finally {
          if (db.inTransaction) rollback.run();
        }
      };
    };
    const immediate = within('BEGIN IMMEDIATE');
    const kinds = {
      default: within('BEGIN'),
      deferred: within('BEGIN'),
      immediate,
      exclusive: within('BEGIN EXCLUSIVE'),
    };
    return Object.assign(within('BEGIN'), kinds) as unknown as Transaction;
  }

  function nested(work: () => unknown): unknown {
    exec('SAVEPOINT nested');
    try {
      return work();
    } catch (error) {
      if (db.inTransaction) exec('ROLLBACK TO nested');
      throw error;
    } finally {
      if (db.inTransaction) exec('RELEASE nested');
    }
  }

  const gatedExec = alone(exec);
  return Object.assign(db, {
    prepare: prepareGated as Db['prepare'],
    transaction: transaction as unknown as Db['transaction'],
    exec: gatedExec,
    close(): Db {
      if (db.open) onClose(committed(db));
      return close();
    },
  });
}

/** The database without what an open transaction has written. */
export function committed(db: Db): Buffer {
  if (db.inTransaction) db.prepare('ROLLBACK').run();
  return db.serialize();
}
