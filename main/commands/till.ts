// tillwire till: tokens of tills, and a till that never was, for whoever connects one.
import { Command, InvalidArgumentError } from 'commander';
import { Identifier } from '../../protocol/fact.ts';
import { runSandbox } from '../sandbox/sandbox.ts';
import { addTill, listTills, revokeTill } from '../till-tokens.ts';
import { UsageError } from '../usage-error.ts';
import { httpUrl, localTime, pathFromCaller, printJson, printTable } from './options.ts';

type Add = { data: string; workstation?: string; json?: boolean };
type Sandbox = { url?: string; token?: string; sales: number; ca?: string; workstation: string };

export const tillCommand = (): Command =>
  new Command('till')
    .description('Tokens of tills, and a sandbox till to try the door with.')
    .addCommand(addCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
    .addCommand(sandboxCommand());

const addCommand = (): Command =>
  new Command('add')
    .description('Makes the token of a till and prints it, this once. It works at once, also while the agent runs.')
    .argument('<name>', 'what people call the till')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--workstation <id>', 'refuse documents of other workstations under this token', workstation)
    .option('--json', 'JSON on standard output')
    .action((name: string, options: Add) => {
      const bound = options.workstation ?? null;
      const token = addTill(options.data, name, bound, Date.now());
      if (options.json === true) printJson({ name, workstation: bound, token });
      else console.log(token);
    });

const listCommand = (): Command =>
  new Command('list')
    .description('The tills that have a token, and those whose token was taken away.')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--json', 'JSON on standard output')
    .action((options: { data: string; json?: boolean }) => {
      const tills = listTills(options.data).map(({ hash: _hash, ...till }) => till);
      if (options.json === true) return printJson(tills);
      if (tills.length === 0) return console.log('No till has a token of its own.');
      const rows = tills.map(({ name, workstation: bound, addedMs, revokedMs }) => {
        const state = revokedMs === null ? 'valid' : `revoked ${localTime(revokedMs)}`;
        return [name, bound ?? 'any', localTime(addedMs), state];
      });
      printTable([['till', 'workstation', 'added', 'token'], ...rows]);
    });

const revokeCommand = (): Command =>
  new Command('revoke')
    .description('Takes the token of a till away, at once.')
    .argument('<name>', 'the till')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .action((name: string, options: { data: string }) => {
      revokeTill(options.data, name, Date.now());
      console.log(`The token of till ${name} opens nothing any more.`);
    });

const sandboxCommand = (): Command =>
  new Command('sandbox')
    .description('A till that never was: posts made-up documents and prints what came of each.')
    .option('--url <url>', 'the agent to post to; without it one is started on a folder for the time being', httpUrl)
    .option('--token <token>', 'token of a till, or of the agent (better in TILLWIRE_TOKEN)')
    .option('--ca <file>', 'certificate to trust, of the agent’s door on the network', pathFromCaller)
    .option('--workstation <id>', 'the till it plays', workstation, 'SANDBOX')
    .option('--sales <count>', 'how many sales', count, 5)
    .action(async (options: Sandbox) => {
      const token = options.token ?? process.env['TILLWIRE_TOKEN'];
      if (options.url !== undefined && token === undefined)
        throw new UsageError('Name the token with --token or in TILLWIRE_TOKEN: "till add" makes one.');
      const { url, ca, sales } = options;
      const to = url === undefined || token === undefined ? null : { url, token, ca };
      await runSandbox({ to, sales, workstation: options.workstation, print: (line) => console.log(line) });
    });

function workstation(text: string): string {
  if (Identifier.safeParse(text).success) return text;
  throw new InvalidArgumentError('A workstation is what the till writes into its documents, for example 7.');
}

const SALES_MAX = 1_000;

function count(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number > 0 && number <= SALES_MAX) return number;
  throw new InvalidArgumentError(`Write a whole number from 1 to ${SALES_MAX}.`);
}
