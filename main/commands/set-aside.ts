// tillwire set-aside: lists what could not be placed, and drives it in again once its mapping is mended.
import { Command } from 'commander';
import { redrive } from '../../capture/csv/redrive.ts';
import type { SetAsideItem } from '../../core/captured.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { type JournalReader, openReader } from '../../storage/reader.ts';
import { agentClient, findAgent } from '../agent-client.ts';
import { UsageError } from '../usage-error.ts';
import { readMapping, withStorage } from './journal-access.ts';
import { localTime, pathFromCaller, printJson } from './options.ts';

type Options = { data: string; json?: boolean; redrive?: boolean; mapping?: string };

export const setAsideCommand = (): Command =>
  new Command('set-aside')
    .description('What could not be placed, with line and reason; nothing of it is lost.')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--json', 'JSON on standard output')
    .option('--redrive', 'drive it in again with the mended mapping file')
    .option('--mapping <file>', 'mapping file for --redrive', pathFromCaller)
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
  if (options.mapping === undefined) throw new UsageError('Name the mended mapping file with --mapping FILE.json.');
  const { text, mapping } = readMapping(options.mapping);
  const endpoint = await findAgent(options.data);
  const result =
    endpoint === null
      ? await withStorage({ folder: options.data }, (access) => redrive({ ...access, mapping }))
      : await agentClient(endpoint).redrive(text);
  printJson(result);
}
