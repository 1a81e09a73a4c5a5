// tillwire capture propose: looks at an unknown file and proposes the mapping to import it with.
import { statSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Command } from 'commander';
import { type Proposal, propose } from '../../capture/csv/propose.ts';
import { UsageError } from '../usage-error.ts';
import { currencyCode, pathFromCaller, printJson, timeZone } from './options.ts';

type Options = { json?: boolean; out?: string; timeZone?: string; currency?: string };

const SURE = { sure: 'sure  ', likely: 'likely', guess: 'guess ' } as const;

export const captureProposeCommand = (): Command =>
  new Command('propose')
    .description('Looks at an unknown CSV or JSON file and proposes a mapping; writes nothing but that.')
    .argument('<file>', 'CSV, JSON Lines or JSON; gzip or not', pathFromCaller)
    .option('--out <file>', 'where to write the mapping', pathFromCaller)
    .option('--time-zone <zone>', "the shop's, for example Europe/London; default: the one of this PC", timeZone)
    .option('--currency <code>', 'of the prices, for example EUR', currencyCode)
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(path: string, options: Options): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${path} is not a file.`);
  const zone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const proposal = await propose(path, { timeZone: zone, currency: options.currency });
  if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(proposal.mapping, null, 2)}\n`);
  const commands = nextCommands(path, options);
  if (options.json === true) printJson({ ...proposal, commands });
  else console.log(inWords(proposal, commands, options.out));
}

function inWords(proposal: Proposal, commands: string[], out: string | undefined): string {
  const { choices, questions, unread, rows, complete } = proposal;
  const lines = [
    `Looked at ${rows} rows of ${proposal.file}${complete ? '' : ', its beginning and pieces of the rest'}.`,
    '',
  ];
  for (const { setting, value, sure, why } of choices)
    lines.push(`  ${SURE[sure]}  ${setting}: ${value}`, `          ${why}`);
  lines.push('', 'You must decide:');
  for (const [nth, { question }] of questions.entries()) lines.push(`  ${nth + 1}. ${question}`);
  if (questions.length === 0) lines.push('  nothing.');
  lines.push('', unread.rows === 0 ? 'All of these rows can be read.' : `${unread.rows} of these rows cannot be read:`);
  for (const reason of unread.reasons) lines.push(`  - ${reason}`);
  if (out === undefined)
    lines.push('', 'The mapping (write it to a file with --out):', JSON.stringify(proposal.mapping, null, 2));
  lines.push('', 'Next:', ...commands.map((command) => `  ${command}`));
  return lines.join('\n');
}

/** What comes after: a look at what it would become, and the import itself. */
function nextCommands(path: string, { out }: Options): string[] {
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const shown = (file: string): string => quoted(relative(from, file).startsWith('..') ? file : relative(from, file));
  const mapping = out === undefined ? 'mapping.json' : shown(out);
  return [
    `npm run -s tillwire -- capture try --feed csv --mapping ${mapping} ${shown(path)}`,
    `npm run -s tillwire -- import --store S001 --data DIR --mapping ${mapping} ${shown(path)}`,
  ];
}

const quoted = (path: string): string => (/^[\w./\\:@+-]+$/.test(path) ? path : `"${path}"`);
