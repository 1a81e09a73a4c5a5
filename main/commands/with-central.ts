// The options by which a command finds central and shows who asks (D20).
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { type CentralClient, centralClient } from '../central-client.ts';
import { UsageError } from '../usage-error.ts';
import { httpUrl, pathFromCaller } from './options.ts';

export type CentralOptions = { central: string; tokenFile?: string };

export const withCentral = (command: Command): Command =>
  command
    .requiredOption('--central <url>', "central's HTTP address", httpUrl)
    .option(
      '--token-file <file>',
      'holds your token, or operator.token of central’s data folder; else TILLWIRE_TOKEN is taken',
      pathFromCaller,
    );

export const openCentral = (options: CentralOptions): CentralClient => centralClient(options.central, tokenOf(options));

function tokenOf({ tokenFile }: CentralOptions): string | undefined {
  if (tokenFile === undefined) return process.env['TILLWIRE_TOKEN'];
  const token = readFileSync(tokenFile, 'utf8').trim();
  if (/^\S+$/.test(token)) return token;
  throw new UsageError(`${tokenFile} holds no token: it is to hold one, and nothing else.`);
}
