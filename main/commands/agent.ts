// tillwire agent: the store agent.
import { Command } from 'commander';
import { startAgent } from '../agent.ts';
import { openLog, untilStopped } from '../runtime.ts';
import { brokerUrl, type LanAddress, lanAddress, pathFromCaller, port, storeId } from './options.ts';

const EXIT_JOURNAL_FAULT = 71;

type Options = {
  store?: string;
  data: string;
  broker?: string;
  mirror?: string;
  port: number;
  listenLan?: LanAddress | true;
};

export const agentCommand = (): Command =>
  new Command('agent')
    .description('Runs the store agent: captures what the tills send, keeps it safe, sends it to central.')
    .option('--store <id>', 'the store; kept in the data folder after the first start', storeId)
    .requiredOption('--data <folder>', 'its data folder; one agent and one store per folder', pathFromCaller)
    .option('--broker <url>', 'MQTT broker; kept in the data folder after the first start', brokerUrl)
    .option('--mirror <folder>', 'folder of the second copy, best on another disk', pathFromCaller)
    .option('--port <number>', 'port of the tills’ API and of the store window, 0 for a free one', port, 0)
    .option(
      '--listen-lan [address:port]',
      'let tills on the store’s network in, by TLS and with tokens of their own; kept in the data folder',
      lanAddress,
    )
    .action(run);

async function run({ listenLan, ...options }: Options): Promise<void> {
  const log = openLog(`agent ${options.store ?? ''}`.trim());
  const agent = await startAgent({
    ...options,
    folder: options.data,
    lan: listenLan === true ? {} : listenLan,
    log,
    onFault(error) {
      log.fatal({ reason: error.message }, 'the journal cannot go on; ending so that a fresh start can repair it');
      process.exit(EXIT_JOURNAL_FAULT);
    },
  });
  await untilStopped({ url: agent.url, window: agent.windowUrl, store: agent.store }, agent.stop);
}
