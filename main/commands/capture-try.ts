// tillwire capture try: shows what a file would become, document by document, and keeps nothing.
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Command } from 'commander';
import { type Preview, previewFile } from '../../capture/preview/preview.ts';
import type { Reading } from '../../capture/reading.ts';
import { UsageError } from '../usage-error.ts';
import { type ReadingOptions, readReading } from './journal-access.ts';
import { pathFromCaller, storeId } from './options.ts';
import { openPrinter } from './preview-print.ts';

type Options = ReadingOptions & { store: string; json?: boolean };

/** Exit code 1: something in the file would be set aside, or its rest cannot be read. */
const EXIT_LEFT = 1;

export const captureTryCommand = (): Command =>
  new Command('try')
    .description('Shows what a file would become, or why not. Writes nothing and needs no data folder.')
    .argument('<file>', 'the file, gzip or not', pathFromCaller)
    .option('--feed <name>', 'poslog, epcis, jsonl, square, shopify, vend, woocommerce or csv')
    .option('--settings <file>', 'settings of the feed (docs/feeds/README.md)', pathFromCaller)
    .option('--mapping <file>', 'which column is what, for the feed csv (docs/csv-mapping.md)', pathFromCaller)
    .option('--store <id>', 'the store that the file is of', storeId, 'S001')
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(path: string, options: Options): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${path} is not a file.`);
  const reading = readingOf(options);
  const printer = openPrinter(process.stdout, options.json === true, {
    file: basename(path),
    feed: reading.kind === 'feed' ? reading.settings.feed : 'csv',
    store: options.store,
  });
  const preview = await previewFile({
    reading,
    store: options.store,
    source: createReadStream(path),
    fileName: basename(path),
    onItem: printer.item,
  });
  await printer.end(preview);
  process.exitCode = exitCode(preview);
}

function readingOf(options: Options): Reading {
  const { feed, settings, mapping } = options;
  if (feed === 'csv' && mapping === undefined && settings === undefined) {
    throw new UsageError('Name the mapping of the file with --mapping FILE (docs/csv-mapping.md).');
  }
  const named = readReading(options);
  if (named === null) throw new UsageError('Say how the file is read: --feed NAME, --settings FILE or --mapping FILE.');
  return named.reading;
}

const exitCode = ({ summary, stopped }: Preview): number => (stopped !== null || summary.setAside > 0 ? EXIT_LEFT : 0);
