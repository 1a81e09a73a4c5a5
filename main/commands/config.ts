// tillwire config: the configuration of stores, from the file that IT writes to what is published.
import { Command } from 'commander';
import { diffCommand } from './config-diff.ts';
import { keyCommand, trustCommand } from './config-keys.ts';
import { effectiveCommand, validateCommand } from './config-look.ts';
import { approveCommand, publishCommand, signCommand } from './config-sign.ts';
import { tryCommand } from './config-try.ts';

export const configCommand = (): Command =>
  new Command('config')
    .description('Configuration of stores: checked, compared, signed by two people, published (docs/configuration.md).')
    .addCommand(validateCommand())
    .addCommand(diffCommand())
    .addCommand(effectiveCommand())
    .addCommand(tryCommand())
    .addCommand(signCommand())
    .addCommand(approveCommand())
    .addCommand(publishCommand())
    .addCommand(keyCommand())
    .addCommand(trustCommand());
