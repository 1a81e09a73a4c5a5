// tillwire command: asks stores to do something, and shows what becomes of it.
import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import type { CommandKind } from '../../core/command.ts';
import { COMMAND_HOURS_MAX, COMMAND_HOURS_USUAL, COMMAND_WAIT_SECONDS } from '../../core/limits/commands.ts';
import { PAGE_ROWS_MAX, TEXT_LENGTH_MAX } from '../../core/limits.ts';
import { CommandRow, CommandStory } from '../../protocol/hq/commands.ts';
import { UsageError } from '../usage-error.ts';
import { saveBundles, sentenceOf, watchCommands } from './command-watch.ts';
import { localTime, pathFromCaller, printJson, printTable, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & {
  store?: string;
  stores?: string[];
  first?: number;
  last?: number;
  reason?: string;
  out?: string;
  hours: number;
  wait?: number | boolean;
  key?: string;
  json?: boolean;
};

const EXIT_NOT_DONE = 1;

const KINDS: [kind: CommandKind, says: string][] = [
  ['resync', 'Begins the conversation with central anew, which compares what both sides hold.'],
  ['replay', 'Says entries again that central holds already; central compares each batch with its own.'],
  ['redrive', 'Drives in again what was set aside, as the settings of the store say now.'],
  ['rotate-keys', 'The computer signs with another key from then on.'],
  ['diagnostics', 'Fetches a ZIP file with states, versions and counts; no sales, names or keys.'],
  ['pause', 'Stops sending until it is resumed. Tills go on, everything is kept there.'],
  ['resume', 'Sending goes on after a pause, whoever paused it.'],
];

export function commandCommand(): Command {
  const command = new Command('command').description('Asks stores to do something, and shows what becomes of it.');
  const parts = [...KINDS.map(([kind, says]) => askCommand(kind, says)), listCommand(), showCommand()];
  for (const part of parts) command.addCommand(part.exitOverride());
  return command;
}

function askCommand(kind: CommandKind, says: string): Command {
  const command = withCentral(new Command(kind))
    .description(says)
    .option('--store <id>', 'the store', storeId)
    .option('--stores <ids...>', 'several stores')
    .option('--hours <number>', 'a store that does not begin it by then never does', hours, COMMAND_HOURS_USUAL)
    .option('--wait <seconds>', `how long to wait for the end; ${COMMAND_WAIT_SECONDS} unless told`, seconds)
    .option('--no-wait', 'only ask: see "tillwire command list"')
    .option('--key <name>', 'the same again for a retry: nothing is asked twice')
    .option('--json', 'JSON on standard output')
    .action((options: Options) => ask(kind, options));
  if (kind === 'replay') {
    command.option('--first <entry>', 'first entry of the present epoch', entry);
    command.option('--last <entry>', 'last one; what central does not hold yet is sent anyway', entry);
  }
  if (kind === 'pause') command.requiredOption('--reason <text>', 'why, as people in the store shall read it', reason);
  if (kind === 'diagnostics') {
    command.option('--out <file>', 'where to write it; of several stores a folder', pathFromCaller);
  }
  return command;
}

async function ask(kind: CommandKind, options: Options): Promise<void> {
  const stores = [...(options.store === undefined ? [] : [options.store]), ...(options.stores ?? []).map(storeId)];
  if (stores.length === 0) throw new UsageError('Name the store with --store, or several with --stores.');
  const { first, last, reason, hours } = options;
  const client = openCentral(options);
  const wish = JSON.parse(JSON.stringify({ kind, first, last, reason }));
  const body = { stores, command: wish, hours };
  const asked = await client.post('/commands', body, options.key ?? randomUUID(), CommandRow.array());
  const isQuiet = options.json === true;
  if (options.wait === false) {
    if (isQuiet) return printJson(asked);
    for (const row of asked) console.log(`${row.store}: asked for (${row.id}).`);
    return;
  }
  const say = isQuiet ? () => {} : (line: string): void => console.log(line);
  const waitMs = 1_000 * (typeof options.wait === 'number' ? options.wait : COMMAND_WAIT_SECONDS);
  const ended = await watchCommands(client, asked, waitMs, say);
  const files = kind === 'diagnostics' ? await saveBundles(client, ended, options.out) : [];
  if (isQuiet) printJson(files.length > 0 ? ended.map((row) => ({ ...row, saved: fileOf(files, row) })) : ended);
  else for (const { path } of files) console.log(path);
  if (ended.some(({ state }) => state !== 'done')) process.exitCode = EXIT_NOT_DONE;
}

const fileOf = (files: { id: string; path: string }[], { id }: CommandRow): string | null =>
  files.find((file) => file.id === id)?.path ?? null;

const listCommand = (): Command =>
  withCentral(new Command('list'))
    .description('What was asked for, newest first.')
    .option('--store <id>', 'of one store', storeId)
    .option('--json', 'JSON on standard output')
    .action(async (options: CentralOptions & { store?: string; json?: boolean }) => {
      const { store } = options;
      const rows = await openCentral(options).get('/commands', { store, limit: PAGE_ROWS_MAX }, CommandRow.array());
      if (options.json === true) return printJson(rows);
      const lines = rows.map((row) => [
        ...[localTime(row.issuedMs), row.store, row.kind, row.by, row.id],
        sentenceOf(row),
      ]);
      printTable([['asked', 'store', 'for', 'by', 'id', 'what became of it'], ...lines]);
    });

const showCommand = (): Command =>
  withCentral(new Command('show'))
    .description('Everything that became of one command.')
    .argument('<id>', 'as "tillwire command list" names it')
    .option('--json', 'JSON on standard output')
    .action(async (id: string, options: CentralOptions & { json?: boolean }) => {
      const story = await openCentral(options).get(`/commands/${encodeURIComponent(id)}`, {}, CommandStory);
      if (options.json === true) return printJson(story);
      const { command, events } = story;
      console.log(`${command.kind} for store ${command.store}, asked for by ${command.by}.`);
      console.log(`What is not begun by ${localTime(command.expiresMs)} is not begun any more.`);
      for (const event of events) console.log(`${localTime(event.atMs)}  ${sentenceOf(event)}`);
    });

function hours(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= COMMAND_HOURS_MAX) return number;
  throw new InvalidArgumentError(`Write hours, at most ${COMMAND_HOURS_MAX}.`);
}

function seconds(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write whole seconds.');
}

function entry(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write the number of an entry, from 1.');
}

function reason(text: string): string {
  const trimmed = text.trim();
  if (trimmed !== '' && trimmed.length <= TEXT_LENGTH_MAX) return trimmed;
  throw new InvalidArgumentError(`Write 1 to ${TEXT_LENGTH_MAX} characters.`);
}
