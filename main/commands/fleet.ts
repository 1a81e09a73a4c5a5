// tillwire fleet: how all stores stand, worst first.
import { Command } from 'commander';
import { Fleet } from '../../protocol/hq/fleet.ts';
import { fleetTable } from '../fleet-table.ts';
import { printJson } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & { json?: boolean };

export const fleetCommand = (): Command =>
  withCentral(new Command('fleet'))
    .description('How all stores stand at central, worst first. The page at the same address shows it live.')
    .option('--json', 'JSON on standard output: as central tells it')
    .action(run);

async function run({ json, ...options }: Options): Promise<void> {
  const fleet = await openCentral(options).get('/fleet', {}, Fleet);
  if (json === true) return printJson(fleet);
  for (const line of fleetTable(fleet)) console.log(line);
}
