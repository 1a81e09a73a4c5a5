// tillwire catalogue import: a file of products, looked at first, then brought in.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { WRONG_ROWS_SHOWN_MAX } from '../../core/limits/catalogue.ts';
import { type Brought, bringIn } from '../product-file/bring-in.ts';
import { type NamedColumns, namedColumn } from '../product-file/columns.ts';
import { type ProductFile, readProductFile, type WrongRow } from '../product-file/read.ts';
import { UsageError } from '../usage-error.ts';
import { currencyCode, pathFromCaller, printJson } from './options.ts';
import { openProgress } from './progress.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & {
  column?: NamedColumns;
  currency?: string;
  encoding: string;
  look?: boolean;
  yes?: boolean;
  withoutWrong?: boolean;
  json?: boolean;
};

export const catalogueImportCommand = (): Command =>
  withCentral(new Command('import'))
    .description('Brings products of a CSV file in. It looks first; nothing is brought in while a row is wrong.')
    .argument('<file>', 'CSV with a header line, gzip or not', pathFromCaller)
    .option('--column <attribute=header>', 'which column is what: sku=StockCode; may be given again', namedColumn)
    .option('--currency <code>', 'of a column that is only called "price", for example EUR', currencyCode)
    .option('--encoding <name>', 'of a file that is not UTF-8, for example windows-1252', encodingName, 'utf-8')
    .option('--look', 'only look what would come of it')
    .option('--yes', 'do not ask before it is done')
    .option('--without-wrong', 'leave wrong rows out and bring the others in')
    .option('--json', 'JSON on standard output')
    .action(run);

type Look = { file: ProductFile; would: Brought; wrong: WrongRow[] };

async function run(path: string, options: Options): Promise<void> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${path} is not a file.`);
  const { column = new Map(), currency, encoding, json = false } = options;
  const file = await readProductFile(path, { columns: column, currency, encoding });
  const client = openCentral(options);
  const bring = async (look: boolean): Promise<Brought> => {
    const progress = openProgress(look ? 'looking' : 'bringing in', file.products.length);
    const wish = { products: file.products, look, source: basename(path), onDone: progress.update };
    return bringIn(client, wish).finally(progress.stop);
  };
  const would = await bring(true);
  const refused = would.refused.map(({ sku, sentence }): WrongRow => {
    return { line: file.lines.get(sku) ?? 0, field: sku, problem: sentence };
  });
  const look: Look = { file, would, wrong: [...file.wrong, ...refused].sort((a, b) => a.line - b.line) };
  if (!json) console.log(lookInWords(look));
  const done = (await mayGoOn(look, options)) ? await bring(false) : null;
  if (json) printJson(asJson(look, done));
  else if (done !== null) console.log(`Done. The catalogue is at version ${done.version}.`);
}

/** Sets the exit code where rows are wrong and nothing is done because of them. */
async function mayGoOn({ would, wrong }: Look, { look, yes, withoutWrong, json }: Options): Promise<boolean> {
  if (wrong.length > 0 && withoutWrong !== true) {
    if (json !== true) console.log('Nothing is brought in. Mend these rows, or leave them out with --without-wrong.');
    process.exitCode = 1;
    return false;
  }
  if (look === true || would.fresh + would.changed + would.proposed === 0) return false;
  if (yes === true) return true;
  if (process.stdin.isTTY !== true)
    throw new UsageError('nothing is brought in yet: say --yes, or --look to only look.');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question('Bring it in? Type yes: ').finally(() => lines.close());
  return answer.trim().toLowerCase() === 'yes';
}

const asJson = ({ file, would, wrong }: Look, done: Brought | null) => {
  const { refused: _, version, ...counted } = done ?? would;
  return { rows: file.rows, products: file.products.length, ...counted, version, wrong, done: done !== null };
};

function lookInWords({ file, would, wrong }: Look): string {
  const { rows, products, unread } = file;
  const lines = [
    `${rows} rows, ${products.length} products: ${would.fresh} are new, ${would.changed} change, ` +
      `${would.same} stay as they are.`,
  ];
  if (would.proposed > 0) lines.push(`${would.proposed} values belong to others: they are proposed to them.`);
  if (would.rejected > 0) lines.push(`${would.rejected} values were proposed before and rejected: they stay.`);
  if (unread.length > 0) lines.push(`Not read: ${unread.join(', ')}. Name them with --column ATTRIBUTE=HEADER.`);
  if (wrong.length === 0) return lines.join('\n');
  lines.push(`Wrong:`);
  for (const { line, field, problem } of wrong.slice(0, WRONG_ROWS_SHOWN_MAX)) {
    lines.push(`  line ${line}, ${field}: ${problem}`);
  }
  if (wrong.length > WRONG_ROWS_SHOWN_MAX) lines.push(`  and ${wrong.length - WRONG_ROWS_SHOWN_MAX} more`);
  return lines.join('\n');
}

function encodingName(text: string): string {
  try {
    return new TextDecoder(text).encoding;
  } catch {
    throw new UsageError(`--encoding: "${text}" is not known. Write for example utf-8 or windows-1252.`);
  }
}
