// tillwire agent: the store agent.
import { Command } from 'commander';
import { startAgent } from '../agent.ts';
import { readIdentity } from '../data-folder.ts';
import { whoIsThis } from '../enrol/at-start.ts';
import { type Log, openLog, untilStopped } from '../runtime.ts';
import { removeWindowFile, writeWindowFile } from '../window-file.ts';
import { brokerUrl, httpUrl, type LanAddress, lanAddress, pathFromCaller, port, storeId } from './options.ts';

const EXIT_JOURNAL_FAULT = 71;

type Options = {
  store?: string;
  data: string;
  broker?: string;
  enrol?: string;
  central?: string;
  authority?: string;
  mirror?: string;
  port: number;
  listenLan?: LanAddress | true;
  windowFile?: string;
};

export const agentCommand = (): Command =>
  new Command('agent')
    .description('Runs the store agent: captures what the tills send, keeps it safe, sends it to central.')
    .option('--store <id>', 'the store; kept in the data folder after the first start', storeId)
    .requiredOption('--data <folder>', 'its data folder; one agent and one store per folder', pathFromCaller)
    .option(
      '--broker <url>',
      'MQTT broker where enrolment is open; kept in the data folder after the first start',
      brokerUrl,
    )
    .option('--enrol <token>', 'become a device of the store that the token of head office is for')
    .option('--central <url>', "central's HTTPS address, where it is enrolled", httpUrl)
    .option(
      '--authority <file>',
      "the authority of central's certificate (PEM), where it is a private one",
      pathFromCaller,
    )
    .option('--mirror <folder>', 'folder of the second copy, best on another disk', pathFromCaller)
    .option('--port <number>', 'port of the tills’ API and of the store window, 0 for a free one', port, 0)
    .option(
      '--listen-lan [address:port]',
      'let tills on the store’s network in, by TLS and with tokens of their own; kept in the data folder',
      lanAddress,
    )
    .option('--window-file <file>', 'writes there how a window of another account finds this agent', pathFromCaller)
    .action(run);

async function run({ listenLan, windowFile, ...given }: Options): Promise<void> {
  // The first start of a service has no one who names the store: the installer left a file in the folder.
  const options = { ...given, ...(await whoIsThis(given, (sentence) => console.error(sentence))) };
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
  if (windowFile !== undefined) tellWindows(windowFile, { ...agent, folder: options.data, log });
  await untilStopped({ url: agent.url, window: agent.windowUrl, store: agent.store }, async () => {
    if (windowFile !== undefined) removeWindowFile(windowFile);
    await agent.stop();
  });
}

type Told = { url: string; store: string; folder: string; log: Log };

/** Tills come first: a window file that cannot be written is told in the log, and the agent runs on. */
function tellWindows(path: string, { url, store, folder, log }: Told): void {
  const windowToken = readIdentity(folder)?.windowToken ?? '';
  try {
    writeWindowFile(path, { url, windowToken, store, pid: process.pid });
  } catch (error) {
    log.error({ reason: String(error) }, 'the window file cannot be written: windows do not find this agent');
  }
}
