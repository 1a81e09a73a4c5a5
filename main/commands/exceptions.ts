// tillwire exceptions: what needs a person, most urgent first.
import { Command, Option } from 'commander';
import { ExceptionPage, type ExceptionRow, OWNERS } from '../../protocol/hq/lists.ts';
import { CentralStatus } from '../../protocol/hq/status.ts';
import { localTime, printJson, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & { store?: string; owner?: string; decided?: boolean; json?: boolean };

export const exceptionsCommand = (): Command =>
  withCentral(new Command('exceptions'))
    .description('What needs a person at central, most urgent first, with what explains it and the answers there are.')
    .option('--store <id>', 'of one store only', storeId)
    .addOption(new Option('--owner <role>', 'of one role only').choices(OWNERS))
    .option('--decided', 'those that were decided too')
    .option('--json', 'JSON on standard output: a list')
    .action(run);

async function run({ store, owner, decided, json, ...options }: Options): Promise<void> {
  const client = openCentral(options);
  const rows: ExceptionRow[] = [];
  let after: string | null | undefined;
  do {
    const query = { store, owner, state: decided === true ? 'all' : 'open', after };
    const page = await client.get('/exceptions', query, ExceptionPage);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  if (json === true) return printJson(rows);
  const { restored } = await client.get('/status', {}, CentralStatus);
  if (restored?.sentence != null) console.log(`${restored.sentence}\n`);
  if (rows.length === 0) console.log('Nothing needs a person.');
  else for (const row of rows) console.log(`${textOf(row)}\n`);
}

function textOf(row: ExceptionRow): string {
  const late = row.overdue ? ', overdue' : '';
  const options = Object.entries(row.options).map(([name, words]) => `${name} (${words})`);
  const lines = [
    `${row.title}: store ${row.store}`,
    `  ${row.message}`,
    ...row.evidence.map(({ entry, kind, document, sentence }) =>
      ['  entry', entry, kind, document, sentence].filter((part) => part !== null).join(' '),
    ),
  ];
  const state =
    row.decided === null
      ? [
          `  ${row.owner} until ${localTime(row.deadlineMs)}${late}: ${row.nextStep}`,
          `  answers: ${options.join(', ')}`,
          `  exception ${row.id}`,
        ]
      : [`  decided: ${row.decided.option}, by ${row.decided.by}`];
  return [...lines, ...state].join('\n');
}
