// Looks at a sample of an unknown file and proposes a mapping: a sentence for each choice, and what a person must decide.
import { basename } from 'node:path';
import { type CsvMapping, issuesText, parseMapping } from './mapping.ts';
import { unreadRows } from './propose-check.ts';
import { documentsOf, mappedColumns, NEEDED_ROLES } from './propose-mapping.ts';
import {
  casePair,
  figure,
  notGoodsOf,
  type SampleRow,
  scopeOf,
  signsOf,
  slugOf,
  type Told,
} from './propose-receipts.ts';
import { minorUnitsOf, type Roles, rolesOf, timesOf } from './propose-roles.ts';
import { sampleOf } from './propose-sample.ts';
import { currencyOf, isMonthFirst, stockSettings, tillOf, timeColumns } from './propose-settings.ts';
import { type Table, tableOf } from './propose-table.ts';
import { profileOf, styleOf } from './propose-values.ts';
import { ImportStopped } from './source.ts';
import { timeReader } from './times.ts';

export type Choice = { setting: string; value: string; sure: 'sure' | 'likely' | 'guess'; why: string };
export type Proposal = {
  file: string;
  /** Rows of the sample, and whether that is the whole file. */
  rows: number;
  complete: boolean;
  mapping: Record<string, unknown>;
  choices: Choice[];
  /** What a person must decide, and which setting it changes. */
  questions: { setting: string; question: string }[];
  /** Rows of the sample that this mapping cannot read, and why, for the first of them. */
  unread: { rows: number; reasons: string[] };
};

export type ProposeOptions = { timeZone: string; currency?: string | undefined };

/** Deterministic: the same file and options give the same proposal. Throws ImportStopped where nothing can be proposed. */
export async function propose(path: string, options: ProposeOptions): Promise<Proposal> {
  const sample = await sampleOf(path);
  const table = await tableOf(sample);
  const { timeZone } = options;
  const number = styleOf(table.rows);
  const profiles = table.names.map((name, index) =>
    profileOf({ index, name, nameless: table.nameless.has(index) }, table.rows, number.style),
  );
  const times = timesOf(profiles, timeZone, isMonthFirst(timeZone));
  const documents = documentsOf(profiles, times);
  const roles = rolesOf(profiles, times, NEEDED_ROLES[documents.value]);
  const when = timeColumns(profiles, times, documents.value);
  const columns = mappedColumns({
    profiles,
    roles,
    when,
    documents: documents.value,
    rows: table.rows,
    style: number.style,
  });
  const told: Told[] = [
    ...table.notes.map((note) => ({ ...note })),
    { setting: 'encoding', value: sample.encoding, sure: sample.sure, why: sample.why },
    { setting: 'documents', ...documents },
    ...columns.told,
    ...when.told,
    {
      setting: 'numbers',
      value: numbersText(number.style),
      sure: number.sure,
      why: number.why,
      ask: number.ask ?? undefined,
    },
  ];
  const mapping: Record<string, unknown> = {
    name: slugOf(basename(path)),
    documents: documents.value,
    ...table.settings,
  };
  if (documents.value === 'receipts') delete mapping['documents'];
  if (number.style.decimalComma) mapping['decimalComma'] = true;
  if (number.style.thousandsSeparator !== undefined) mapping['thousandsSeparator'] = number.style.thousandsSeparator;
  if (!table.header) mapping['header'] = renamed(table, columns.columns);
  mapping['columns'] = table.header
    ? columns.columns
    : Object.fromEntries(Object.keys(columns.columns).map((role) => [role, role]));
  const till = tillOf(roles, profiles);
  told.push(...till.told);
  mapping['till'] = table.header || 'constant' in till.till ? till.till : { column: 'till' };
  const chosen = 'column' in till.till ? till.till.column : null;
  if (!table.header && chosen !== null) {
    mapping['header'] = (mapping['header'] as string[]).map((name) => (name === chosen ? 'till' : name));
  }
  Object.assign(mapping, { timeFormat: when.format, timeZone });
  told.push({
    setting: 'timeZone',
    value: timeZone,
    sure: 'guess',
    why: 'no file says where it was written',
    ask: `Is the shop in the time zone ${timeZone}? If not, set timeZone.`,
  });
  const rows = sampleRows(table, roles, columns.columns, mapping, number.style);
  const noun = documents.value === 'receipts' ? 'receipt' : 'document';
  if (columns.number === null) Object.assign(mapping, { documentNumber: columns.documentNumber, receiptScope: 'day' });
  else pushTold(mapping, told, scopeOf(rows, noun));
  const money = ['unitPrice', 'amount'].flatMap((role) =>
    profiles.filter(({ name }) => name === columns.columns[role]),
  );
  if (documents.value === 'receipts') {
    if (money.length > 0) pushTold(mapping, told, currencyOf(money, profiles, timeZone, options.currency));
    const minor = minorUnitsOf(money);
    if (minor !== null) {
      const ask =
        minor === 'sure'
          ? undefined
          : 'Prices are whole numbers that end as prices end: are they cents? If not, leave minorUnits out.';
      pushTold(mapping, told, {
        setting: 'minorUnits',
        value: true,
        sure: minor,
        why: 'prices are whole numbers of the small unit',
        ask,
      });
    }
    for (const each of signsOf(rows)) pushTold(mapping, told, each);
    const { told: noGoods, unlike } = notGoodsOf(rows);
    if (noGoods !== null) pushTold(mapping, told, noGoods);
    if (unlike.length > 0)
      told.push({
        setting: 'notGoods',
        value: null,
        sure: 'guess',
        why: '',
        ask: `These codes are unlike the others: ${unlike.join(', ')}. Add to notGoods.codes which of them are no goods.`,
      });
  } else for (const each of stockSettings(documents.value, profiles, roles, rows)) pushTold(mapping, told, each);
  const pair = casePair(new Set(rows.map(({ sku }) => sku)));
  if (pair !== null)
    told.push({
      setting: 'foldSkuCase',
      value: null,
      sure: 'guess',
      why: '',
      ask: `"${pair[0]}" and "${pair[1]}" differ by capitals only: are they one article? Then set foldSkuCase to true.`,
    });
  const stores = roles.get('store');
  if (stores !== undefined && stores.profile.values.size > 1) {
    told.push({
      setting: 'store',
      value: null,
      sure: 'guess',
      why: '',
      ask: `The column ${stores.profile.name} names ${stores.profile.values.size} stores: one data folder is one store, so cut the file by it first.`,
    });
  }
  return finished(path, sample.complete, table, mapping, told);
}

function finished(
  path: string,
  complete: boolean,
  table: Table,
  mapping: Record<string, unknown>,
  told: Told[],
): Proposal {
  const parsed = parseMapping(mapping);
  if (!parsed.ok) {
    throw new ImportStopped(
      'bad-file',
      `No mapping can be proposed: ${issuesText(parsed.issues)}. Columns: ${table.names.slice(0, 30).join(', ')}.`,
    );
  }
  const unread = unreadRows(table, parsed.mapping);
  if (table.odd > 0)
    unread.reasons.push(`${table.odd} rows do not have as many cells as the others, or cannot be read at all`);
  return {
    file: basename(path),
    rows: table.rows.length + table.odd,
    complete,
    mapping,
    choices: told.flatMap(({ setting, value, sure, why }) =>
      value === null ? [] : [{ setting, value: shownValue(value), sure, why }],
    ),
    questions: told.flatMap(({ setting, ask }) => (ask === undefined ? [] : [{ setting, question: ask }])),
    unread: { rows: unread.rows + table.odd, reasons: unread.reasons },
  };
}

function pushTold(mapping: Record<string, unknown>, told: Told[], each: Told): void {
  told.push(each);
  if (each.value !== null) mapping[each.setting] = each.value;
}

const shownValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const numbersText = ({
  decimalComma,
  thousandsSeparator,
}: Pick<CsvMapping, 'decimalComma' | 'thousandsSeparator'>): string =>
  `decimal ${decimalComma ? 'comma' : 'point'}${thousandsSeparator === undefined ? '' : `, "${thousandsSeparator}" between thousands`}`;

/** Columns of a file without header are called what they are. */
function renamed(table: Table, columns: Record<string, string>): string[] {
  const roles = new Map(Object.entries(columns).map(([role, name]) => [name, role]));
  return table.names.map((name) => roles.get(name) ?? name);
}

function sampleRows(
  table: Table,
  roles: Roles,
  columns: Record<string, string>,
  mapping: Record<string, unknown>,
  style: Pick<CsvMapping, 'decimalComma' | 'thousandsSeparator'>,
): SampleRow[] {
  const at = (role: string): number => table.names.indexOf(columns[role] ?? '\0');
  const [number, sku, quantity, time, date, price, amount, description, customer] = [
    columns['receipt'] === undefined ? at('document') : at('receipt'),
    ...['sku', 'quantity', 'time', 'date', 'unitPrice', 'amount', 'description', 'customer'].map(at),
  ] as [number, number, number, number, number, number, number, number, number];
  const till = roles.get('till')?.profile.index ?? -1;
  const probe = parseMapping({
    name: 'look',
    columns: { receipt: 'r', sku: 's', quantity: 'q', time: 't' },
    till: { constant: '1' },
    receiptScope: 'ever',
    timeFormat: mapping['timeFormat'],
    timeZone: mapping['timeZone'],
  });
  const read = probe.ok ? timeReader(probe.mapping) : null;
  const cell = (row: string[], index: number): string => (row[index] ?? '').trim();
  return table.rows.map((row) => {
    const found = read?.(date < 0 ? cell(row, time) : `${cell(row, date)} ${cell(row, time)}`.trim()) ?? null;
    return {
      number: cell(row, number),
      till: cell(row, till),
      time: found === null || 'problem' in found ? null : found,
      sku: cell(row, sku),
      description: cell(row, description),
      quantity: figure(cell(row, quantity), style),
      price: figure(cell(row, price), style),
      amount: figure(cell(row, amount), style),
      customer: cell(row, customer),
    };
  });
}
