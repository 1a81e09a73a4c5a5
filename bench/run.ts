// npm run bench: how close the product comes to its raw parts, in one run on one machine. Quote the ratios.
import { Command, Option } from 'commander';
import { benchAppend } from './append.ts';
import { benchCatalogue } from './catalogue.ts';
import { benchConfirm } from './confirm.ts';
import { benchDoor } from './door.ts';
import { benchDrain } from './drain.ts';
import { benchFeeds } from './feeds.ts';
import { benchIntake } from './intake.ts';
import { benchRollout } from './rollout.ts';
import { benchWindow } from './window.ts';

const BENCHES = ['append', 'door', 'feeds', 'confirm', 'catalogue', 'intake', 'drain', 'rollout', 'window'] as const;
/** Documents of each feed: a tenth of the backlog. */
const FEEDS_SHARE = 0.1;
/** Confirming needs no database and is quick: three times as many. */
const CONFIRM_SHARE = 3;
type Options = { entries: number; only?: (typeof BENCHES)[number] };

await new Command('npm run bench --')
  .option('--entries <number>', 'backlog to drain', Number, 100_000)
  .addOption(new Option('--only <bench>').choices(BENCHES))
  .action(async ({ entries, only }: Options) => {
    if (only === undefined || only === 'append') await benchAppend();
    if (only === undefined || only === 'door') await benchDoor(Math.ceil(entries * FEEDS_SHARE));
    if (only === undefined || only === 'feeds') await benchFeeds(Math.ceil(entries * FEEDS_SHARE));
    if (only === undefined || only === 'confirm') await benchConfirm(entries * CONFIRM_SHARE);
    if (only === undefined || only === 'catalogue') await benchCatalogue();
    if (only === undefined || only === 'intake') await benchIntake(entries);
    if (only === undefined || only === 'drain') await benchDrain(entries);
    if (only === undefined || only === 'rollout') await benchRollout();
    if (only === undefined || only === 'window') await benchWindow(entries);
  })
  .parseAsync();
