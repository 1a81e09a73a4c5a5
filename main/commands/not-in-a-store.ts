// Stands for `tillwire central`, `broker` and `prepare` in the package for stores, which holds none of them.
import { Command } from 'commander';
import { UsageError } from '../usage-error.ts';

const away = (name: string) => (): Command =>
  new Command(name)
    .description('Runs at head office: not part of the program for stores.')
    .allowExcessArguments()
    .allowUnknownOption()
    .helpOption(false)
    .action(() => {
      throw new UsageError(
        `"${name}" runs at head office and is not part of the program for stores. Run it there, from a checkout.`,
      );
    });

export const centralCommand = away('central');
export const brokerCommand = away('broker');
export const prepareCommand = away('prepare');
