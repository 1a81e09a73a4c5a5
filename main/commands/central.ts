// tillwire central: the inventory service.
import { mkdirSync } from 'node:fs';
import { Command, Option } from 'commander';
import { openDatabase } from '../../central/database.ts';
import { startCentral } from '../../central/server.ts';
import { openSigner } from '../../protocol/wire/signing.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import { openOperatorToken, openPrivateKey } from '../data-folder.ts';
import { openLog, randomHex, systemChance, systemClock, untilStopped } from '../runtime.ts';
import { UsageError } from '../usage-error.ts';
import { type BrokerOptions, centralBroker, isHere, withBroker } from './central-broker.ts';
import { devicesOf, doorFailed, httpsOf, type NetworkOptions, withNetwork } from './central-network.ts';
import { pathFromCaller, port } from './options.ts';

type Options = NetworkOptions &
  BrokerOptions & {
    database: string;
    port: number;
    data: string;
    key?: string;
    restored?: boolean;
  };

export const centralCommand = (): Command =>
  withNetwork(withBroker(new Command('central')))
    .description('Runs the central inventory service: takes in what stores send, keeps the ledger, answers over HTTP.')
    .requiredOption('--database <folder or postgres://...>', 'PostgreSQL, or a folder for a trial (embedded PGlite)')
    .option('--port <number>', 'port of the HTTP API, 0 for a free one', port, 0)
    .requiredOption('--data <folder>', 'its data folder', pathFromCaller)
    .option(
      '--key <file>',
      "central's signing key; default: the data folder's name with .key behind it",
      pathFromCaller,
    )
    .addOption(
      new Option('--enrolment <way>', 'open: the first key that a store shows is pinned, loopback only')
        .choices(['open', 'required'])
        .default('open'),
    )
    .option(
      '--restored',
      'the database was put back from an older copy: stores hand back what it lost before anything is decided for them',
    )
    .action(run);

async function run(options: Options): Promise<void> {
  if (options.enrolment === 'open' && !isHere(options.broker)) {
    throw new UsageError(
      'open enrolment takes any store at its word, so it is for a broker on this machine only: use --enrolment required.',
    );
  }
  const https = httpsOf(options);
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const [present, ...former] = keysIn(openPrivateKey(options.key ?? `${options.data}.key`));
  const isServer = /^postgres(ql)?:/.test(options.database);
  const database = await openDatabase(isServer ? options.database : pathFromCaller(options.database)).catch(
    (error: Error) => {
      throw new UsageError(`the database cannot be used: ${error.message}`);
    },
  );
  const broker = await centralBroker(options);
  const setup = await devicesOf(options, broker.url);
  const { signIn, access } = await broker.open(setup.authority);
  const central = await startCentral({
    database,
    dial: dialMqtt,
    brokerUrl: broker.url,
    signIn,
    port: options.port,
    signer: openSigner(present),
    formerKeys: former.map((pem) => openSigner(pem).publicKey),
    restored: options.restored,
    enrolment: options.enrolment,
    devices: { ...setup, access },
    https,
    operatorToken: openOperatorToken(options.data),
    clock: systemClock,
    chance: systemChance,
    randomHex,
    log: openLog('central'),
  }).catch((error: unknown) => {
    throw doorFailed(error, options);
  });
  const door = central.httpsUrl === null ? {} : { https: central.httpsUrl };
  await untilStopped({ url: central.url, ...door, broker: broker.url, trial: database.trial }, async () => {
    await central.stop();
    await database.close();
    await broker.stop();
  });
}

/** A key file holds the present key first and may hold former ones behind it: what they signed is still our own word. */
function keysIn(file: string): [string, ...string[]] {
  const [first, ...more] = file.match(/-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g) ?? [];
  if (first === undefined) throw new UsageError("central's key file holds no private key (PEM, PKCS #8).");
  return [first, ...more];
}
