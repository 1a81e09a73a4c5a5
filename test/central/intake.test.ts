// The intake's contract on the embedded trial database.
import { IN_MEMORY, openDatabase } from '../../central/database.ts';
import { describeIntake } from './ledger.contract.ts';

describeIntake('PGlite', () => openDatabase(IN_MEMORY));
