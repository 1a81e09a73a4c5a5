// Whether tills on the store's network may come in, and where: kept in the data folder, followed while the agent runs.
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { LAN_NAMES_MAX } from '../core/limits/feeds.ts';
import { readIdentity, writePrivateFile } from './data-folder.ts';
import { UsageError } from './usage-error.ts';

export const LAN_PORT = 8443;
/** Of every network card. */
const EVERY_ADDRESS = '0.0.0.0';
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9]([a-z0-9-]{0,62}))*$/;

export const LanSettings = z.strictObject({
  on: z.boolean(),
  address: z.string().refine((text) => isIP(text) !== 0, { error: 'write an IP address' }),
  port: z.int().min(0).max(65_535),
  /** By which tills call it, beside the name and the addresses of this PC. */
  names: z.array(z.string().regex(HOST_NAME)).max(LAN_NAMES_MAX),
});
export type LanSettings = z.infer<typeof LanSettings>;

const settingsFile = (folder: string): string => join(folder, 'lan.json');
const OFF: LanSettings = { on: false, address: EVERY_ADDRESS, port: LAN_PORT, names: [] };

/** Throws UsageError where the file is not as this program wrote it. */
export function readLan(folder: string): LanSettings {
  if (!existsSync(settingsFile(folder))) return OFF;
  try {
    return LanSettings.parse(JSON.parse(readFileSync(settingsFile(folder), 'utf8')));
  } catch (error) {
    throw new UsageError(`${settingsFile(folder)} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

export function writeLan(folder: string, changes: Partial<LanSettings>): LanSettings {
  if (readIdentity(folder) === null)
    throw new UsageError(`${folder} is no data folder of an agent: start one on it first.`);
  const settings = { ...readLan(folder), ...changes };
  writePrivateFile(settingsFile(folder), JSON.stringify(settings, null, 2));
  return settings;
}

export const isHostName = (text: string): boolean => HOST_NAME.test(text);

/** "192.168.1.10:8443", "[fd00::1]:8443", "8443" or "192.168.1.10"; null where it is none of them. */
export function readAddress(text: string): { address?: string; port?: number } | null {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*\.[^:]*))?:?(\d{1,5})?$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  if (address !== undefined && isIP(address) === 0) return null;
  if (port !== undefined && Number(port) > 65_535) return null;
  if (address === undefined && port === undefined) return null;
  return { ...(address === undefined ? {} : { address }), ...(port === undefined ? {} : { port: Number(port) }) };
}
