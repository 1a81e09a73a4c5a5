// Head office's desk on the embedded trial database, and on the ledger in memory that simulations use.
import { describe } from 'vitest';
import { IN_MEMORY, openDatabase } from '../../central/database.ts';
import { describeDecisions } from './decisions.contract.ts';
import { describeDesk } from './desk.contract.ts';
import { memoryRig } from './memory-rig.ts';
import { useRig } from './rig.ts';
import { sqlRig } from './sql-rig.ts';

describe('the desk on PGlite', () => {
  const rig = useRig(() => sqlRig(openDatabase(IN_MEMORY)));
  describeDesk(rig);
  describeDecisions(rig);
});

describe('the desk in memory', () => {
  const rig = useRig(memoryRig);
  describeDesk(rig);
  describeDecisions(rig);
});
