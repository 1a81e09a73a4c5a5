// The settings of a store as they are in force: what its configuration names, and its own file for the rest.
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../../protocol/configuration/document.ts';
import type { Settings } from '../../protocol/settings.ts';
import { messageOf } from '../../sync/message-of.ts';
import type { SettingsWatch } from '../settings.ts';
import { addressOf, type UpdateSource } from '../update/fetch.ts';

export type SettingsInForce = Omit<Settings, 'updates'> & { updates?: Omit<UpdateSource, 'network'> | undefined };

export type SettingsInForceWatch = Omit<SettingsWatch, 'now'> & { now(): SettingsInForce };

/** Follows both; the same object as before where nothing changed. */
export function settingsInForce(own: SettingsWatch, configuration: () => Configuration): SettingsInForceWatch {
  let last = mergeSettings(own.now(), configuration());
  return {
    ...own,
    now() {
      const next = mergeSettings(own.now(), configuration());
      if (!isDeepStrictEqual(next, last)) last = next;
      return last;
    },
  };
}

export function mergeSettings(own: Settings, configuration: Configuration): SettingsInForce {
  const { window } = configuration;
  return {
    ...own,
    ...window,
    silentTillMinutes: window?.silentTillMinutes ?? own.silentTillMinutes,
    updates: mergeUpdates(own.updates, configuration),
  };
}

/** Absent where nobody says where updates come from, or when they may be installed. */
function mergeUpdates(
  own: Settings['updates'],
  { updates, maintenance }: Configuration,
): SettingsInForce['updates'] | undefined {
  const { address, channel = 'stable', ring = 0, upTo } = { ...own, ...updates };
  const window = maintenance ?? own?.window;
  return address === undefined || window === undefined ? undefined : { address, channel, ring, window, upTo };
}

/** A sentence where updates that the configuration names cannot come; null where they can, or where it names none. */
export function updatesProblem(own: Settings, configuration: Configuration): string | null {
  const address = configuration.updates?.address;
  if (address === undefined) return null;
  try {
    addressOf(address);
  } catch (error) {
    return `updates.address: ${messageOf(error).replace(/\.$/, '')}`;
  }
  if (mergeSettings(own, configuration).updates !== undefined) return null;
  return 'updates.address is named, but no time for updates: name maintenance';
}
