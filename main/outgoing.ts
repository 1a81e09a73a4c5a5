// How programs of this computer reach the outside: through the retailer's proxy, trusting the retailer's authorities.
import { readFileSync, statSync } from 'node:fs';
import { Agent } from 'node:https';
import { getCACertificates } from 'node:tls';
import type { AxiosRequestConfig } from 'axios';
import { AUTHORITY_BYTES_MAX } from '../core/limits/joining.ts';
import type { NetworkSettings } from '../protocol/settings.ts';
import { UsageError } from './usage-error.ts';

type Environment = Record<string, string | undefined>;

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[?::1\]?)$/;
/** The usual proxy of a scheme comes from the variable of the scheme that it is most like. */
const VARIABLES: Record<string, string[]> = {
  'https:': ['https_proxy', 'all_proxy'],
  'mqtts:': ['https_proxy', 'all_proxy'],
  'http:': ['http_proxy', 'all_proxy'],
  'mqtt:': ['all_proxy'],
};

export const isLoopback = (url: string): boolean => URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);

/**
 * The proxy for an address: `network.proxy` of the settings, else HTTPS_PROXY, HTTP_PROXY, ALL_PROXY; none for this very
 * computer and for what NO_PROXY names. Undefined where the way is straight.
 */
export function proxyFor(
  url: string,
  network: NetworkSettings = {},
  env: Environment = process.env,
): string | undefined {
  if (!URL.canParse(url) || isLoopback(url) || isExcepted(new URL(url), variable(env, 'no_proxy'))) return undefined;
  const names = VARIABLES[new URL(url).protocol] ?? [];
  const found = network.proxy ?? names.map((name) => variable(env, name)).find((value) => value !== undefined);
  if (found === undefined) return undefined;
  const proxy = found.includes('://') ? found : `http://${found}`;
  if (URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol)) return proxy;
  throw new UsageError('The proxy is to be written as http://host:port (settings: network.proxy, or HTTPS_PROXY).');
}

const variable = (env: Environment, name: string): string | undefined => {
  const value = env[name] ?? env[name.toUpperCase()];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
};

/** NO_PROXY: names and their subdomains, perhaps with a port; * for all. */
function isExcepted({ hostname, port, protocol }: URL, exceptions = ''): boolean {
  const usual: Record<string, string> = { 'https:': '443', 'http:': '80', 'mqtts:': '8883', 'mqtt:': '1883' };
  const here = port === '' ? (usual[protocol] ?? '') : port;
  return exceptions.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', only] = /^\*?\.?(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (only !== undefined && only !== here)) return false;
    return hostname === name || hostname.endsWith(`.${name}`);
  });
}

/** PEM of the retailer's own authorities that are trusted beside the others. Throws UsageError where it is none. */
export function readAuthorities(path: string): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new UsageError(`The file of authorities ${path} does not exist.`);
  const pem = size > AUTHORITY_BYTES_MAX ? '' : readFileSync(path, 'utf8');
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new UsageError(`${path} holds no certificate of an authority (PEM, at most ${AUTHORITY_BYTES_MAX} bytes).`);
}

export const authoritiesBesides = ({ authorityFile }: NetworkSettings = {}): string | undefined =>
  authorityFile === undefined ? undefined : readAuthorities(authorityFile);

/**
 * What axios needs to ask `url`. `authority` in PEM takes the place of the computer's own: Node's, its system's, and those
 * of NODE_EXTRA_CA_CERTS.
 */
export function axiosFor(
  url: string,
  {
    network = {},
    authority,
    env,
  }: { network?: NetworkSettings | undefined; authority?: string | null; env?: Environment } = {},
): Pick<AxiosRequestConfig, 'proxy' | 'httpsAgent'> {
  const besides = authoritiesBesides(network);
  const own = authority ?? null;
  const trusted = own === null ? new Set([...getCACertificates('default'), ...getCACertificates('system')]) : [own];
  const ca = [...trusted, ...(besides === undefined ? [] : [besides])];
  const agent = url.startsWith('https:') ? { httpsAgent: new Agent({ ca, minVersion: 'TLSv1.2' }) } : {};
  const proxy = proxyFor(url, network, env);
  if (proxy === undefined) return { ...agent, proxy: false };
  const { protocol, hostname, port, username, password } = new URL(proxy);
  const auth = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  return {
    ...agent,
    proxy: {
      ...{ protocol, host: hostname.replace(/^\[(.*)\]$/, '$1') },
      port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      ...(username === '' ? {} : { auth }),
    },
  };
}
