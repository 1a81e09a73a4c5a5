// Which column holds what: the part of a mapping that receipts, movements and counts share, and what each of them needs.
import { z } from 'zod';
import { COLUMN_NAME_LENGTH_MAX, DATE_FORMAT_LENGTH_MAX, PATTERN_LENGTH_MAX } from '../../core/limits/files.ts';
import { namesDay } from './times.ts';

export const Column = z.string().min(1).max(COLUMN_NAME_LENGTH_MAX);
export const Pattern = z
  .string()
  .min(1)
  .max(PATTERN_LENGTH_MAX)
  .refine(isRegularExpression, { error: 'write a regular expression, for example "gift_.*"' });
export const DateFormat = z
  .string()
  .min(1)
  .max(DATE_FORMAT_LENGTH_MAX)
  .default('iso')
  .refine(namesDay, { error: 'name year, month and day in it, for example "dd.MM.yyyy HH:mm:ss"' });

export const MappedColumns = z.strictObject({
  receipt: Column.optional().describe('Number of a receipt'),
  document: Column.optional().describe('Number of a movement or of a count sheet'),
  sku: Column.optional().describe('Item code'),
  quantity: Column.optional().describe('Quantity, as the file writes it'),
  time: Column.optional().describe('Of the receipt; of a count: of the line. With "date" only the time of day'),
  date: Column.optional().describe('The date, where it is a column of its own'),
  unitPrice: Column.optional().describe('Price of one unit'),
  amount: Column.optional().describe('Money for the whole row'),
  description: Column.optional().describe('Name of the item'),
  gtin: Column.optional().describe('GTIN of the item'),
  customer: Column.optional().describe('Only a keyed hash of it is captured'),
  operator: Column.optional().describe('Who was at the till'),
  reason: Column.optional().describe('Why, of a movement or a count'),
  counterparty: Column.optional().describe('Who sent or got the goods'),
  order: Column.optional().describe('Number of the order that goods belong to'),
  transfer: Column.optional().describe('Number of the transfer that goods belong to'),
  expected: Column.optional().describe('What was announced, of goods that arrive'),
  stocktake: Column.optional().describe('Names all sheets of one stocktake'),
  begun: Column.optional().describe('When counting began'),
  counter: Column.optional().describe('Person, area or shelf: what several of them found is added up'),
});
export type ColumnRole = keyof z.infer<typeof MappedColumns>;

/** Every kind of document needs these; the number may be told instead of read where it is no receipt. */
const NEEDED: ColumnRole[] = ['sku', 'quantity', 'time'];
const SHARED: ColumnRole[] = [...NEEDED, 'date', 'description', 'gtin'];
const OWN: Record<'receipts' | 'movements' | 'counts', ColumnRole[]> = {
  receipts: ['receipt', 'unitPrice', 'amount', 'customer', 'operator'],
  movements: ['document', 'reason', 'counterparty', 'order', 'transfer', 'expected'],
  counts: ['document', 'reason', 'stocktake', 'begun', 'counter'],
};
/** What may differ from line to line of one document, and so lie inside `linesAt`. */
const OF_LINE: ColumnRole[] = [
  'sku',
  'quantity',
  'unitPrice',
  'amount',
  'description',
  'gtin',
  'expected',
  'counter',
  'reason',
];

export type MappingMistake = { path: PropertyKey[]; fix: string };

type Mapped = {
  documents: keyof typeof OWN;
  format: 'csv' | 'jsonl' | 'json';
  linesAt?: string | undefined;
  columns: z.infer<typeof MappedColumns>;
  documentNumber?: string | undefined;
  receiptScope: 'day' | 'ever';
};

export function columnMistakes(mapping: Mapped): MappingMistake[] {
  const { columns, documents } = mapping;
  const mistakes: MappingMistake[] = [];
  const number = documents === 'receipts' ? 'receipt' : 'document';
  for (const role of [number, ...NEEDED] as const) {
    if (columns[role] !== undefined || (role === 'document' && mapping.documentNumber !== undefined)) continue;
    mistakes.push({ path: ['columns', role], fix: 'name the column that holds it' });
  }
  for (const role of Object.keys(columns) as ColumnRole[]) {
    if (columns[role] === undefined || SHARED.includes(role) || OWN[documents].includes(role)) continue;
    mistakes.push({ path: ['columns', role], fix: `it does not belong to ${documents}: leave it out` });
  }
  if (mapping.documentNumber !== undefined) mistakes.push(...numberMistakes(mapping));
  if (mapping.linesAt !== undefined) mistakes.push(...listMistakes(mapping, mapping.linesAt));
  return mistakes;
}

function numberMistakes({ documents, columns, receiptScope }: Mapped): MappingMistake[] {
  const mistakes: MappingMistake[] = [];
  const path = ['documentNumber'];
  if (documents === 'receipts') mistakes.push({ path, fix: 'a receipt has its number in columns.receipt' });
  if (columns.document !== undefined) mistakes.push({ path, fix: 'columns.document holds it already: keep one' });
  if (receiptScope === 'ever') {
    mistakes.push({ path, fix: 'with it, all of one day is one document: set receiptScope to "day"' });
  }
  return mistakes;
}

/** All lines of one list belong to one document. */
function listMistakes({ format, columns }: Mapped, linesAt: string): MappingMistake[] {
  if (format === 'csv') return [{ path: ['linesAt'], fix: 'only JSON holds lists: leave it out' }];
  return (Object.keys(columns) as ColumnRole[]).flatMap((role) =>
    OF_LINE.includes(role) || columns[role]?.startsWith(`${linesAt}.`) !== true
      ? []
      : [{ path: ['columns', role], fix: `it must be the same for all lines: name a property outside ${linesAt}` }],
  );
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
