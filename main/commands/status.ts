// tillwire status: how a store stands, read from its data folder whether or not the agent runs.
import { Command } from 'commander';
import { DateTime } from 'luxon';
import type { LanState } from '../../protocol/local/window.ts';
import { openReader } from '../../storage/reader.ts';
import { agentClient, findAgent } from '../agent-client.ts';
import { localTime, pathFromCaller, printJson } from './options.ts';

export const statusCommand = (): Command =>
  new Command('status')
    .description('How the store stands: what was captured, what waits, what was set aside. Reads only.')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--json', 'JSON on standard output')
    .action(async (options: { data: string; json?: boolean }) => {
      const status = await readStatus(options.data);
      if (options.json === true) printJson(status);
      else console.log(inWords(status));
    });

type Status = Awaited<ReturnType<typeof readStatus>>;

async function readStatus(folder: string) {
  const endpoint = await findAgent(folder);
  const live = endpoint === null ? null : await agentClient(endpoint).status();
  const reader = openReader(folder);
  try {
    const kept = reader.snapshot(DateTime.now().toISODate());
    const epochs = reader.epochs();
    const questions = reader.exceptions();
    const ours = questions.filter(({ owner }) => owner === 'store').length;
    const exceptions = { store: ours, others: questions.length - ours };
    const { captured, settled, waiting, waitingSinceMs, lastCapturedMs, lastSettledMs, setAside, tills } = kept;
    return {
      ...{ store: reader.store, running: live !== null, line: live?.line ?? 'stopped', url: endpoint?.url ?? null },
      ...{ captured, settled, waiting, waitingSinceMs, lastCapturedMs, lastSettledMs, setAside },
      ...{ exceptions, epochs, tills, notices: live?.notices ?? kept.notices },
      lan: live?.lan ?? null,
    };
  } finally {
    reader.close();
  }
}

const lanInWords = ({ urls, fingerprint, problem }: LanState): string =>
  problem ?? `${urls.join(' ')}, certificate SHA-256 ${fingerprint}`;

function inWords(status: Status): string {
  const since = status.waitingSinceMs === null ? '' : `, the oldest since ${localTime(status.waitingSinceMs)}`;
  return [
    `Store ${status.store}: ${status.running ? `agent running, line ${status.line}` : 'no agent is running'}`,
    `  captured      ${status.captured}, last ${localTime(status.lastCapturedMs)}`,
    `  settled       ${status.settled}, last ${localTime(status.lastSettledMs)}`,
    `  waiting       ${status.waiting}${since}`,
    `  set aside     ${status.setAside}`,
    `  questions     ${status.exceptions.store} to the store, ${status.exceptions.others} to others`,
    ...(status.lan === null ? [] : [`  tills on the network  ${lanInWords(status.lan)}`]),
    ...status.notices.map((notice) => `  notice        ${notice.message}`),
  ].join('\n');
}
