// The ledger on PostgreSQL or PGlite: one file of SQL per topic of the port.
import { GivenUp, type Ledger, type LedgerTx, UnacceptableData } from '../ports.ts';
import type { Db } from '../schema.ts';
import { repeatGivenUp } from '../transactions.ts';
import { sqlAnswers } from './answers.ts';
import { sqlCentralIdentity } from './central-identity.ts';
import { sqlClaims } from './claims.ts';
import { sqlDeviceKeys } from './device-keys.ts';
import { sqlDirectives } from './directives.ts';
import { sqlEntries } from './entries.ts';
import { sqlExceptions } from './exceptions.ts';
import { sqlPostings } from './postings.ts';
import { sqlProvisional } from './provisional.ts';
import { sqlPutAside } from './put-aside.ts';
import { sqlShelves } from './shelves.ts';
import { sqlStreams } from './streams.ts';
import { sqlTasks } from './tasks.ts';
import { sqlTransfers } from './transfers.ts';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
/** Data exceptions and broken constraints. */
const UNACCEPTABLE = /^2[23]/;

/** `db` is migrated. */
export function openSqlLedger(db: Db): Ledger {
  return {
    transaction: (work) =>
      repeatGivenUp(() =>
        db
          .transaction()
          .execute((tx) => work(inSql(tx)))
          .catch(toldPlainly),
      ),
  };
}

const inSql = (db: Db): LedgerTx => ({
  central: sqlCentralIdentity(db),
  deviceKeys: sqlDeviceKeys(db),
  streams: sqlStreams(db),
  entries: sqlEntries(db),
  postings: sqlPostings(db),
  directives: sqlDirectives(db),
  shelves: sqlShelves(db),
  exceptions: sqlExceptions(db),
  putAside: sqlPutAside(db),
  provisional: sqlProvisional(db),
  claims: sqlClaims(db),
  transfers: sqlTransfers(db),
  tasks: sqlTasks(db),
  answers: sqlAnswers(db),
});

function toldPlainly(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const state = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if ([SERIALIZATION_FAILURE, DEADLOCK].includes(state)) throw new GivenUp(error.message, { cause: error });
  if (UNACCEPTABLE.test(state)) throw new UnacceptableData(error.message, { cause: error });
  throw error;
}
