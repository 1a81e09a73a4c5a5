// The options by which a command finds central and shows who asks (D20).
import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { type CentralClient, centralClient } from '../central-client.ts';
import { startedCentral } from '../started-central.ts';
import { UsageError } from '../usage-error.ts';
import { httpUrl, pathFromCaller } from './options.ts';

export type CentralOptions = { central?: string | undefined; tokenFile?: string };

export const withCentral = (command: Command): Command =>
  command
    .addOption(new Option('--central <url>', "central's HTTP address").env('TILLWIRE_CENTRAL').argParser(httpUrl))
    .option(
      '--token-file <file>',
      'holds your token, or operator.token of central’s data folder; else TILLWIRE_TOKEN is taken',
      pathFromCaller,
    );

/** Throws UsageError where neither an option nor the environment names it, and `npm start` of this folder does not run. */
export function openCentral(options: CentralOptions, started: () => string | null = startedCentral): CentralClient {
  const central = options.central ?? started();
  if (central !== null) return centralClient(central, tokenOf(options));
  throw new UsageError(
    'Name central with --central, for example --central http://127.0.0.1:8080, or in TILLWIRE_CENTRAL.',
  );
}

function tokenOf({ tokenFile }: CentralOptions): string | undefined {
  if (tokenFile === undefined) return process.env['TILLWIRE_TOKEN'];
  const token = readFileSync(tokenFile, 'utf8').trim();
  if (/^\S+$/.test(token)) return token;
  throw new UsageError(`${tokenFile} holds no token: it is to hold one, and nothing else.`);
}
