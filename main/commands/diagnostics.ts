// tillwire diagnostics: one file with what IT needs to help, without sales, names or keys.
import { join } from 'node:path';
import { Command } from 'commander';
import { openReader } from '../../storage/reader.ts';
import { agentClient, findAgent } from '../agent-client.ts';
import { writePrivateFile } from '../data-folder.ts';
import { diagnosticsName, makeDiagnostics } from '../this-pc/diagnostics.ts';
import { pathFromCaller } from './options.ts';

type Options = { data: string; mirror?: string; out?: string };

export const diagnosticsCommand = (): Command =>
  new Command('diagnostics')
    .description('Writes a ZIP file with states, versions and counts for whoever helps; no sales, names or keys.')
    .requiredOption('--data <folder>', "the agent's data folder", pathFromCaller)
    .option('--mirror <folder>', 'folder of the second copy, where it is not in the data folder', pathFromCaller)
    .option('--out <file>', 'where to write it', pathFromCaller)
    .action(async ({ data, mirror = join(data, 'mirror'), out }: Options) => {
      const endpoint = await findAgent(data);
      const live = endpoint === null ? null : await agentClient(endpoint).status();
      const nowMs = Date.now();
      const reader = openReader(data);
      const path = out ?? pathFromCaller(diagnosticsName(reader.store, nowMs));
      reader.close();
      writePrivateFile(path, await makeDiagnostics({ folder: data, mirrorFolder: mirror, live, nowMs }));
      console.log(path);
    });
