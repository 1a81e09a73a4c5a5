// tillwire config try: asks stores what a configuration would change, on their own facts, before anyone signs it.
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import {
  TRY_DAYS_MAX,
  TRY_DAYS_USUAL,
  TRY_PAGE_STORES_MAX,
  TRY_WAIT_SECONDS,
  TRY_WATCH_MS,
} from '../../core/limits/tries.ts';
import { TryRow, type TryStore, TryStory } from '../../protocol/hq/tries.ts';
import type { CentralClient } from '../central-client.ts';
import { sourceAt } from '../configuration-files/source-file.ts';
import { isWorse, tryReport } from './config-try-report.ts';
import { pathFromCaller, printJson } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & { stores: string; days: number; wait: number; json?: boolean };

/** Exit code 1: more would be set aside, a reading cannot be used, or a store did not tell. */
const EXIT_WORSE = 1;

export const tryCommand = (): Command =>
  withCentral(new Command('try'))
    .description('Shows what it would change at stores, on their own facts of the last days. Nothing is changed there.')
    .argument('<file>', 'the configuration, signed or not', pathFromCaller)
    .requiredOption('--stores <query>', 'which stores, for example "region=north and share=10"')
    .option('--days <number>', 'how many days back', days, TRY_DAYS_USUAL)
    .option('--wait <seconds>', 'how long to wait for the stores', seconds, TRY_WAIT_SECONDS)
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(path: string, { stores: query, days, json, ...options }: Options): Promise<void> {
  const { source } = sourceAt(path, Date.now());
  const client = openCentral(options);
  const body = { source, stores: query, days };
  const asked = await client.post('/configuration/tries', body, randomUUID(), TryRow);
  const row = await ended(client, asked, 1_000 * options.wait);
  const stores = await storesOf(client, row.id);
  if (json === true) printJson({ row, stores });
  else for (const line of tryReport(row, stores)) console.log(line);
  if (isWorse(stores)) process.exitCode = EXIT_WORSE;
}

/** As it stands when all stores have told or cannot, or the time is over; each step is said beside the answer. */
async function ended(client: CentralClient, asked: TryRow, waitMs: number): Promise<TryRow> {
  const end = Date.now() + waitMs;
  let row = asked;
  let said = '';
  for (;;) {
    const line = `${row.told} of ${row.stores} ${row.stores === 1 ? 'store has' : 'stores have'} told.`;
    if (line !== said) console.error(line);
    said = line;
    if (row.ended >= row.stores || Date.now() >= end) return row;
    await wait(TRY_WATCH_MS);
    ({ row } = await client.get(`/configuration/tries/${row.id}`, { limit: 1 }, TryStory));
  }
}

async function storesOf(client: CentralClient, id: string): Promise<TryStore[]> {
  const all: TryStore[] = [];
  for (;;) {
    const query = { after: all.at(-1)?.store, limit: TRY_PAGE_STORES_MAX };
    const { stores } = await client.get(`/configuration/tries/${id}`, query, TryStory);
    if (stores.length === 0) return all;
    all.push(...stores);
  }
}

function days(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= TRY_DAYS_MAX) return number;
  throw new InvalidArgumentError(`Write days, from 1 to ${TRY_DAYS_MAX}.`);
}

function seconds(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Write whole seconds.');
}
