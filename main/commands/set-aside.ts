// tillwire set-aside: lists what could not be placed, and drives it in again once its mapping is mended.
import { Command } from 'commander';
import { redriveBy } from '../../capture/reading.ts';
import type { SetAsideItem } from '../../core/captured.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { type JournalReader, openReader } from '../../storage/reader.ts';
import { agentClient, findAgent } from '../agent-client.ts';
import { UsageError } from '../usage-error.ts';
import { type ReadingOptions, readReading, withStorage } from './journal-access.ts';
import { localTime, pathFromCaller, printJson } from './options.ts';

type Options = ReadingOptions & { data: string; json?: boolean; redrive?: boolean };

export const setAsideCommand = (): Command =>
  new Command('set-aside')
    .description('What could not be placed, with line and reason; nothing of it is lost.')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--json', 'JSON on standard output')
    .option('--redrive', 'drive it in again, as the mapping or the settings of a feed say now')
    .option('--mapping <file>', 'mapping file for --redrive', pathFromCaller)
    .option('--settings <file>', 'settings of a feed for --redrive', pathFromCaller)
    .option('--feed <name>', 'a feed that needs no settings, for --redrive')
    .action((options: Options) => (options.redrive === true ? driveAgain(options) : list(options)));

function list(options: Options): void {
  const reader = openReader(options.data);
  try {
    if (options.json === true) {
      printJson([...itemsOf(reader)].map(({ fingerprint: _, ...item }) => item));
      return;
    }
    let count = 0;
    for (const item of itemsOf(reader)) {
      console.log(`${++count}. ${item.source}, ${item.place} (${localTime(item.atMs)})\n   ${item.reason}`);
    }
    if (count === 0) console.log('Nothing is set aside.');
  } finally {
    reader.close();
  }
}

function* itemsOf(reader: JournalReader): Generator<SetAsideItem> {
  for (let after = 0; ; ) {
    const page = reader.listAside({ after, limit: PAGE_ROWS_MAX });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

async function driveAgain(options: Options): Promise<void> {
  const named = readReading(options);
  if (named === null)
    throw new UsageError('Name what is driven again: --mapping FILE.json, --settings FILE or --feed NAME.');
  const { text, reading } = named;
  const endpoint = await findAgent(options.data);
  const result =
    endpoint === null
      ? await withStorage({ folder: options.data }, (access) => redriveBy(reading, access))
      : await agentClient(endpoint).redrive(text);
  printJson(result);
}
