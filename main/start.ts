// npm start: central with its broker, store agents that enrol there, and sample tills, in one terminal.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import { DateTime } from 'luxon';
import { SAMPLE_STORES_MAX } from '../core/limits.ts';
import { IssuedEnrolment } from '../protocol/hq/devices.ts';
import { askedToEnd } from './asked-to-end.ts';
import { centralClient } from './central-client.ts';
import { pathFromCaller } from './commands/options.ts';
import { openOperatorToken, readIdentity } from './data-folder.ts';
import { readKept } from './enrol/kept.ts';
import { listenOnLoopback } from './loopback.ts';
import { type Line, openLine } from './sample/line.ts';
import { runTills } from './sample/tills.ts';
import { forgetStarted, noteStarted } from './started-central.ts';
import { runTogether, type Together } from './together.ts';

type Options = { stores: number; speed: number; seed: number; data?: string };
type Store = { id: string; line: Line };

const TILLS = 3;

function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Use a number from ${least} to ${most}.`);
  };
}

const program = new Command('npm start --')
  .description('Runs the whole product on embedded defaults and shows the store window’s address.')
  .option('--stores <number>', 'how many stores', numberFrom(1, SAMPLE_STORES_MAX), 1)
  .option('--speed <times>', 'how much faster than real customers the sample tills sell', numberFrom(0.1, 10_000), 60)
  .option('--seed <number>', 'another seed, another day in the shop', numberFrom(0, 2 ** 31), 1)
  .option('--data <folder>', 'keep the data there; otherwise it is removed at the end', pathFromCaller)
  .action(run);

async function run(options: Options): Promise<void> {
  const folder = options.data ?? mkdtempSync(join(tmpdir(), 'tillwire-'));
  const stopping = new AbortController();
  const stores: Store[] = [];
  const stop = async (code: number): Promise<void> => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    forgetStarted();
    console.log('Stopping …');
    await together.stop();
    await Promise.all(stores.map(({ line }) => line.close()));
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  };
  const giveUp = (error: unknown): void => {
    if (stopping.signal.aborted) return;
    console.error(error instanceof Error ? error.message : error);
    void stop(1);
  };
  const together = runTogether(console.error, giveUp);
  void askedToEnd().then(() => stop(0));
  whenTerminalCloses(() => stop(0));
  createInterface({ input: process.stdin }).on('line', (typed) => obey(typed.trim(), stores, () => stop(0)));
  await startAll(options, { folder, together, stores, signal: stopping.signal, giveUp }).catch(giveUp);
}

type House = {
  folder: string;
  together: Together;
  stores: Store[];
  signal: AbortSignal;
  giveUp(error: unknown): void;
};

async function startAll(options: Options, { folder, together, stores, signal, giveUp }: House): Promise<void> {
  console.log('Starting central and store agent …');
  // Central starts again on the same ports where it ends: stores keep both addresses.
  const brokerPort = await freePort();
  const central = await together.keep(
    ...['central', '--database', join(folder, 'central-db'), '--data', join(folder, 'central')],
    ...['--enrolment', 'required', '--broker', 'embedded', '--broker-port', String(brokerPort)],
  );
  const centralUrl = central.ready.url;
  noteStarted(centralUrl);
  for (let number = 1; number <= options.stores; number++) {
    const id = `S${String(number).padStart(3, '0')}`;
    const line = await openLine(brokerPort);
    const data = join(folder, id);
    stores.push({ id, line });
    const agent = await together.keep(
      ...['agent', '--store', id, '--data', data, '--broker', line.url, '--central', centralUrl],
      ...(readKept(data) === null ? ['--enrol', await invite(id, centralUrl, join(folder, 'central'))] : []),
    );
    console.log(`Store window of ${id}:  ${agent.ready['window']}`);
    sell({ ...options, data, number, url: agent.ready.url, signal }).catch(giveUp);
  }
  console.log(help(centralUrl, folder, stores));
}

/** A token for one store, as head office issues it. */
async function invite(store: string, centralUrl: string, centralFolder: string): Promise<string> {
  const central = centralClient(centralUrl, openOperatorToken(centralFolder));
  const asked = { store, replace: true };
  return (await central.post('/enrolment-tokens', asked, `start-${store}`, IssuedEnrolment)).token;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * A terminal that is closed ends all, and nothing can be said there any more. Without one (nohup, a service) that
 * signal is not ours to hear.
 */
function whenTerminalCloses(stop: () => void): void {
  if (!process.stdin.isTTY) return;
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  process.once('SIGHUP', stop);
}

type Sale = {
  data: string;
  number: number;
  seed: number;
  speed: number;
  url: string;
  signal: AbortSignal;
};

function sell({ data, number, seed, speed, url, signal }: Sale): Promise<void> {
  const now = DateTime.now();
  const hundredths = Math.round(now.diff(now.startOf('day')).as('seconds') * 100);
  return runTills({
    seed: seed * SAMPLE_STORES_MAX + number,
    tills: TILLS,
    midnightMs: now.startOf('day').toMillis(),
    firstReceipt: hundredths + 1,
    agentUrl: url,
    token: readIdentity(data)?.token ?? '',
    speed,
    signal,
  });
}

function obey(typed: string, stores: Store[], stop: () => Promise<void>): void {
  switch (typed) {
    case 'pull':
      for (const { line } of stores) line.pull();
      console.log('The line is pulled: sales go on and are kept safe in the store. Type plug to plug it in again.');
      break;
    case 'plug':
      for (const { line } of stores) line.plug();
      console.log('The line is plugged in again: watch the waiting sales settle.');
      break;
    case 'quit':
      void stop();
      break;
    case '':
      break;
    default:
      console.log('Type pull, plug or quit, then Enter.');
  }
}

const help = (centralUrl: string, folder: string, stores: Store[]): string =>
  [
    `Central:               ${centralUrl}  (in a browser: all stores)`,
    `Data:                  ${folder}`,
    '',
    'Sample tills are selling. Open the store window, then type and press Enter:',
    '  pull   cut the line to the broker     plug   plug it in again     quit   end everything',
    '',
    'In another terminal:',
    `  npm run -s tillwire -- fleet  --central ${centralUrl}`,
    `  npm run -s tillwire -- stock  --central ${centralUrl} --csv`,
    `  npm run -s tillwire -- verify --central ${centralUrl} ${stores.map(({ id }) => `--data ${join(folder, id)}`).join(' ')}`,
  ].join('\n');

await program.parseAsync();
