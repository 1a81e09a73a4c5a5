// The contract of intake and ledger on the embedded trial database.
import { describe } from 'vitest';
import { IN_MEMORY, openDatabase } from '../../central/database.ts';
import { describeGroups } from './groups.contract.ts';
import { describeIntake } from './intake.contract.ts';
import { describeLedger } from './ledger.contract.ts';
import { describeOrder } from './order.contract.ts';
import { useRig } from './rig.ts';

describe('central on PGlite', () => {
  const rig = useRig(() => openDatabase(IN_MEMORY));
  describeIntake(rig);
  describeGroups(rig);
  describeLedger(rig);
  describeOrder(rig);
});
