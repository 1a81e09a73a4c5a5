// Where the mapped columns are in this file, and which of its cells may hold free text.
import { FILE_REASON_LENGTH_MAX } from '../../core/limits/files.ts';
import type { CsvMapping } from './mapping.ts';
import type { CsvRecord } from './records.ts';
import { ImportStopped } from './source.ts';

export type Column = { name: string; index: number };

export type Columns = {
  /** Cells that each row must have. */
  width: number;
  names: string[];
  /** The header as it stands in the file; null where the mapping lists the columns instead. */
  header: string | null;
  receipt: Column;
  sku: Column;
  quantity: Column;
  time: Column;
  till: Column | null;
  businessDate: Column | null;
  unitPrice: Column | null;
  amount: Column | null;
  description: Column | null;
  gtin: Column | null;
  customer: Column | null;
  operator: Column | null;
  /** Identifiers are never masked (D23). */
  identifiers: Set<number>;
  /** The other mapped columns but the description: a card number in them sets the receipt aside. */
  kept: Set<number>;
};

/** `header` is the file's first record, null where the mapping lists the columns. Throws ImportStopped. */
export function resolveColumns(mapping: CsvMapping, header: CsvRecord | null): Columns {
  const names = mapping.header === true ? (header?.cells ?? []).map((name) => name.trim()) : mapping.header;
  if (header?.broken !== undefined) {
    throw new ImportStopped('bad-file', 'The header line cannot be read: look at its quotation marks and encoding.');
  }
  const find = (name: string | undefined, setting: string): Column | null => {
    if (name === undefined) return null;
    const index = names.indexOf(name);
    if (index < 0) {
      const there = names.map((each) => `"${each}"`).join(', ');
      const text = `The file has no column "${name}", which the mapping names as ${setting}. It has ${there || 'none'}.`;
      throw new ImportStopped('bad-file', text.slice(0, FILE_REASON_LENGTH_MAX));
    }
    if (names.lastIndexOf(name) !== index) {
      const text = `The file has more than one column "${name}": give each its own name by a list of columns in "header".`;
      throw new ImportStopped('bad-file', text);
    }
    return { name, index };
  };
  const need = (name: string, setting: string): Column => find(name, setting) ?? { name, index: -1 };
  const { columns } = mapping;
  const found = {
    receipt: need(columns.receipt, 'receipt'),
    sku: need(columns.sku, 'sku'),
    quantity: need(columns.quantity, 'quantity'),
    time: need(columns.time, 'time'),
    till: find('column' in mapping.till ? mapping.till.column : undefined, 'till'),
    businessDate: find('column' in mapping.businessDate ? mapping.businessDate.column : undefined, 'businessDate'),
    unitPrice: find(columns.unitPrice, 'unitPrice'),
    amount: find(columns.amount, 'amount'),
    description: find(columns.description, 'description'),
    gtin: find(columns.gtin, 'gtin'),
    customer: find(columns.customer, 'customer'),
    operator: find(columns.operator, 'operator'),
  };
  const indices = (...which: (Column | null)[]): Set<number> =>
    new Set(which.flatMap((column) => (column === null ? [] : [column.index])));
  return {
    ...found,
    width: names.length,
    names,
    header: mapping.header === true ? (header?.raw ?? '') : null,
    identifiers: indices(found.receipt, found.sku, found.gtin, found.till),
    kept: indices(
      found.customer,
      found.operator,
      found.quantity,
      found.unitPrice,
      found.amount,
      found.time,
      found.businessDate,
    ),
  };
}
