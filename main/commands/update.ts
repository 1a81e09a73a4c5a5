// tillwire update: how updates of this program stand, and what a person may ask for at this PC.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { UPDATE_WISH_ANSWER_MS, UPDATE_WISH_MS } from '../../core/limits/updates.ts';
import { GuardFile, UpdateFile, type WishFile } from '../../protocol/update.ts';
import { readEndpoint } from '../data-folder.ts';
import { readAs, writeJson } from '../update/files.ts';
import { agentPlaces, defaultGuardFolder, guardPlaces, guardSettingsFor } from '../update/places.ts';
import { timeInWords, updateNotices } from '../update/told.ts';
import { UsageError } from '../usage-error.ts';
import { version } from '../version.ts';
import { pathFromCaller, printJson } from './options.ts';

type Options = { data: string; json?: boolean; yes?: boolean };

export const updateCommand = (): Command =>
  new Command('update')
    .description('Updates of this program: they install themselves in the maintenance window; this looks and asks.')
    .addCommand(command('status', 'What runs, what is offered, what it waits for.').action(printStatus))
    .addCommand(
      command('check', 'Looks for a new version now and fetches it; installs nothing outside the window.').action(
        (options: Options) => wish(options, 'check'),
      ),
    )
    .addCommand(
      command('now', 'Installs what is offered now, also outside the window, yet never while a till is selling.')
        .option('--yes', 'asks nothing')
        .action(async (options: Options) => {
          if (options.yes !== true && !(await agreed())) return;
          await wish(options, 'now');
        }),
    );

const command = (word: string, description: string): Command =>
  new Command(word)
    .description(description)
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--json', 'JSON on standard output');

async function agreed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('The tills cannot send for about a minute. Install now? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function statusOf(data: string) {
  const guard = guardPlaces(defaultGuardFolder());
  const state = readAs(agentPlaces(data).state, UpdateFile);
  const settings = guardSettingsFor(guard, data);
  const file = settings === null ? null : readAs(guard.state, GuardFile);
  const running = file?.law.running ?? version;
  const { job = null, last = null, bad = [], kept = [] } = file?.law ?? {};
  return {
    ...{ running, on: settings !== null, installer: settings?.installer ?? null },
    ...{ highest: state?.highest ?? running, offered: state?.offered ?? null, lookedMs: state?.lookedMs ?? null },
    ...{ doing: state?.doing ?? null, problem: state?.problem ?? null, putBack: bad },
    installers: kept.map((one) => one.version),
    job: job === null ? null : { from: job.from.version, to: job.to.version, phase: job.phase, why: job.why },
    last,
    notices: state === null ? [] : updateNotices(state, file, running, Date.now()),
  };
}

function printStatus({ data, json }: Options): void {
  const status = statusOf(data);
  if (json === true) {
    printJson(status);
    return;
  }
  if (!status.on) {
    console.log(
      `Version ${status.running}. This installation is not updated by itself: it has no guard (docs/updates.md).`,
    );
    return;
  }
  const lines = [
    `Version ${status.running}, offered ${status.offered ?? 'nothing'}, last looked ${timeInWords(status.lookedMs)}`,
    `  now           ${status.doing ?? 'no agent has looked yet'}`,
    `  installers    ${status.installers.join(', ') || 'none'}; highest version so far ${status.highest}`,
    ...(status.job === null ? [] : [`  at work       ${status.job.phase}: ${status.job.from} to ${status.job.to}`]),
    ...(status.last === null
      ? []
      : [`  last          ${status.last.version}: ${status.last.outcome}, ${timeInWords(status.last.atMs)}`]),
    ...(status.putBack.length === 0 ? [] : [`  put back      ${status.putBack.join(', ')}: not tried again`]),
    ...status.notices.map(({ message }) => `  notice        ${message}`),
  ];
  console.log(lines.join('\n'));
}

/** A file, for the agent alone decides: it takes the wish within seconds and says what became of it. */
async function wish({ data, json }: Options, word: WishFile['word']): Promise<void> {
  const places = agentPlaces(data);
  if (readEndpoint(data) === null)
    throw new UsageError(`No agent runs on ${data}: start it, it looks for updates by itself.`);
  if (!existsSync(places.state)) throw new UsageError('This installation is not updated by itself (docs/updates.md).');
  const id = randomUUID();
  writeJson(places.wish, { id, word, untilMs: Date.now() + UPDATE_WISH_MS } satisfies WishFile);
  const end = Date.now() + UPDATE_WISH_ANSWER_MS;
  let said = '';
  while (Date.now() < end) {
    await sleep(200);
    if (readEndpoint(data) === null) {
      if (json !== true) console.log('The agent has ended meanwhile; it goes on by itself when it runs again.');
      break;
    }
    const state = readAs(places.state, UpdateFile);
    if (state === null || state.wish !== id || state.doing === said) continue;
    said = state.doing;
    if (json !== true) console.log(said);
    if (isAnswer(said)) break;
  }
  if (json === true) printJson(statusOf(data));
}

/** What goes on by itself is followed; everything else is the answer. */
const isAnswer = (said: string): boolean => !/^(Looking|Downloading|The installer is being checked)/.test(said);
