// A corner shop's little CSV files and the mapping that fits them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const MAPPING = {
  name: 'corner-shop',
  columns: { receipt: 'no', sku: 'item', quantity: 'units', time: 'at' },
  till: { constant: 'T8' },
  timeFormat: 'yyyy-MM-dd HH:mm',
  timeZone: 'Europe/Berlin',
  receiptScope: 'ever',
};

export const csv = (...rows: string[]): string => ['no,item,units,at', ...rows, ''].join('\n');

/** The path of the mapping file; `more` is laid over the mapping. */
export function writeMapping(folder: string, name: string, more: object = {}): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ ...MAPPING, ...more }));
  return path;
}
