// The `tillwire` command: one file a command in commands/, mistakes told in a sentence.
import { Command, CommanderError } from 'commander';
import { ImportStopped } from '../capture/csv/source.ts';
import { LAST_WORDS_WAIT_MS } from '../core/limits.ts';
import {
  FolderHoldsOther,
  FolderInUse,
  JournalFault,
  JournalVersion,
  NoJournal,
  OtherStore,
} from '../storage/errors.ts';
import { fileSentence } from './file-error.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

const EXIT_FILE = 1;
const EXIT_USAGE = 2;
const EXIT_FAULT = 70;
/** Only the one that is called is loaded: loading is most of a start. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  broker: async () => (await import('./commands/broker.ts')).brokerCommand(),
  central: async () => (await import('./commands/central.ts')).centralCommand(),
  agent: async () => (await import('./commands/agent.ts')).agentCommand(),
  capture: async () => (await import('./commands/capture.ts')).captureCommand(),
  import: async () => (await import('./commands/import.ts')).importCommand(),
  till: async () => (await import('./commands/till.ts')).tillCommand(),
  lan: async () => (await import('./commands/lan.ts')).lanCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  'set-aside': async () => (await import('./commands/set-aside.ts')).setAsideCommand(),
  pause: async () => (await import('./commands/pause.ts')).pauseCommand(),
  resume: async () => (await import('./commands/resume.ts')).resumeCommand(),
  'move-out': async () => (await import('./commands/move-out.ts')).moveOutCommand(),
  'safe-to-wipe': async () => (await import('./commands/safe-to-wipe.ts')).safeToWipeCommand(),
  diagnostics: async () => (await import('./commands/diagnostics.ts')).diagnosticsCommand(),
  settings: async () => (await import('./commands/settings.ts')).settingsCommand(),
  stock: async () => (await import('./commands/stock.ts')).stockCommand(),
  receipt: async () => (await import('./commands/receipt.ts')).receiptCommand(),
  exceptions: async () => (await import('./commands/exceptions.ts')).exceptionsCommand(),
  explain: async () => (await import('./commands/explain.ts')).explainCommand(),
  decide: async () => (await import('./commands/decide.ts')).decideCommand(),
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcileCommand(),
  conserve: async () => (await import('./commands/conserve.ts')).conserveCommand(),
  update: async () => (await import('./commands/update.ts')).updateCommand(),
  catalogue: async () => (await import('./commands/catalogue.ts')).catalogueCommand(),
  account: async () => (await import('./commands/account.ts')).accountCommand(),
  token: async () => (await import('./commands/account.ts')).tokenCommand(),
  'sign-in': async () => (await import('./commands/account.ts')).signInCommand(),
  enrol: async () => (await import('./commands/enrol.ts')).enrolCommand(),
  revoke: async () => (await import('./commands/revoke.ts')).revokeCommand(),
  audit: async () => (await import('./commands/audit.ts')).auditCommand(),
  fleet: async () => (await import('./commands/fleet.ts')).fleetCommand(),
  command: async () => (await import('./commands/command.ts')).commandCommand(),
  config: async () => (await import('./commands/config.ts')).configCommand(),
  rollout: async () => (await import('./commands/rollout.ts')).rolloutCommand(),
  prepare: async () => (await import('./commands/prepare.ts')).prepareCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
};
/** Errors whose sentence is for people: a mistake of the caller, a folder in use, a file that can't be read. */
const TOLD = [UsageError, FolderHoldsOther, FolderInUse, NoJournal, JournalVersion, OtherStore, ImportStopped];

const program = new Command('tillwire')
  .description('Tillwire: captures what the tills did, keeps it safe, settles it with central.')
  .version(version)
  .exitOverride();
const [called = ''] = process.argv.slice(2);
for (const [name, load] of Object.entries(COMMANDS)) {
  if (name === called || !Object.hasOwn(COMMANDS, called)) program.addCommand((await load()).exitOverride());
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof Error && TOLD.some((kind) => error instanceof kind)) {
    console.error(`tillwire: ${error.message}`);
    return EXIT_USAGE;
  }
  const refused = fileSentence(error);
  if (refused !== null) {
    console.error(`tillwire: ${refused}`);
    return EXIT_FILE;
  }
  console.error(error instanceof JournalFault ? `tillwire: ${error.message}` : error);
  return EXIT_FAULT;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
  // What a start that failed left open must not keep the program running.
  setTimeout(() => process.exit(), LAST_WORDS_WAIT_MS).unref();
}
