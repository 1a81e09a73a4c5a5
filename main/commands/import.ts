// tillwire import: captures a file and exits; hands it to the agent where one runs on that folder.
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import axios, { isAxiosError } from 'axios';
import { Command } from 'commander';
import { importCsv } from '../../capture/csv/import.ts';
import type { ImportResult } from '../../protocol/local/capture.ts';
import { type Endpoint, readEndpoint, readIdentity } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';
import { readMapping, readText, withStorage } from './journal-access.ts';
import { pathFromCaller, printJson, storeId } from './options.ts';
import { openProgress, type Progress } from './progress.ts';

type Options = { store?: string; data: string; mapping: string; json?: boolean };

export const importCommand = (): Command =>
  new Command('import')
    .description('Captures the receipts of a CSV file. Importing the same file twice changes nothing.')
    .argument('<file>', 'FILE.csv or FILE.csv.gz')
    .option('--store <id>', 'the store; kept in the data folder after the first start', storeId)
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .requiredOption('--mapping <file>', 'which column is what (docs/csv-mapping.md)', pathFromCaller)
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(file: string, options: Options): Promise<void> {
  const path = pathFromCaller(file);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${path} is not a file.`);
  const mapping = readMapping(options.mapping);
  const progress = openProgress(basename(path), 0);
  const endpoint = readEndpoint(options.data);
  const result =
    endpoint === null
      ? await withStorage({ folder: options.data, store: options.store }, (access) =>
          importCsv({
            ...access,
            mapping,
            source: createReadStream(path),
            fileName: basename(path),
            onProgress: ({ rows }) => progress.update(rows),
          }),
        )
      : await handOver(endpoint, path, options, progress);
  progress.stop();
  if (options.json === true) printJson(result);
  else console.log(inWords(result));
}

/** The agent that runs on the folder captures the file; the answer streams its progress (docs/protocol.md). */
async function handOver(endpoint: Endpoint, path: string, options: Options, progress: Progress): Promise<ImportResult> {
  const kept = readIdentity(options.data);
  if (options.store !== undefined && options.store !== kept?.store) {
    throw new UsageError(`${options.data} belongs to store ${kept?.store}, not ${options.store}.`);
  }
  const headers = {
    authorization: `Bearer ${endpoint.token}`,
    'content-type': 'text/csv',
    'x-tillwire-mapping': Buffer.from(readText(options.mapping)).toString('base64url'),
    'x-tillwire-file': encodeURIComponent(basename(path)),
  };
  const answer = await axios
    .post<Readable>(`${endpoint.url}/v1/imports`, createReadStream(path), {
      ...{ headers, responseType: 'stream', proxy: false },
      ...{ maxBodyLength: Number.POSITIVE_INFINITY, maxRedirects: 0 },
    })
    .catch((error: unknown) => {
      const status = isAxiosError(error) ? (error.response?.status ?? error.code) : error;
      throw new UsageError(`the agent at ${endpoint.url} did not take the file (${status}).`);
    });
  for await (const line of createInterface({ input: answer.data })) {
    const said = JSON.parse(line) as {
      progress?: { rows: number };
      result?: ImportResult;
      error?: { message: string };
    };
    if (said.progress !== undefined) progress.update(said.progress.rows);
    if (said.error !== undefined) throw new UsageError(`the agent stopped the import: ${said.error.message}`);
    if (said.result !== undefined) return said.result;
  }
  throw new UsageError('the agent ended before the import was done. Run it again: nothing is captured twice.');
}

const inWords = (result: ImportResult): string =>
  [
    `${result.rows} rows: ${result.rowsCaptured} captured, ${result.rowsDuplicate} known already, ` +
      `${result.rowsNotGoods} no goods, ${result.rowsSetAside} set aside.`,
    `${result.receipts} receipts: ${result.sales} sales, ${result.returns} returns, ${result.adjustments} adjustments; ` +
      `${result.captured} captured, ${result.duplicates} known already, ${result.setAside} set aside.`,
  ].join('\n');
