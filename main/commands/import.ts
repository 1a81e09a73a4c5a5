// tillwire import: captures a file and exits; hands it to the agent where one runs on that folder.
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { importCsv } from '../../capture/csv/import.ts';
import type { ImportResult } from '../../protocol/local/capture.ts';
import { agentClient, findAgent } from '../agent-client.ts';
import { openIdentity } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';
import { readMapping, withStorage } from './journal-access.ts';
import { pathFromCaller, printJson, storeId } from './options.ts';
import { openProgress } from './progress.ts';

type Options = { store?: string; data: string; mapping: string; json?: boolean };

export const importCommand = (): Command =>
  new Command('import')
    .description('Captures the receipts of a CSV file. Importing the same file twice changes nothing.')
    .argument('<file>', 'FILE.csv or FILE.csv.gz', pathFromCaller)
    .option('--store <id>', 'the store; kept in the data folder after the first start', storeId)
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .requiredOption('--mapping <file>', 'which column is what (docs/csv-mapping.md)', pathFromCaller)
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

async function importFile(path: string, options: Options, onRows: (rows: number) => void): Promise<ImportResult> {
  const { text, mapping } = readMapping(options.mapping);
  const where = { folder: options.data, store: options.store };
  const endpoint = await findAgent(options.data);
  if (endpoint !== null) {
    // Only to refuse the folder of another store: the agent holds it.
    openIdentity(options.data, where);
    return agentClient(endpoint).importFile(path, text, onRows);
  }
  return withStorage(where, (access) =>
    importCsv({
      ...access,
      mapping,
      source: createReadStream(path),
      fileName: basename(path),
      onProgress: ({ rows }) => onRows(rows),
    }),
  );
}

const inWords = (result: ImportResult): string =>
  [
    `${result.rows} rows: ${result.rowsCaptured} captured, ${result.rowsDuplicate} known already, ` +
      `${result.rowsNotGoods} no goods, ${result.rowsSetAside} set aside.`,
    `${result.receipts} receipts: ${result.sales} sales, ${result.returns} returns, ${result.adjustments} adjustments; ` +
      `${result.captured} captured, ${result.duplicates} known already, ${result.setAside} set aside.`,
  ].join('\n');
