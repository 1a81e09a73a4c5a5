// tillwire enrol: lets computers become the devices of stores, and lists those that did.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { COMPUTER_NAME_LENGTH_MAX, ENROLMENT_FILE_BYTES_MAX } from '../../core/limits/devices.ts';
import { EnrolmentFile, enrolmentTokenId } from '../../protocol/device/enrolment.ts';
import { StoreId } from '../../protocol/fact.ts';
import { DeviceRow, IssuedEnrolment } from '../../protocol/hq/devices.ts';
import { writePrivateFile } from '../data-folder.ts';
import { UsageError } from '../usage-error.ts';
import { localTime, pathFromCaller, printJson, printTable, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Wish = CentralOptions & { replace?: boolean; days?: number; json?: boolean };

export const enrolCommand = (): Command =>
  new Command('enrol')
    .description('Lets computers become the devices of stores, and lists them.')
    .addCommand(
      withCentral(new Command('token'))
        .description('Issues a token that lets one computer in for a store, once, and prints it: it is told this once.')
        .requiredOption('--store <id>', 'the store, for example S001', storeId)
        .option('--replace', 'the computer that enrols with it takes the place of the present one')
        .option('--days <number>', 'how long it lives', Number)
        .option('--json', 'JSON on standard output')
        .action(issueToken),
    )
    .addCommand(
      withCentral(new Command('file'))
        .description('Writes one signed file that lets the computers of many stores in, each store once.')
        .requiredOption(
          '--stores <file>',
          'CSV with the columns store and, if computers are to find theirs, computer',
          pathFromCaller,
        )
        .requiredOption('--out <file>', 'where to write it: keep it as safe as a password', pathFromCaller)
        .option('--replace', 'computers that enrol with it take the place of the present ones')
        .option('--days <number>', 'how long it lives', Number)
        .action(writeFile),
    )
    .addCommand(
      withCentral(new Command('cancel'))
        .argument('<id>', 'of the token or file, as it was told when it was issued')
        .description('Lets no computer in by this token or file any more; those that are in stay.')
        .action(async (id: string, options: CentralOptions) => {
          const path = `/enrolment-tokens/${encodeURIComponent(id)}/cancellation`;
          const { unused } = await openCentral(options).post(path, {}, 'cancel', Cancelled);
          console.log(`Token ${id} lets nobody in any more; ${unused} of its stores had not used it.`);
        }),
    )
    .addCommand(
      withCentral(new Command('list'))
        .description('Computers of stores, newest first.')
        .option('--store <id>', 'of this store only', storeId)
        .option('--json', 'JSON on standard output')
        .action(list),
    );

/** The token alone is on standard output, so that it can be piped; what a person should know is on standard error. */
async function issueToken(options: Wish & { store: string }): Promise<void> {
  const { store, replace = false, days, json } = options;
  const body = { store, replace, ...(days === undefined ? {} : { days }) };
  const issued = await openCentral(options).post('/enrolment-tokens', body, 'enrol', IssuedEnrolment);
  if (json === true) return printJson(issued);
  console.log(issued.token);
  console.error(
    `Token ${issued.id} lets one computer in for store ${store}, once, until ${localTime(issued.expiresMs)}.`,
  );
  if (issued.remainder !== null) console.error(issued.remainder);
}

const Cancelled = z.object({ unused: z.int() });

const Line = z.object({
  store: StoreId,
  computer: z.string().trim().max(COMPUTER_NAME_LENGTH_MAX).optional(),
});

async function writeFile(options: Wish & { stores: string; out: string }): Promise<void> {
  const { stores: path, out, replace = false, days } = options;
  const stores = readStores(path);
  const body = { stores, replace, ...(days === undefined ? {} : { days }) };
  const file = await openCentral(options).post('/enrolment-files', body, 'enrol', EnrolmentFile);
  writePrivateFile(out, `${JSON.stringify(file, null, 2)}\n`);
  const id = enrolmentTokenId(file.token) ?? '';
  const until = localTime(file.expiresMs);
  console.log(`${out} (token ${id}) lets computers in for ${stores.length} stores, each once, until ${until}.`);
}

function readStores(path: string): { store: string; computer: string | null }[] {
  const text = readFileSync(path);
  if (text.length > ENROLMENT_FILE_BYTES_MAX) throw new UsageError(`${path} is too large: write several files.`);
  const rows = readRows(path, text);
  const [first] = rows;
  if (first === undefined || !('store' in first)) {
    throw new UsageError(`${path} needs a first line that names its columns: store, or store and computer.`);
  }
  return rows.map((row, index) => {
    const read = Line.safeParse(row);
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new UsageError(`${path}, line ${index + 2}, ${issue?.path.join('.')}: ${issue?.message}.`);
    }
    const { store, computer = '' } = read.data;
    return { store, computer: computer === '' ? null : computer };
  });
}

function readRows(path: string, text: Buffer): Record<string, string>[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new UsageError(`${path} cannot be read as CSV: ${error instanceof Error ? error.message : error}`);
  }
}

async function list(options: CentralOptions & { store?: string; json?: boolean }): Promise<void> {
  const query = options.store === undefined ? {} : { store: options.store };
  const rows = await openCentral(options).get('/devices', query, DeviceRow.array());
  if (options.json === true) return printJson(rows);
  const lines = rows.map((row) => [
    ...[row.device, row.store, row.state, row.computer, localTime(row.enrolledMs), localTime(row.untilMs)],
    ...[row.heardMs === null ? 'never' : localTime(row.heardMs), restOf(row)],
  ]);
  printTable([['device', 'store', 'state', 'computer', 'enrolled', 'certificate until', 'heard', ''], ...lines]);
}

/** Of a computer that speaks no more. */
const restOf = ({ state, remainder }: DeviceRow): string =>
  state === 'active' || remainder === null || remainder === 0 ? '' : `still holds ${remainder} that are not here`;
