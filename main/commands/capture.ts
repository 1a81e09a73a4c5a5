// tillwire capture: tools for whoever connects a till; none of them captures anything.
import { Command } from 'commander';
import { captureProposeCommand } from './capture-propose.ts';
import { captureTryCommand } from './capture-try.ts';

export const captureCommand = (): Command =>
  new Command('capture')
    .description('Tools for connecting a till; none of them keeps anything.')
    .addCommand(captureProposeCommand())
    .addCommand(captureTryCommand());
