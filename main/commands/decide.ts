// tillwire decide: head office decides something for a store.
import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { formatQuantity } from '../../core/amounts.ts';
import { StockRow } from '../../protocol/hq/contract.ts';
import { DecisionOutput } from '../../protocol/hq/decisions.ts';
import type { CentralClient } from '../central-client.ts';
import { UsageError } from '../usage-error.ts';
import { printJson, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & {
  store: string;
  sku?: string;
  correct?: string;
  set?: string;
  opening?: string;
  reserve?: string;
  reservation?: string;
  until?: string;
  giveUp?: boolean;
  release?: { epoch: number; first: number; last: number };
  exception?: string;
  option?: string;
  note?: string;
  by?: string;
  key?: string;
  json?: boolean;
};

/** What each decision is called on the command line. */
const CHOICES = ['correct', 'set', 'opening', 'reserve', 'giveUp', 'release', 'exception'] as const;
const NAMES = '--correct, --set, --opening, --reserve, --give-up, --release or --exception';

export const decideCommand = (): Command =>
  withCentral(new Command('decide'))
    .description('Decides something for a store. A store that is offline gets it when it returns.')
    .requiredOption('--store <id>', 'the store that it is decided for', storeId)
    .option('--sku <sku>', 'the SKU that it is about')
    .option('--correct <units>', 'add to the book of --sku, or take away: -2')
    .option('--set <units>', 'set the book of --sku to this, as it stands at central now')
    .option('--opening <units>', 'opening stock of --sku')
    .option('--reserve <units>', 'reserve units of --sku for --reservation')
    .option('--reservation <name>', 'name of the reservation')
    .option('--until <time>', 'the reservation is given up by itself then, for example 2026-11-21T18:00:00+01:00')
    .option('--give-up', 'give up --reservation of --sku')
    .option('--release <entries>', 'let in what was set aside: one entry, 1:55, or a range, 1:55-60', entries)
    .option('--exception <id>', 'answer an exception with --option')
    .option('--option <name>', 'the answer, as `tillwire exceptions` names it')
    .option('--note <text>', 'why; to move a reservation: begin with the other store')
    .option('--by <name>', 'who decides', 'head-office')
    .addOption(new Option('--key <name>', 'the same again for a retry: it is not decided twice'))
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(options: Options): Promise<void> {
  const client = openCentral(options);
  const body = { by: options.by, decision: await decisionOf(client, options) };
  const key = options.key ?? randomUUID();
  const made = await client.post(`/stores/${options.store}/decisions`, body, key, DecisionOutput);
  if (options.json === true) return printJson(made);
  for (const { dseq, kind, basis } of made.directives) {
    console.log(
      `Decided for store ${made.store}: ${kind}, directive d${dseq} behind entry ${basis.epoch}:${basis.seq}.`,
    );
  }
  for (const note of made.notes) console.log(note);
}

async function decisionOf(client: CentralClient, options: Options): Promise<Record<string, unknown>> {
  const chosen = CHOICES.filter((choice) => options[choice] !== undefined);
  const [choice] = chosen;
  if (choice === undefined || chosen.length > 1) throw new UsageError(`choose one of ${NAMES}.`);
  const note = options.note === undefined ? {} : { note: options.note };
  if (choice === 'release') return { kind: 'release', facts: options.release };
  if (choice === 'exception') {
    const { exception, option } = options;
    return { kind: 'exception-decided', exception, option: needed(option, '--option'), ...note };
  }
  const sku = needed(options.sku, '--sku');
  switch (choice) {
    case 'correct':
      return { kind: 'correction', sku, delta: options.correct, ...note };
    case 'set':
      return { kind: 'set', sku, to: options.set, viewed: await viewOf(client, options.store, sku), ...note };
    case 'opening':
      return { kind: 'opening', lines: [{ sku, quantity: options.opening }] };
    case 'reserve': {
      const until = options.until === undefined ? {} : { until: options.until };
      const reservation = needed(options.reservation, '--reservation');
      return { kind: 'reserve', sku, reservation, quantity: options.reserve, ...until };
    }
    case 'giveUp':
      return { kind: 'release-reservation', sku, reservation: needed(options.reservation, '--reservation') };
  }
}

function needed(value: string | undefined, option: string): string {
  if (value !== undefined) return value;
  throw new UsageError(`${option} is missing: see tillwire decide --help.`);
}

/** R11: what a screen would show now. */
async function viewOf(client: CentralClient, store: string, sku: string) {
  const [row] = await client.get('/stock', { store, sku }, StockRow.array());
  return row === undefined ? { onHand: '0', newest: null } : { onHand: formatQuantity(row.onHand), newest: row.newest };
}

function entries(text: string): { epoch: number; first: number; last: number } {
  const match = /^(\d{1,9}):(\d{1,15})(?:-(\d{1,15}))?$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Write an entry as 1:55, or a range as 1:55-60.');
  const first = Number(match[2]);
  return { epoch: Number(match[1]), first, last: match[3] === undefined ? first : Number(match[3]) };
}
