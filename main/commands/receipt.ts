// tillwire receipt: a receipt's life by its number. A number can repeat over tills and days, so the answer is a list.
import { Command } from 'commander';
import { ReceiptRow } from '../../protocol/hq/contract.ts';
import { localTime, printJson, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & { store: string; json?: boolean };

export const receiptCommand = (): Command =>
  withCentral(new Command('receipt'))
    .description("A receipt's life at central: captured, settled, and what became of it.")
    .argument('<receipt>', 'receipt or document number')
    .requiredOption('--store <id>', 'the store that rang it up', storeId)
    .option('--json', 'JSON on standard output: a list, newest last, with the whole fact')
    .action(async (receipt: string, options: Options) => {
      const path = `/stores/${options.store}/receipts/${encodeURIComponent(receipt)}`;
      const rows = await openCentral(options).get(path, {}, ReceiptRow.array());
      if (options.json === true) printJson(rows);
      else if (rows.length === 0) console.log(`Central has no receipt ${receipt} of store ${options.store} (yet).`);
      else for (const row of rows) console.log(lifeOf(row));
    });

type Row = ReturnType<typeof ReceiptRow.parse>;

const lifeOf = (row: Row): string =>
  [
    `${row.kind} ${row.number}, ${row.workstation}, trading day ${row.businessDate}`,
    `  rung up   ${row.occurred}`,
    `  captured  ${localTime(row.recordedMs)}  on the disk of store ${row.store}`,
    `  settled   ${localTime(row.postedMs)}  entry ${row.epoch}:${row.seq}, chain ${row.chain.slice(0, 16)}`,
    `  outcome   ${row.sentence}`,
  ].join('\n');
