// npm run bench: how close the product comes to its raw parts, in one run on one machine. Quote the ratios.
import { Command, Option } from 'commander';
import { benchAppend } from './append.ts';
import { benchDrain } from './drain.ts';

type Options = { entries: number; only?: 'append' | 'drain' };

await new Command('npm run bench --')
  .option('--entries <number>', 'backlog to drain', Number, 100_000)
  .addOption(new Option('--only <bench>').choices(['append', 'drain']))
  .action(async ({ entries, only }: Options) => {
    if (only !== 'drain') await benchAppend();
    if (only !== 'append') await benchDrain(entries);
  })
  .parseAsync();
