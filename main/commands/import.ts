// tillwire import: captures a file and exits; hands it to the agent where one runs on that folder.
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { importBy } from '../../capture/reading.ts';
import type { FeedResult, ImportResult } from '../../protocol/local/capture.ts';
import { agentClient, findAgent } from '../agent-client.ts';
import { openIdentity } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';
import { type ReadingOptions, readReading, withStorage } from './journal-access.ts';
import { pathFromCaller, printJson, storeId } from './options.ts';
import { openProgress } from './progress.ts';

type Options = ReadingOptions & { store?: string; data: string; json?: boolean };

export const importCommand = (): Command =>
  new Command('import')
    .description('Captures the documents of a file. Importing the same file twice changes nothing.')
    .argument('<file>', 'the file, gzip or not', pathFromCaller)
    .option('--store <id>', 'the store; kept in the data folder after the first start', storeId)
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--mapping <file>', 'which column is what (docs/csv-mapping.md)', pathFromCaller)
    .option('--settings <file>', 'settings of a feed (docs/feeds/README.md)', pathFromCaller)
    .option('--feed <name>', 'a feed that needs no settings, for example poslog')
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(path: string, options: Options): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${path} is not a file.`);
  const progress = openProgress(basename(path), 0);
  const result = await importFile(path, options, progress.update);
  progress.stop();
  if (options.json === true) printJson(result);
  else console.log(inWords(result));
}

async function importFile(path: string, options: Options, onRows: (rows: number) => void): Promise<Result> {
  const named = readReading(options);
  if (named === null) throw new UsageError('Say how the file is read: --mapping FILE, --settings FILE or --feed NAME.');
  const { text, reading } = named;
  const where = { folder: options.data, store: options.store };
  const endpoint = await findAgent(options.data);
  if (endpoint !== null) {
    // Only to refuse the folder of another store: the agent holds it.
    openIdentity(options.data, where);
    return agentClient(endpoint).importFile(path, text, onRows);
  }
  return withStorage(where, (access) =>
    importBy(reading, access, {
      source: createReadStream(path),
      fileName: basename(path),
      onProgress: ({ rows }) => onRows(rows),
    }),
  );
}

type Result = ImportResult | FeedResult;

const inWords = (result: Result): string => ('rows' in result ? csvInWords(result) : feedInWords(result));

const feedInWords = (result: FeedResult): string =>
  [
    `${result.items} documents: ${result.captured} captured, ${result.duplicates} known already, ` +
      `${result.setAside} set aside, ${result.passed} passed over.`,
    `${result.sales} sales, ${result.returns} returns, ${result.voids} voids, ${result.movements} movements, ` +
      `${result.counts} counts; ${result.lines} lines.`,
  ].join('\n');

const csvInWords = (result: ImportResult): string =>
  [
    `${result.rows} rows: ${result.rowsCaptured} captured, ${result.rowsDuplicate} known already, ` +
      `${result.rowsNotGoods} no goods, ${result.rowsSetAside} set aside.`,
    `${result.receipts} receipts: ${result.sales} sales, ${result.returns} returns, ${result.adjustments} adjustments, ` +
      `${result.movements} other movements, ${result.counts} counts; ` +
      `${result.captured} captured, ${result.duplicates} known already, ${result.setAside} set aside.`,
  ].join('\n');
