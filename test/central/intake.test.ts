// The contract of intake and ledger on the embedded trial database, and on the ledger in memory that simulations use.
import { describe } from 'vitest';
import { IN_MEMORY, openDatabase } from '../../central/database.ts';
import { describeLedgerPort } from './ledger-port.contract.ts';
import { memoryRig } from './memory-rig.ts';
import { describeQueries } from './queries.contract.ts';
import { useRig } from './rig.ts';
import { sqlRig } from './sql-rig.ts';

describe('central on PGlite', () => {
  const rig = useRig(() => sqlRig(openDatabase(IN_MEMORY)));
  describeLedgerPort(rig);
  describeQueries(rig);
});

describe('central in memory', () => {
  describeLedgerPort(useRig(memoryRig), 100);
});
