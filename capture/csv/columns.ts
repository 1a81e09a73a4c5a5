// Where the mapped columns are in this file, and which of its cells may hold free text.
import { FILE_REASON_LENGTH_MAX } from '../../core/limits/files.ts';
import type { CsvMapping } from './mapping.ts';
import type { ColumnRole } from './mapping-columns.ts';
import type { CsvRecord } from './records.ts';
import { ImportStopped } from './source.ts';

export type Column = { name: string; index: number };

export type Columns = {
  /** Cells that each row must have. */
  width: number;
  names: string[];
  /** The header as it stands in the file; null where the mapping lists the columns instead. */
  header: string | null;
  /** Number of the document: of the receipt, movement or count sheet; null where the mapping tells it. */
  number: Column | null;
  sku: Column;
  quantity: Column;
  time: Column;
  till: Column | null;
  businessDate: Column | null;
  /** The kind of a movement. */
  kind: Column | null;
} & Record<OptionalRole, Column | null> & {
    /** Identifiers are never masked (D23). */
    identifiers: Set<number>;
    /** The other mapped columns but the description: a card number in them sets the receipt aside. */
    kept: Set<number>;
  };

/** Notes what is wrong with a cell; `null` stands for the till of the mapping. */
export type Wrong = (column: Column | null, problem: string, fix: string) => void;

export const cellOf = (cells: string[], column: Column | null): string =>
  column === null ? '' : (cells[column.index] ?? '').trim();

type OptionalRole = Exclude<ColumnRole, 'receipt' | 'document' | 'sku' | 'quantity' | 'time'>;

/** `header` is the file's first record, null where the mapping lists the columns or the file is JSON. Throws ImportStopped. */
export function resolveColumns(mapping: CsvMapping, header: CsvRecord | null): Columns {
  if (header?.broken !== undefined) {
    throw new ImportStopped('bad-file', 'The header line cannot be read: look at its quotation marks and encoding.');
  }
  const names = namesOf(mapping, header);
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
  const { columns, movements } = mapping;
  const role = (name: ColumnRole): Column | null => find(columns[name], name);
  const need = (name: ColumnRole): Column => role(name) ?? { name, index: -1 };
  const found = {
    number: role('receipt') ?? role('document'),
    sku: need('sku'),
    quantity: need('quantity'),
    time: need('time'),
    till: find('column' in mapping.till ? mapping.till.column : undefined, 'till'),
    businessDate: find('column' in mapping.businessDate ? mapping.businessDate.column : undefined, 'businessDate'),
    kind: find(movements !== undefined && 'column' in movements.kind ? movements.kind.column : undefined, 'kind'),
    date: role('date'),
    unitPrice: role('unitPrice'),
    amount: role('amount'),
    description: role('description'),
    gtin: role('gtin'),
    customer: role('customer'),
    operator: role('operator'),
    reason: role('reason'),
    counterparty: role('counterparty'),
    order: role('order'),
    transfer: role('transfer'),
    expected: role('expected'),
    stocktake: role('stocktake'),
    begun: role('begun'),
    counter: role('counter'),
  };
  const { number, sku, gtin, till, order, transfer, stocktake, description, reason, counterparty, ...others } = found;
  const indices = (which: (Column | null)[]): Set<number> =>
    new Set(which.flatMap((column) => (column === null ? [] : [column.index])));
  return {
    ...found,
    width: names.length,
    names,
    header: mapping.format === 'csv' && mapping.header === true ? (header?.raw ?? '') : null,
    identifiers: indices([number, sku, gtin, till, order, transfer, stocktake]),
    kept: indices(Object.values(others)),
  };
}

/** Of JSON, the paths that the mapping names: there is no other order. */
function namesOf(mapping: CsvMapping, header: CsvRecord | null): string[] {
  if (mapping.format === 'csv') {
    return mapping.header === true ? (header?.cells ?? []).map((name) => name.trim()) : mapping.header;
  }
  const { till, businessDate, movements } = mapping;
  const others = [till, businessDate, movements?.kind].flatMap((each) =>
    each !== undefined && 'column' in each ? [each.column] : [],
  );
  return [...new Set([...Object.values(mapping.columns).filter((name) => name !== undefined), ...others])];
}
