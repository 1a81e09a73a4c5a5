// npm start: broker, central, store agents and sample tills on embedded defaults, in one terminal.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import { DateTime } from 'luxon';
import { pathFromCaller } from './commands/options.ts';
import { readIdentity } from './data-folder.ts';
import { type Program, startProgram } from './programs.ts';
import { type Line, openLine } from './sample/line.ts';
import { runTills } from './sample/tills.ts';

type Options = { stores: number; speed: number; seed: number; data?: string };
type Store = { id: string; agent: Program; line: Line };

const STORES_MAX = 20;
const TILLS = 3;
const RESTART_MS = 1_000;

function numberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Use a number from ${least} to ${most}.`);
  };
}

const program = new Command('npm start --')
  .description('Runs the whole product on embedded defaults and shows the store window’s address.')
  .option('--stores <number>', 'how many stores', numberFrom(1, STORES_MAX), 1)
  .option('--speed <times>', 'how much faster than real customers the sample tills sell', numberFrom(0.1, 10_000), 60)
  .option('--seed <number>', 'another seed, another day in the shop', numberFrom(0, 2 ** 31), 1)
  .option('--data <folder>', 'keep the data there; otherwise it is removed at the end', pathFromCaller)
  .action(run);

async function run(options: Options): Promise<void> {
  const folder = options.data ?? mkdtempSync(join(tmpdir(), 'tillwire-'));
  const stopping = new AbortController();
  const programs = new Set<Program>();
  const start = async (...args: string[]): Promise<Program> => {
    const started = await startProgram(args, (line) => console.error(`[${args[0]}] ${line}`));
    programs.add(started);
    void started.ended.then(() => programs.delete(started));
    return started;
  };

  console.log('Starting broker, central and store agent …');
  const broker = await start('broker', '--port', '0', '--data', join(folder, 'broker'));
  const brokerPort = Number(new URL(broker.ready.url).port);
  const stores: Store[] = [];
  for (let number = 1; number <= options.stores; number++) {
    const id = `S${String(number).padStart(3, '0')}`;
    const line = await openLine(brokerPort);
    const data = join(folder, id);
    const args = ['--store', id, '--data', data, '--broker', `mqtt://127.0.0.1:${line.port}`];
    const agent = await start('agent', ...args, '--port', '0');
    console.log(`Store window of ${id}:  ${agent.ready['window']}`);
    stores.push({ id, agent, line });
    const { url } = agent.ready;
    superviseAgent(agent, stopping.signal, () => start('agent', ...args, '--port', new URL(url).port));
    sell({ ...options, data, number, url, signal: stopping.signal }).catch(giveUp);
  }
  const central = await start(
    ...['central', '--database', join(folder, 'central-db'), '--broker', broker.ready.url],
    ...['--port', '0', '--data', join(folder, 'central')],
  );
  console.log(help(central.ready.url, folder, options.stores));

  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    console.log('Stopping …');
    await Promise.all([...programs].map((running) => running.stop()));
    await Promise.all(stores.map(({ line }) => line.close()));
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
  createInterface({ input: process.stdin }).on('line', (typed) => obey(typed.trim(), stores, stop));
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
  const tenths = Math.round(now.diff(now.startOf('day')).as('seconds') * 10);
  return runTills({
    seed: seed * STORES_MAX + number,
    tills: TILLS,
    midnightMs: now.startOf('day').toMillis(),
    firstReceipt: tenths + 1,
    agentUrl: url,
    token: readIdentity(data)?.token ?? '',
    speed,
    signal,
  });
}

/** An agent that ends on its own is started again, on the same port, as a service manager would. */
function superviseAgent(agent: Program, signal: AbortSignal, again: () => Promise<Program>): void {
  agent.ended
    .then(async (code) => {
      if (signal.aborted) return;
      console.log(`The store agent ended (${code}); starting it again.`);
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      if (!signal.aborted) superviseAgent(await again(), signal, again);
    })
    .catch(giveUp);
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

const help = (centralUrl: string, folder: string, stores: number): string =>
  [
    `Central:               ${centralUrl}`,
    `Data:                  ${folder}`,
    '',
    'Sample tills are selling. Open the store window, then type and press Enter:',
    '  pull   cut the line to the broker     plug   plug it in again     quit   end everything',
    '',
    'In another terminal:',
    `  npm run -s tillwire -- stock  --central ${centralUrl} --csv`,
    `  npm run -s tillwire -- verify --central ${centralUrl} --data ${join(folder, stores === 1 ? 'S001' : 'S00N')}`,
  ].join('\n');

/** The programs end with us; what they said is above. */
function giveUp(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

await program.parseAsync().catch(giveUp);
