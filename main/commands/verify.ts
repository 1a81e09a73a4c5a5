// tillwire verify: proves that what the stores captured is in central's ledger exactly once.
import { Command } from 'commander';
import { openReader } from '../../storage/reader.ts';
import { centralClient } from '../central-client.ts';
import { verifyConservation, verifyJournal } from '../verify.ts';
import { httpUrl, many, printJson } from './options.ts';
import { openProgress } from './progress.ts';

const EXIT_DIFFERENT = 1;

export const verifyCommand = (): Command =>
  new Command('verify')
    .description('Every entry of each journal is in the ledger exactly once, chains are equal, units are conserved.')
    .requiredOption('--central <url>', "central's HTTP address", httpUrl)
    .requiredOption('--data <folder>', "an agent's data folder; may be given several times", many)
    .option('--json', 'JSON on standard output')
    .action(run);

async function run(options: { central: string; data: string[]; json?: boolean }): Promise<void> {
  const central = centralClient(options.central);
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
