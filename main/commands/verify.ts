// tillwire verify: proves that what the stores captured is in central's ledger exactly once.
import { Command } from 'commander';
import { openReader } from '../../storage/reader.ts';
import { verifyConservation, verifyJournal } from '../verify.ts';
import { many, printJson } from './options.ts';
import { openProgress } from './progress.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

const EXIT_DIFFERENT = 1;

export const verifyCommand = (): Command =>
  withCentral(new Command('verify'))
    .description('Every entry of each journal is in the ledger exactly once, chains are equal, units are conserved.')
    .requiredOption('--data <folder>', "an agent's data folder; may be given several times", many)
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(options: CentralOptions & { data: string[]; json?: boolean }): Promise<void> {
  const central = openCentral(options);
  const verdicts = [];
  for (const folder of options.data) {
    const reader = openReader(folder);
    const total = reader.granted().reduce((sum, epoch) => sum + epoch.seq, 0);
    const progress = openProgress(`store ${reader.store}`, total);
    verdicts.push(await verifyJournal(reader, central, progress.update));
    progress.stop();
    reader.close();
  }
  const imbalances = await verifyConservation(central);
  const clean = imbalances.length === 0 && verdicts.every((verdict) => verdict.differences.length === 0);
  if (options.json === true) printJson({ clean, stores: verdicts, imbalances });
  else {
    for (const { store, entries, differences } of verdicts) {
      console.log(
        `Store ${store}: ${entries} entries ${differences.length === 0 ? 'are in the ledger exactly once' : 'looked at, and these differ:'}`,
      );
      for (const difference of differences) console.log(`  ${difference}`);
    }
    console.log(imbalances.length === 0 ? 'Units are conserved.' : imbalances.join('\n'));
  }
  if (!clean) process.exitCode = EXIT_DIFFERENT;
}
