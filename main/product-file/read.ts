// A file of products becomes values by SKU; each wrong row is told with its line and field.
import { createReadStream } from 'node:fs';
import { type CsvRecord, csvRecords } from '../../capture/csv/records.ts';
import { type Bytes, textOf, utf8Bytes } from '../../capture/csv/source.ts';
import { canonicalJson } from '../../core/canonical.ts';
import type { AttributeValue } from '../../core/catalogue.ts';
import { readValue } from '../../core/catalogue-values.ts';
import { CATALOGUE_PRODUCTS_MAX } from '../../core/limits/catalogue.ts';
import { CSV_ROW_BYTES_MAX } from '../../core/limits/files.ts';
import { AttributeValueSchema } from '../../protocol/catalogue.ts';
import { Identifier } from '../../protocol/fact.ts';
import type { ProductValues } from '../../protocol/hq/catalogue.ts';
import { UsageError } from '../usage-error.ts';
import { type Columns, columnsOf, type NamedColumns } from './columns.ts';

export type WrongRow = { line: number; field: string; problem: string };

export type ProductFile = {
  rows: number;
  products: ProductValues[];
  /** Line of the file in which each product stands first, by SKU. */
  lines: Map<string, number>;
  wrong: WrongRow[];
  /** Headers that nobody knows and nobody named. */
  unread: string[];
};

export type FileOptions = { columns: NamedColumns; currency?: string | undefined; encoding: string };

const DELIMITERS = [',', ';', '\t', '|'];

/** The whole file; an empty cell says nothing of its attribute. */
export async function readProductFile(
  path: string,
  { columns, currency, encoding }: FileOptions,
): Promise<ProductFile> {
  const file: ProductFile = { rows: 0, products: [], lines: new Map(), wrong: [], unread: [] };
  const spellings = new Map<string, string>();
  let found: Columns | null = null;
  for await (const record of recordsOf(createReadStream(path), encoding)) {
    if (found === null) {
      found = columnsOf(record.cells, columns, currency);
      file.unread = found.unread;
      continue;
    }
    file.rows += 1;
    if (file.products.length > CATALOGUE_PRODUCTS_MAX) {
      throw new UsageError(
        `the file has more than ${CATALOGUE_PRODUCTS_MAX} products: a catalogue does not hold them.`,
      );
    }
    take(file, spellings, readRow(record, found));
  }
  if (found === null) throw new UsageError('the file is empty: its first line is to name the columns.');
  return file;
}

/** The first line of the file says what divides the columns. */
async function* recordsOf(source: Bytes, encoding: string): AsyncGenerator<CsvRecord> {
  const chunks = utf8Bytes(source, encoding)[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.includes('\n') || head.length > CSV_ROW_BYTES_MAX) break;
  }
  const [first = ''] = textOf(head).split(/\r\n|\n|\r/, 1);
  const times = DELIMITERS.map((delimiter) => first.split(delimiter).length);
  const delimiter = DELIMITERS[times.indexOf(Math.max(...times))] ?? ',';
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  }
  yield* csvRecords(whole(), { delimiter, quote: '"', looseQuotes: false });
}

type Row = { line: number; sku: string; product: ProductValues | null; wrong: WrongRow[] };

const BROKEN: Record<NonNullable<CsvRecord['broken']>, string> = {
  quotes: 'its quotation marks do not pair up',
  'too-long': 'it is longer than a row can be: a quotation mark may be missing',
  encoding: 'it is not UTF-8: save the file as UTF-8, or name its --encoding',
  json: 'it cannot be read',
};

function readRow({ line, cells, broken }: CsvRecord, { sku: skuIndex, attributes }: Columns): Row {
  if (broken !== undefined) return wrongRow(line, 'the row', BROKEN[broken]);
  const code = Identifier.safeParse((cells[skuIndex] ?? '').trim());
  if (!code.success) return wrongRow(line, 'sku', code.error.issues[0]?.message ?? 'write the SKU');
  const wrong: WrongRow[] = [];
  const values: Record<string, AttributeValue> = {};
  for (const { index, header, attribute } of attributes) {
    const text = (cells[index] ?? '').trim();
    if (text === '') continue;
    const read = readValue(attribute, text);
    const problem = 'problem' in read ? read.problem : textProblem(read.value);
    if (problem !== null) wrong.push({ line, field: header, problem: `${problem}; it says "${shortened(text)}"` });
    else if ('value' in read) values[attribute] = read.value;
  }
  const sku = code.data;
  return { line, sku, product: wrong.length > 0 ? null : { sku, values }, wrong };
}

const wrongRow = (line: number, field: string, problem: string): Row => ({
  ...{ line, sku: '', product: null },
  wrong: [{ line, field, problem }],
});

const textProblem = (value: AttributeValue): string | null => {
  const read = AttributeValueSchema.safeParse(value);
  return read.success ? null : 'the text is too long or has characters that cannot be printed';
};

const SHOWN = 40;
const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text);

/** A SKU stands in a file once; the same row again is no mistake, another one is. */
function take(file: ProductFile, spellings: Map<string, string>, { line, sku, product, wrong }: Row): void {
  file.wrong.push(...wrong);
  if (product === null) return;
  const spelling = canonicalJson(product.values);
  const before = spellings.get(sku);
  if (before === undefined) {
    spellings.set(sku, spelling);
    file.lines.set(sku, line);
    file.products.push(product);
  } else if (before !== spelling) {
    const first = file.lines.get(sku) ?? 0;
    file.wrong.push({ line, field: 'sku', problem: `${sku} stands in line ${first} already, with other values` });
  }
}
