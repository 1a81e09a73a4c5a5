// tillwire settings: checks, shows and sets what a store is told: whom to call, opening hours, language, updates.
import { readFileSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { SETTINGS_BYTES_MAX } from '../../core/limits/files.ts';
import { NO_SETTINGS } from '../../protocol/settings.ts';
import { readIdentity, writePrivateFile } from '../data-folder.ts';
import { parseSettings, settingsFile } from '../settings.ts';
import { readSettingsRevision } from '../this-pc/pc-state.ts';
import { UsageError } from '../usage-error.ts';
import { pathFromCaller, printJson } from './options.ts';

const EXIT_WRONG = 1;

export const settingsCommand = (): Command =>
  new Command('settings')
    .description('What a store is told: whom to call, opening hours, language, updates (docs/settings.md).')
    .addCommand(checkCommand())
    .addCommand(showCommand())
    .addCommand(setCommand());

const checkCommand = (): Command =>
  new Command('check')
    .description('Names each wrong field of a settings file and the fix. Exit code 1 where there is one.')
    .argument('<file>', 'settings file (JSON)', pathFromCaller)
    .action((file: string) => {
      const problems = problemsOf(file);
      console.log(problems.length === 0 ? `${file} is right.` : [`${file}:`, ...problems].join('\n  '));
      if (problems.length > 0) process.exitCode = EXIT_WRONG;
    });

const showCommand = (): Command =>
  new Command('show')
    .description('The settings in force, with what is not set as it is without it.')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .action(({ data }: { data: string }) => {
      if (readSettingsRevision(data) === null) return printJson(NO_SETTINGS);
      const read = parseSettings(readText(settingsFile(data)));
      if ('problems' in read) throw new UsageError(wrong(settingsFile(data), read.problems));
      printJson(read.settings);
    });

const setCommand = (): Command =>
  new Command('set')
    .description(
      'Checks a settings file and puts it into force, whole or not at all; a running agent follows by itself.',
    )
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .argument('<file>', 'settings file (JSON)', pathFromCaller)
    .action((file: string, { data }: { data: string }) => {
      if (readIdentity(data) === null)
        throw new UsageError(`${data} is no data folder of an agent: start one on it first.`);
      const problems = problemsOf(file);
      if (problems.length > 0) throw new UsageError(wrong(file, problems));
      writePrivateFile(settingsFile(data), readText(file));
      console.log(`In force: ${readSettingsRevision(data)?.digest}.`);
    });

const wrong = (file: string, problems: string[]): string => [`${file} is not right:`, ...problems].join('\n  ');

function problemsOf(file: string): string[] {
  const read = parseSettings(readText(file));
  return 'problems' in read ? read.problems : [];
}

function readText(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new UsageError(`${file} does not exist.`);
  if (size > SETTINGS_BYTES_MAX) throw new UsageError(`${file} has more than ${SETTINGS_BYTES_MAX} bytes.`);
  return readFileSync(file, 'utf8');
}
