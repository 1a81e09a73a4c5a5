// By which names and addresses a till on the store's network may call this PC.
import { isIPv6 } from 'node:net';
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { isHostName, type LanSettings } from './lan-settings.ts';

const EVERY = ['0.0.0.0', '::'];

/** Those that a certificate names: the host's, those of the setting, and the addresses that are listened at. */
export function lanNames({ address, names }: Pick<LanSettings, 'address' | 'names'>): string[] {
  const host = hostname().toLowerCase();
  const addresses = EVERY.includes(address) ? ownAddresses(address) : [address];
  return [...new Set([...(isHostName(host) ? [host] : []), ...names, ...addresses])];
}

function ownAddresses(every: string): string[] {
  const all = Object.values(networkInterfaces()).flatMap((infos: NetworkInterfaceInfo[] = []) => infos);
  const reachable = all.filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'));
  return reachable.filter(({ family }) => family === 'IPv4' || every === '::').map(({ address }) => address);
}

const inUrl = (name: string): string => (isIPv6(name) ? `[${name}]` : name);

/** What a Host header may say: exactly one of these. */
export function hostHeaders(names: string[], port: number): string[] {
  const withPort = names.map((name) => `${inUrl(name)}:${port}`);
  return port === 443 ? [...withPort, ...names.map(inUrl)] : withPort;
}

export const lanUrls = (names: string[], port: number): string[] =>
  names.map((name) => `https://${inUrl(name)}:${port}`);
