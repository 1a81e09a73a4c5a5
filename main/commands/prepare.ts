// tillwire prepare: what central and a Mosquitto need for enrolled stores, made from nothing.
import { Command } from 'commander';
import { findPlugin } from '../prepare/mosquitto.ts';
import { type Prepared, prepare } from '../prepare/prepare.ts';
import { systemClock } from '../runtime.ts';
import { UsageError } from '../usage-error.ts';
import { pathFromCaller, port } from './options.ts';

type Options = {
  data: string;
  host: string[];
  brokerPort: number;
  httpsPort: number;
  dynamicSecurity?: string;
};

export const prepareCommand = (): Command =>
  new Command('prepare')
    .description(
      'Makes the authorities, certificates, passwords and the Mosquitto configuration of a head office; again, it keeps them.',
    )
    .requiredOption('--data <folder>', 'where all of it is put', pathFromCaller)
    .requiredOption(
      '--host <name...>',
      'by which names or addresses stores reach this computer; the first is told to them',
    )
    .option('--broker-port <number>', 'port of the broker', port, 8883)
    .option('--https-port <number>', 'port of the HTTPS door of central', port, 8443)
    .option('--dynamic-security <file>', "Mosquitto's dynamic security plugin, where it is not found", pathFromCaller)
    .action(run);

async function run({ data, host, brokerPort, httpsPort, dynamicSecurity }: Options): Promise<void> {
  const plugin = dynamicSecurity ?? findPlugin();
  if (plugin === null) {
    throw new UsageError(
      "Mosquitto's dynamic security plugin is in none of its usual places: install Mosquitto 2, or name the file with " +
        '--dynamic-security, for example --dynamic-security /usr/lib/mosquitto_dynamic_security.so.',
    );
  }
  const prepared = await prepare({ folder: data, hosts: host, brokerPort, plugin, nowMs: systemClock.wallMs() });
  console.log(nextSteps(prepared, { host: host[0] ?? '', brokerPort, httpsPort }));
}

function nextSteps(prepared: Prepared, at: { host: string; brokerPort: number; httpsPort: number }): string {
  const [authority, brokerLogin, central] = [prepared.authority, prepared.brokerLogin, prepared.central].map(quoted);
  const [certificate, key] = [prepared.https.certificate, prepared.https.key].map(quoted);
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return [
    prepared.hasNewCertificates
      ? 'Ready, with new certificates: start broker and central (again, where they run).'
      : 'Ready: everything was there already and is kept.',
    '',
    'The broker:',
    `  mosquitto -c ${quoted(prepared.brokerConfiguration)}`,
    '',
    'Central, with your database:',
    `  npm run -s tillwire -- central --database postgres://USER:PASSWORD@HOST/DATABASE --data ${central} \\`,
    `    --broker mqtts://${host}:${at.brokerPort} --broker-login ${brokerLogin} --broker-authority ${authority} \\`,
    `    --broker-access dynsec --enrolment required --port 8080 --https 0.0.0.0:${at.httpsPort} \\`,
    `    --https-cert ${certificate} --https-key ${key} --https-authority ${authority}`,
    '',
    'A store, for example S001 (the token is shown once):',
    '  npm run -s tillwire -- enrol token --central http://127.0.0.1:8080 --store S001',
    '',
    `On its computer, with a copy of ${prepared.authority}:`,
    `  npm run -s tillwire -- agent --enrol TOKEN --central https://${host}:${at.httpsPort} --authority authority.crt \\`,
    '    --data tillwire-data',
  ].join('\n');
}

/** As a shell takes it whole. */
const quoted = (path: string): string => (/^[\w./:\\-]+$/.test(path) ? path : `"${path}"`);
