// The `tillwire` command: one file a command in commands/, mistakes told in a sentence.
import { Command, CommanderError } from 'commander';
import { ImportStopped } from '../capture/csv/source.ts';
import { FolderInUse, JournalVersion, NoJournal, OtherStore } from '../storage/errors.ts';
import { agentCommand } from './commands/agent.ts';
import { brokerCommand } from './commands/broker.ts';
import { centralCommand } from './commands/central.ts';
import { importCommand } from './commands/import.ts';
import { receiptCommand } from './commands/receipt.ts';
import { setAsideCommand } from './commands/set-aside.ts';
import { statusCommand } from './commands/status.ts';
import { stockCommand } from './commands/stock.ts';
import { verifyCommand } from './commands/verify.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

const EXIT_USAGE = 2;
const EXIT_FAULT = 70;
const TOLD = [UsageError, FolderInUse, NoJournal, JournalVersion, OtherStore, ImportStopped];

const program = new Command('tillwire')
  .description('Tillwire: captures what the tills did, keeps it safe, settles it with central.')
  .version(version)
  .exitOverride();
for (const command of [
  brokerCommand,
  centralCommand,
  agentCommand,
  importCommand,
  statusCommand,
  setAsideCommand,
  stockCommand,
  receiptCommand,
  verifyCommand,
]) {
  program.addCommand(command().exitOverride());
}

/** Errors whose sentence is for people: a mistake of the caller, a folder in use, a file that can't be read. */
const isTold = (error: unknown): error is Error => TOLD.some((kind) => error instanceof kind);

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (isTold(error)) {
    console.error(`tillwire: ${error.message}`);
    return EXIT_USAGE;
  }
  console.error(error);
  return EXIT_FAULT;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
