// tillwire conserve: whether units are conserved at central, per SKU and over all stores.
import { Command } from 'commander';
import { DIFFERENCES_MAX } from '../../core/limits.ts';
import { ImbalanceRow } from '../../protocol/hq/contract.ts';
import { centralClient } from '../central-client.ts';
import { httpUrl, printJson, storeId } from './options.ts';

const EXIT_DIFFERENT = 1;

export const conserveCommand = (): Command =>
  new Command('conserve')
    .description('Whether every unit that left a place entered another one; exit code 1 and the entries where not.')
    .requiredOption('--central <url>', "central's HTTP address", httpUrl)
    .option('--store <id>', 'of one store only', storeId)
    .option('--json', 'JSON on standard output')
    .action(async (options: { central: string; store?: string; json?: boolean }) => {
      const query = { store: options.store, limit: DIFFERENCES_MAX };
      const rows = await centralClient(options.central).get('/conservation', query, ImbalanceRow.array());
      if (options.json === true) printJson({ conserved: rows.length === 0, imbalances: rows });
      else if (rows.length === 0) console.log('Units are conserved: every SKU sums to zero over all places.');
      else for (const row of rows) console.log(imbalanceText(row));
      if (rows.length > 0) process.exitCode = EXIT_DIFFERENT;
    });

const imbalanceText = ({ store, sku, message, entries }: ReturnType<typeof ImbalanceRow.parse>): string =>
  `Store ${store}, SKU ${sku}: ${message}${entries.length === 0 ? '' : ` Entries: ${entries.join(', ')}.`}`;
