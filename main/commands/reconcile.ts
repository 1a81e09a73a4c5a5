// tillwire reconcile: whether a store and central hold the same shelves at the same cut.
import { Command } from 'commander';
import { openReader } from '../../storage/reader.ts';
import { reconcile } from '../reconcile.ts';
import { many, printJson } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

const EXIT_DIFFERENT = 1;

export const reconcileCommand = (): Command =>
  withCentral(new Command('reconcile'))
    .description('Whether each store and central hold the same shelves: exit code 1 and the SKUs where not.')
    .requiredOption('--data <folder>', "an agent's data folder; may be given several times", many)
    .option('--json', 'JSON on standard output')
    .action(async (options: CentralOptions & { data: string[]; json?: boolean }) => {
      const central = openCentral(options);
      const stores = [];
      for (const folder of options.data) {
        const reader = openReader(folder);
        try {
          stores.push(await reconcile(reader, central));
        } finally {
          reader.close();
        }
      }
      const agree = stores.every((store) => store.agree === true);
      if (options.json === true) printJson({ agree, stores });
      else for (const { sentences } of stores) console.log(sentences.join('\n  '));
      if (!agree) process.exitCode = EXIT_DIFFERENT;
    });
