// The rows of a sample by what their columns were found to be.
import { type NumberStyle, parseLocalDecimal } from './numbers.ts';
import type { SampleRow } from './propose-receipts.ts';
import type { Table } from './propose-table.ts';
import { timeReader } from './times.ts';

type Look = {
  columns: Record<string, string>;
  till: string | null;
  timeFormat: string;
  timeZone: string;
  style: NumberStyle;
};

export function sampleRows(table: Table, { columns, till, timeFormat, timeZone, style }: Look): SampleRow[] {
  const reader = (name: string | null | undefined): ((row: string[]) => string) => {
    const index = name === undefined || name === null ? -1 : table.names.indexOf(name);
    return (row) => (row[index] ?? '').trim();
  };
  const of = {
    number: reader(columns['receipt'] ?? columns['document']),
    till: reader(till),
    date: reader(columns['date']),
    time: reader(columns['time']),
    sku: reader(columns['sku']),
    description: reader(columns['description']),
    quantity: reader(columns['quantity']),
    price: reader(columns['unitPrice']),
    customer: reader(columns['customer']),
  };
  const readTime = timeReader({ timeFormat, timeZone, businessDate: { dayStartsAt: '00:00' } });
  return table.rows.map((row) => {
    const time = readTime(`${of.date(row)} ${of.time(row)}`.trim());
    return {
      number: of.number(row),
      till: of.till(row),
      time: 'problem' in time ? null : time,
      sku: of.sku(row),
      description: of.description(row),
      quantity: figure(of.quantity(row), style),
      price: figure(of.price(row), style),
      customer: of.customer(row),
    };
  });
}

/** In ten-thousandths. */
const figure = (text: string, style: NumberStyle): number | null => parseLocalDecimal(text, 4, style);
