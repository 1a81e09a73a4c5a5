// Looks at a sample of an unknown file and proposes a mapping: a sentence for each choice, and what a person must decide.
import { basename } from 'node:path';
import { issuesText, parseMapping } from './mapping.ts';
import type { NumberStyle } from './numbers.ts';
import { unreadRows } from './propose-check.ts';
import { documentsOf, type Mapped, mappedColumns, NEEDED_ROLES } from './propose-mapping.ts';
import { casePair, notGoodsOf, type SampleRow, scopeOf, signsOf, slugOf, type Told } from './propose-receipts.ts';
import { minorUnitsOf, type Roles, rolesOf, timesOf } from './propose-roles.ts';
import { sampleRows } from './propose-rows.ts';
import { type Sample, sampleOf } from './propose-sample.ts';
import { currencyOf, isMonthFirst, stockSettings, tillOf, timeColumns } from './propose-settings.ts';
import { type Table, tableOf } from './propose-table.ts';
import { type Profile, profileOf, styleOf } from './propose-values.ts';
import { ImportStopped } from './source.ts';

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
  const numbers = styleOf(table.rows);
  const { style } = numbers;
  const profiles = table.names.map((name, index) =>
    profileOf({ index, name, nameless: table.nameless.has(index) }, table.rows, style),
  );
  const times = timesOf(profiles, timeZone, isMonthFirst(timeZone));
  const documents = documentsOf(profiles, times);
  const roles = rolesOf(profiles, times, NEEDED_ROLES[documents.value]);
  const when = timeColumns(profiles, times, documents.value);
  const mapped = mappedColumns({ profiles, roles, when, documents: documents.value, rows: table.rows, style });
  const { columns } = mapped;
  const till = tillOf(roles);
  const name = 'column' in till.till ? till.till.column : null;
  const rows = sampleRows(table, { columns, till: name, timeFormat: when.format, timeZone, style });
  const details = [
    ...numberScope(mapped, rows, documents.value === 'receipts' ? 'receipt' : 'document'),
    ...(documents.value === 'receipts'
      ? receiptSettings(profiles, columns, rows, options)
      : stockSettings(documents.value, profiles, roles, rows)),
  ];
  const told: Told[] = [
    ...table.notes,
    { setting: 'encoding', value: sample.encoding, sure: sample.sure, why: sample.why },
    { setting: 'documents', ...documents },
    ...mapped.told,
    ...when.told,
    { ...numbers, setting: 'numbers', value: styleText(style), ask: numbers.ask ?? undefined },
    ...till.told,
    zoneTold(timeZone),
    ...details,
    ...remarks(roles, rows),
  ];
  const mapping = {
    name: slugOf(basename(path)),
    ...(documents.value === 'receipts' ? {} : { documents: documents.value }),
    ...table.settings,
    ...(style.decimalComma ? { decimalComma: true } : {}),
    ...(style.thousandsSeparator === undefined ? {} : { thousandsSeparator: style.thousandsSeparator }),
    ...named(table, columns, name, till.till),
    timeFormat: when.format,
    timeZone,
    ...Object.fromEntries(details.flatMap(({ setting, value }) => (value === null ? [] : [[setting, value]]))),
  };
  return finished(basename(path), sample, table, mapping, told);
}

/** Columns of a file without header are called what they are. */
function named(
  { header, names }: Table,
  columns: Record<string, string>,
  till: string | null,
  setting: { column: string } | { constant: string },
): Record<string, unknown> {
  if (header) return { columns, till: setting };
  const roles = new Map(Object.entries(columns).map(([role, name]) => [name, role]));
  if (till !== null) roles.set(till, 'till');
  return {
    header: names.map((name) => roles.get(name) ?? name),
    columns: Object.fromEntries(Object.keys(columns).map((role) => [role, role])),
    till: till === null ? setting : { column: 'till' },
  };
}

const zoneTold = (timeZone: string): Told => ({
  setting: 'timeZone',
  value: timeZone,
  sure: 'guess',
  why: 'no file says where it was written',
  ask: `Is the shop in the time zone ${timeZone}? If not, set timeZone.`,
});

function numberScope({ number, documentNumber }: Mapped, rows: SampleRow[], noun: string): Told[] {
  if (number !== null) return [scopeOf(rows, noun)];
  const why = 'no column holds a number';
  return [
    {
      setting: 'documentNumber',
      value: documentNumber,
      sure: 'guess',
      why,
      ask: 'No column holds a document number: all rows of one day become one document. Is that right? If there is a number, name its column as columns.document and leave documentNumber out.',
    },
    { setting: 'receiptScope', value: 'day', sure: 'sure', why },
  ];
}

function receiptSettings(
  profiles: Profile[],
  columns: Record<string, string>,
  rows: SampleRow[],
  { timeZone, currency }: ProposeOptions,
): Told[] {
  const prices = ['unitPrice', 'amount'].flatMap((role) => profiles.filter(({ name }) => name === columns[role]));
  const told = prices.length === 0 ? [] : [currencyOf(prices, profiles, timeZone, currency)];
  const minor = minorUnitsOf(prices);
  if (minor !== null) {
    const ask = 'Prices are whole numbers that end as prices end: are they cents? If not, leave minorUnits out.';
    const why = 'prices are whole numbers of the small unit';
    told.push({ setting: 'minorUnits', value: true, sure: minor, why, ask: minor === 'sure' ? undefined : ask });
  }
  const { told: noGoods, unlike } = notGoodsOf(rows);
  told.push(...signsOf(rows), ...(noGoods === null ? [] : [noGoods]));
  if (unlike.length > 0) {
    const ask = `These codes are unlike the others: ${unlike.join(', ')}. Add to notGoods.codes which of them are no goods.`;
    told.push(remark('notGoods', ask));
  }
  return told;
}

const remark = (setting: string, ask: string): Told => ({ setting, value: null, sure: 'guess', why: '', ask });

function remarks(roles: Roles, rows: SampleRow[]): Told[] {
  const told: Told[] = [];
  const pair = casePair(new Set(rows.map(({ sku }) => sku)));
  if (pair !== null) {
    const ask = `"${pair[0]}" and "${pair[1]}" differ by capitals only: are they one article? Then set foldSkuCase to true.`;
    told.push(remark('foldSkuCase', ask));
  }
  const store = roles.get('store')?.profile;
  if (store !== undefined && store.values.size > 1) {
    const ask = `The column ${store.name} names ${store.values.size} stores: one data folder is one store, so cut the file by it first.`;
    told.push(remark('store', ask));
  }
  return told;
}

function finished(
  file: string,
  { complete }: Sample,
  table: Table,
  mapping: Record<string, unknown>,
  told: Told[],
): Proposal {
  const parsed = parseMapping(mapping);
  if (!parsed.ok) {
    const names = table.names.slice(0, 30).join(', ');
    const text = `No mapping can be proposed: ${issuesText(parsed.issues)}. The columns are ${names}.`;
    throw new ImportStopped('bad-file', text);
  }
  const { rows, reasons } = unreadRows(table, parsed.mapping);
  const odd = `${table.odd} rows have not as many cells as the others, or cannot be read at all`;
  return {
    file,
    rows: table.rows.length + table.odd,
    complete,
    mapping,
    choices: told.flatMap(({ setting, value, sure, why }) =>
      value === null ? [] : [{ setting, value: typeof value === 'string' ? value : JSON.stringify(value), sure, why }],
    ),
    questions: told.flatMap(({ setting, ask }) => (ask === undefined ? [] : [{ setting, question: ask }])),
    unread: { rows: rows + table.odd, reasons: table.odd > 0 ? [...reasons, odd] : reasons },
  };
}

const styleText = ({ decimalComma, thousandsSeparator }: NumberStyle): string =>
  `decimal ${decimalComma ? 'comma' : 'point'}${thousandsSeparator === undefined ? '' : `, "${thousandsSeparator}" between thousands`}`;
