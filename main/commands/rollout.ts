// tillwire rollout: how far a revision of the configuration has come, and pausing, resuming, approving, aborting it.
import { Command } from 'commander';
import {
  type RingRow,
  RolloutRow,
  type RolloutStore,
  type RolloutStoreState,
  RolloutStory,
} from '../../protocol/hq/rollouts.ts';
import { UsageError } from '../usage-error.ts';
import { localTime, printJson, printTable } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Json = { json?: boolean };
type Because = CentralOptions & Json & { reason: string };

const STORES_SHOWN_MAX = 20;
const STATES: Record<RolloutStoreState, string> = {
  later: 'its ring is not open',
  given: 'has said nothing of it',
  waiting: 'has it, and waits for its time',
  trial: 'on trial',
  good: 'well',
  failed: 'failed',
  back: 'taken back',
};

export const rolloutCommand = (): Command =>
  new Command('rollout')
    .description('Revisions of the configuration on their way to stores, ring after ring (docs/configuration.md).')
    .addCommand(
      json(withCentral(new Command('list')))
        .description('Rollouts, newest first.')
        .action(list),
    )
    .addCommand(
      json(withCentral(new Command('status')))
        .description('One rollout: its rings, the stores that failed, what happened.')
        .argument('<id>', 'as "rollout list" shows it, for example r12', rolloutId)
        .action(status),
    )
    .addCommand(
      json(withCentral(new Command('approve')))
        .description('Lets it begin: by another account than the one that published it.')
        .argument('<id>', 'the rollout', rolloutId)
        .action((id: string, options: CentralOptions & Json) => change(id, 'approval', {}, options)),
    )
    .addCommand(changing('pause', 'No further store gets it for now.'))
    .addCommand(changing('resume', 'Goes on with a paused one from where it was.'))
    .addCommand(changing('abort', 'Takes the revision back for good: stores that have it go back to the one before.'));

const json = (command: Command): Command => command.option('--json', 'JSON on standard output');

const changing = (word: string, description: string): Command =>
  json(withCentral(new Command(word)))
    .description(description)
    .argument('<id>', 'the rollout', rolloutId)
    .option('--reason <text>', 'why, for the log and for others', 'asked for on the command line')
    .action((id: string, options: Because) => change(id, word, { reason: options.reason }, options));

function rolloutId(text: string): string {
  if (/^r[1-9]\d{0,15}$/.test(text)) return text;
  if (/^[1-9]\d{0,15}$/.test(text)) return `r${text}`;
  throw new UsageError(`"${text}" is no rollout: write r and the revision, for example r12.`);
}

async function list(options: CentralOptions & Json): Promise<void> {
  const rows = await openCentral(options).get('/rollouts', {}, RolloutRow.array());
  if (options.json === true) return printJson(rows);
  if (rows.length === 0) return console.log('Nothing was published yet.');
  printTable([
    ['rollout', 'state', 'title', 'rings', 'by', 'since'],
    ...rows.map((row) => [row.id, row.state, row.title, ringsInShort(row), row.by, localTime(row.changedMs)]),
  ]);
}

/** "pilot 3 of 3, north 2 of 10": how many of each ring's stores are well. */
const ringsInShort = ({ rings }: RolloutRow): string =>
  rings.map(({ name, stores, tally }) => `${name} ${tally.good} of ${stores}`).join(', ');

async function change(id: string, word: string, body: object, options: CentralOptions & Json): Promise<void> {
  const row = await openCentral(options).post(`/rollouts/${id}/${word}`, body, word, RolloutRow);
  if (options.json === true) printJson(row);
  else console.log(headline(row));
}

export const headline = ({ id, title, state, why }: RolloutRow): string =>
  `${id} "${title}": ${state}${why === '' ? '' : `. ${why}`}`;

async function status(id: string, options: CentralOptions & Json): Promise<void> {
  const story = await openCentral(options).get(`/rollouts/${id}`, {}, RolloutStory);
  if (options.json === true) return printJson(story);
  const { rollout, failed, away, events } = story;
  console.log(headline(rollout));
  console.log(`Published ${localTime(rollout.publishedMs)} by ${rollout.by}${approval(rollout)}.\n`);
  printRings(rollout.rings);
  printStores('Stores that refused it or went back:', failed);
  printStores('Stores that could have it and have not said that they are well:', away);
  console.log('\nWhat happened:');
  for (const { atMs, what, ring, by, message } of events) {
    const where = ring === null ? '' : ` ${ring}`;
    console.log(`  ${localTime(atMs)}  ${what}${where}, ${by}${message === '' ? '' : `: ${message}`}`);
  }
}

const approval = ({ approvedBy, approvedMs }: RolloutRow): string =>
  approvedBy === null ? '' : `, approved ${localTime(approvedMs)} by ${approvedBy}`;

export function printRings(rings: readonly RingRow[]): void {
  const rows = rings.map(({ name, query, stores, tally, openedMs }) => [
    ...[name, query, String(stores), String(tally.good), String(tally.trial), String(tally.given + tally.waiting)],
    ...[String(tally.later), String(tally.failed), String(tally.back), openedMs === null ? '' : localTime(openedMs)],
  ]);
  printTable([
    ['ring', 'which', 'stores', 'well', 'on trial', 'given', 'later', 'failed', 'taken back', 'opened'],
    ...rows,
  ]);
}

function printStores(title: string, stores: readonly RolloutStore[]): void {
  if (stores.length === 0) return;
  console.log(`\n${title}`);
  for (const { store, ring, state, message, sinceMs } of stores.slice(0, STORES_SHOWN_MAX)) {
    const words = message === '' ? '' : ` ${message}`;
    console.log(`  ${store} (${ring}): ${STATES[state]} since ${localTime(sinceMs)}.${words}`);
  }
  if (stores.length > STORES_SHOWN_MAX) console.log(`  and ${stores.length - STORES_SHOWN_MAX} more (--json).`);
}
