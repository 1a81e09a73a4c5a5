// What central shows to stores and people elsewhere: its HTTPS door, and what computers of stores are given.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { openAuthority } from '../../central/devices/authority.ts';
import type { DeviceSetup } from '../../central/devices/parts.ts';
import type { HttpsOptions } from '../../central/doors.ts';
import { DEVICE_CERTIFICATE_DAYS } from '../../core/limits/devices.ts';
import { openAuthorityFiles } from '../device-authority.ts';
import { portTaken } from '../loopback.ts';
import { systemClock } from '../runtime.ts';
import { UsageError } from '../usage-error.ts';
import { brokerUrl, httpUrl, pathFromCaller } from './options.ts';

const DAY_MS = 86_400_000;
const ADDRESS = /^(.+):(\d{1,5})$/;

export type NetworkOptions = {
  data: string;
  https?: { host: string; port: number };
  httpsCert?: string;
  httpsKey?: string;
  httpsAuthority?: string;
  name?: string[];
  storesCentral?: string;
  storesBroker?: string;
  storesBrokerAuthority?: string;
  brokerAuthority?: string;
  certificateDays: number;
};

export const withNetwork = (command: Command): Command =>
  command
    .option('--https <host:port>', 'HTTPS door for stores and people elsewhere, for example 0.0.0.0:8443', address)
    .option('--https-cert <file>', 'its certificate, in PEM, with the chain behind it', pathFromCaller)
    .option('--https-key <file>', 'the key of that certificate, in PEM', pathFromCaller)
    .option(
      '--https-authority <file>',
      'the authority of that certificate, told to computers that enrol',
      pathFromCaller,
    )
    .option('--name <host...>', 'names by which the door is called; default: those in its certificate')
    .option('--stores-central <url>', 'central as stores reach it; default: the first name of the HTTPS door', httpUrl)
    .option('--stores-broker <url>', 'the broker as stores reach it; default: --broker', brokerUrl)
    .option(
      '--stores-broker-authority <file>',
      'the authority of its certificate; default: --broker-authority',
      pathFromCaller,
    )
    .option('--certificate-days <number>', 'how long certificates of devices live', days, DEVICE_CERTIFICATE_DAYS);

function address(text: string): { host: string; port: number } {
  const [, host = '', port = ''] = ADDRESS.exec(text) ?? [];
  if (host !== '' && Number(port) <= 65_535) return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
  throw new InvalidArgumentError('Write an address with a port, for example 0.0.0.0:8443.');
}

function days(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= DEVICE_CERTIFICATE_DAYS) return number;
  throw new InvalidArgumentError(`Write a number of days, at most ${DEVICE_CERTIFICATE_DAYS}.`);
}

/** Null where there is no such door. Throws UsageError that names what is missing. */
export function httpsOf({ https, httpsCert, httpsKey, name }: NetworkOptions): HttpsOptions | null {
  if (https === undefined) return null;
  if (httpsCert === undefined || httpsKey === undefined) {
    throw new UsageError('--https needs --https-cert FILE and --https-key FILE.');
  }
  const certificate = readFileSync(httpsCert, 'utf8');
  const names = name ?? namesIn(certificate, httpsCert);
  if (names.length === 0) throw new UsageError(`${httpsCert} names no host: say by --name how the door is called.`);
  return { ...https, certificate, key: readFileSync(httpsKey, 'utf8'), names };
}

function namesIn(pem: string, path: string): string[] {
  try {
    const names = new X509Certificate(pem).subjectAltName ?? '';
    return [...names.matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].flatMap(([, name]) => name ?? []);
  } catch {
    throw new UsageError(`${path} is no certificate in PEM.`);
  }
}

/** In a sentence, where a door could not be opened; else the error itself. */
export function doorFailed(error: unknown, { https, httpsCert, port }: NetworkOptions & { port: number }): unknown {
  const { code = '', port: at } = error as { code?: string; port?: number };
  if (https === undefined || (at !== undefined && at !== https.port)) return portTaken(error, port);
  if (code === 'EADDRINUSE')
    return new UsageError(`Another program has port ${at} of this computer: choose another one.`);
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) {
    return new UsageError(`--https: this computer has no address ${https.host}. Write 0.0.0.0 for all it has.`);
  }
  if (code === 'EACCES')
    return new UsageError(`--https: only an administrator may open port ${at}. Choose one above 1023.`);
  return code.startsWith('ERR_OSSL')
    ? new UsageError(`${httpsCert} and the key given by --https-key are not of each other, or no PEM.`)
    : error;
}

/** `broker` as central reaches it. */
export async function devicesOf(options: NetworkOptions, broker: string): Promise<DeviceSetup> {
  const { data, httpsAuthority, storesCentral, storesBroker, certificateDays } = options;
  const brokerAuthority = options.storesBrokerAuthority ?? options.brokerAuthority;
  return {
    authority: await openAuthority(await openAuthorityFiles(data, systemClock.wallMs())),
    access: null,
    broker: { url: storesBroker ?? broker, authority: read(brokerAuthority) },
    central: { url: storesCentral ?? null, authority: read(httpsAuthority) },
    certificateMs: certificateDays * DAY_MS,
  };
}

const read = (path: string | undefined): string | null => (path === undefined ? null : readFileSync(path, 'utf8'));
