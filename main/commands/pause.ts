// tillwire pause: stops sending until somebody resumes it; tills go on, and everything is kept.
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { IDENTIFIER_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../core/limits.ts';
import { pauseSending } from '../this-pc/pause.ts';
import { untilAgent } from '../this-pc/until-agent.ts';
import { UsageError } from '../usage-error.ts';
import { pathFromCaller } from './options.ts';

type Options = { data: string; reason: string; by?: string };

export const pauseCommand = (): Command =>
  new Command('pause')
    .description('Stops sending until "tillwire resume", over restarts too. Tills go on; everything is kept here.')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .requiredOption('--reason <text>', 'why, as people in the store shall read it', text(TEXT_LENGTH_MAX))
    .option('--by <name>', 'who; the user of this computer unless told', text(IDENTIFIER_LENGTH_MAX))
    .action(async ({ data, reason, by = userInfo().username }: Options) => {
      pauseSending(data, { reason, by }, Date.now());
      const told = await untilAgent(data, ({ line }) => line === 'paused');
      if (told === 'never') throw new UsageError('The agent does not answer: it pauses as soon as it can.');
      console.log(`Sending is ${told === 'done' ? 'paused' : 'paused from the next start on'}. Tills go on.`);
    });

const text =
  (most: number) =>
  (given: string): string => {
    const trimmed = given.trim();
    if (trimmed !== '' && trimmed.length <= most) return trimmed;
    throw new InvalidArgumentError(`Write 1 to ${most} characters.`);
  };
