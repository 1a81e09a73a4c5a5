// tillwire resume: sending goes on after a pause.
import { Command } from 'commander';
import { resumeSending } from '../this-pc/pause.ts';
import { untilAgent } from '../this-pc/until-agent.ts';
import { UsageError } from '../usage-error.ts';
import { pathFromCaller } from './options.ts';

export const resumeCommand = (): Command =>
  new Command('resume')
    .description('Sending goes on after "tillwire pause".')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .action(async ({ data }: { data: string }) => {
      if (!resumeSending(data)) return console.log('Sending was not paused.');
      const told = await untilAgent(data, ({ line }) => line !== 'paused');
      if (told === 'never') throw new UsageError('The agent does not answer: it goes on sending as soon as it can.');
      console.log(`Sending goes on${told === 'done' ? '' : ' from the next start on'}.`);
    });
