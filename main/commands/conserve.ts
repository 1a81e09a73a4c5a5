// tillwire conserve: whether units are conserved at central, per SKU and over all stores.
import { Command } from 'commander';
import { DIFFERENCES_MAX } from '../../core/limits.ts';
import { ImbalanceRow } from '../../protocol/hq/contract.ts';
import { printJson, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

const EXIT_DIFFERENT = 1;

export const conserveCommand = (): Command =>
  withCentral(new Command('conserve'))
    .description('Whether every unit that left a place entered another one; exit code 1 and the entries where not.')
    .option('--store <id>', 'of one store only', storeId)
    .option('--json', 'JSON on standard output')
    .action(async (options: CentralOptions & { store?: string; json?: boolean }) => {
      const query = { store: options.store, limit: DIFFERENCES_MAX };
      const rows = await openCentral(options).get('/conservation', query, ImbalanceRow.array());
      if (options.json === true) printJson({ conserved: rows.length === 0, imbalances: rows });
      else if (rows.length === 0) console.log('Units are conserved: every SKU sums to zero over all places.');
      else for (const row of rows) console.log(imbalanceText(row));
      if (rows.length > 0) process.exitCode = EXIT_DIFFERENT;
    });

const imbalanceText = ({ store, sku, message, entries }: ReturnType<typeof ImbalanceRow.parse>): string =>
  `Store ${store}, SKU ${sku}: ${message}${entries.length === 0 ? '' : ` Entries: ${entries.join(', ')}.`}`;
