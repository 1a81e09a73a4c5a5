// tillwire stock: central's stock, as a table for people or CSV for programs.
import { Command } from 'commander';
import { formatQuantity } from '../../core/amounts.ts';
import { PAGE_ROWS_MAX } from '../../core/limits.ts';
import { StockRow } from '../../protocol/hq/contract.ts';
import type { CentralClient } from '../central-client.ts';
import { printTable, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

const HEADER = ['store', 'sku', 'on_hand', 'reserved', 'in_transit', 'damaged', 'uncounted'];

type Options = CentralOptions & { csv?: boolean; store?: string };

export const stockCommand = (): Command =>
  withCentral(new Command('stock'))
    .description('Stock at central by store and SKU, in units.')
    .option('--csv', `CSV on standard output: ${HEADER.join(',')}`)
    .option('--store <id>', 'of one store only', storeId)
    .action(async (options: Options) => {
      const rows: string[][] = [HEADER];
      for await (const row of stockRows(openCentral(options), options.store)) {
        const cells = columnsOf(row);
        if (options.csv === true) rows.push(cells.map(csvCell));
        else rows.push(cells);
      }
      if (options.csv === true) process.stdout.write(`${rows.map((row) => row.join(',')).join('\n')}\n`);
      else printTable(rows);
    });

async function* stockRows(central: CentralClient, store: string | undefined): AsyncGenerator<StockRow> {
  let last: StockRow | undefined;
  do {
    const query = { store, afterStore: last?.store, afterSku: last?.sku, limit: PAGE_ROWS_MAX };
    const page = await central.get('/stock', query, StockRow.array());
    yield* page;
    last = page.length < PAGE_ROWS_MAX ? undefined : page.at(-1);
  } while (last !== undefined);
}

function columnsOf(row: StockRow): string[] {
  const places = [row.onHand, row.reserved, row['in-transit'], row.damaged].map(formatQuantity);
  return [row.store, row.sku, ...places, String(row.uncounted)];
}

const csvCell = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
