// The ledger's database: PostgreSQL, or for a trial an embedded PGlite in a folder, behind one driver.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { DATABASE_CONNECTIONS, LOCK_WAIT_MS, STATEMENT_WAIT_MS } from '../core/limits.ts';
import { lockFolder } from './folder-lock.ts';
import { migrate } from './migrate.ts';
import type { Db, Tables } from './schema.ts';

export type CentralDatabase = {
  db: Db;
  /** True on PGlite: what it has committed survives a crash of the process, not of the machine (D19). */
  trial: boolean;
  close(): Promise<void>;
};

/** For tests and demonstrations: a trial database that is gone when the process ends. */
export const IN_MEMORY = 'memory:';

/**
 * Opens and migrates. `where` is postgres://..., a folder, or IN_MEMORY. Refuses a PostgreSQL that may forget what it
 * has committed, because a mark is a promise (L2, L3), and a folder that another process holds.
 */
export function openDatabase(where: string): Promise<CentralDatabase> {
  if (/^postgres(ql)?:\/\//.test(where)) return openPostgres(where);
  return where === IN_MEMORY ? openTrial('memory://', () => {}) : openFolder(where);
}

async function openPostgres(url: string): Promise<CentralDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: DATABASE_CONNECTIONS,
    types: TYPES,
    application_name: 'tillwire-central',
    statement_timeout: STATEMENT_WAIT_MS,
    lock_timeout: LOCK_WAIT_MS,
    idle_in_transaction_session_timeout: STATEMENT_WAIT_MS,
    connectionTimeoutMillis: LOCK_WAIT_MS,
  });
  const db = kyselyOver(pool);
  const close = (): Promise<void> => db.destroy();
  return ready({ db, trial: false, close }, () => assertDurable(db));
}

async function assertDurable(db: Db): Promise<void> {
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    const { rows } = await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(db);
    if (rows[0]?.value === 'off') {
      throw new Error(`The PostgreSQL server has ${setting} = off: it may lose sales it has confirmed. Turn it on.`);
    }
  }
}

async function openFolder(folder: string): Promise<CentralDatabase> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  try {
    const data = join(folder, 'pglite');
    // Left behind by a killed process; the lock says that nobody else is in here.
    rmSync(join(data, 'postmaster.pid'), { force: true });
    return await openTrial(`file://${data}`, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openTrial(dataDir: string, unlock: () => void): Promise<CentralDatabase> {
  const lite = await PGlite.create(dataDir);
  // A pool throws a client away after a failed query, so each client needs a connection object of its own.
  class LiteClient extends pg.Client {
    constructor() {
      super({ ...createPgConfig(lite), types: TYPES } as pg.ClientConfig);
    }
  }
  const pool = new pg.Pool({ max: 1, Client: LiteClient } as unknown as pg.PoolConfig);
  const db = kyselyOver(pool);
  const close = async (): Promise<void> => {
    await db.destroy();
    await lite.close();
    unlock();
  };
  return ready({ db, trial: true, close }, async () => {});
}

async function ready(database: CentralDatabase, check: () => Promise<void>): Promise<CentralDatabase> {
  try {
    await check();
    await migrate(database.db as unknown as Kysely<unknown>);
    return database;
  } catch (error) {
    await database.close().catch(() => {});
    throw error;
  }
}

function kyselyOver(pool: pg.Pool): Db {
  // A connection that breaks between two statements, idle or not, fails at its next use; unheard, it ends the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/** 64-bit integers come as exact numbers or not at all. */
const TYPES = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary'
      ? exactInteger
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

function exactInteger(digits: string): number {
  const value = Number(digits);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${digits} is not an exact integer here`);
  return value;
}
