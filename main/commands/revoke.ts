// tillwire revoke: takes the access of a store's computer back, at once.
import { Command } from 'commander';
import { Revocation } from '../../protocol/hq/devices.ts';
import { printJson, storeId } from './options.ts';
import { type CentralOptions, openCentral, withCentral } from './with-central.ts';

type Options = CentralOptions & { store: string; device: string; json?: boolean };

export const revokeCommand = (): Command =>
  withCentral(new Command('revoke'))
    .description("Takes the access of a store's computer back: it is cut off at once, and what it holds stays on it.")
    .requiredOption('--store <id>', 'the store, for example S001', storeId)
    .requiredOption('--device <id>', 'the computer, as "enrol list" names it')
    .option('--json', 'JSON on standard output')
    .action(async (options: Options) => {
      const { store, device, json } = options;
      const path = `/devices/${encodeURIComponent(device)}/revocation`;
      const revoked = await openCentral(options).post(path, { store }, 'revoke', Revocation);
      if (json === true) printJson(revoked);
      else console.log(revoked.message);
    });
