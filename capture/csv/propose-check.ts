// Tries a proposed mapping on the rows of the sample: what it cannot read is told before anybody imports.
import { resolveColumns } from './columns.ts';
import type { CsvMapping } from './mapping.ts';
import type { Table } from './propose-table.ts';
import { rowReader } from './rows.ts';

const REASONS_MAX = 5;
const LOOKED_AT = 20_000;

export function unreadRows(table: Table, mapping: CsvMapping): { rows: number; reasons: string[] } {
  const record = { line: 1, cells: table.names, raw: '' };
  const columns = resolveColumns(mapping, mapping.format === 'csv' && mapping.header === true ? record : null);
  const reader = rowReader(mapping, columns);
  const reasons: string[] = [];
  let rows = 0;
  for (const row of table.rows.slice(0, LOOKED_AT)) {
    const cells = mapping.format === 'csv' ? row : columns.names.map((name) => row[table.names.indexOf(name)] ?? '');
    const read = reader.read({ line: 0, cells, raw: '', ranges: [], problem: null, item: 0, occurrence: 1 });
    if (read.ok) continue;
    rows++;
    if (reasons.length < REASONS_MAX) reasons.push(read.problem.text);
  }
  return { rows, reasons: [...new Set(reasons)] };
}
