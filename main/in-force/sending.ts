// How entries are sent at this moment, as the configuration of this store says.
import { minutesLeft, minutesUntil } from '../../core/weekly.ts';
import type { Configuration } from '../../protocol/configuration/document.ts';
import { type Policy, UNBOUNDED } from '../../sync/policy.ts';
import { wallMinute } from '../wall-minute.ts';

/** By this PC's clock. What is not named is as it is without a configuration. */
export function policyOf({ sync = {} }: Configuration, nowMs: number): Policy {
  const { batchEntries, windowEntries, bytesPerSecond, times } = sync;
  return {
    batchEntries: batchEntries ?? UNBOUNDED.batchEntries,
    windowEntries: windowEntries ?? UNBOUNDED.windowEntries,
    bytesPerSecond: bytesPerSecond ?? UNBOUNDED.bytesPerSecond,
    outOfHours: times !== undefined && minutesLeft(times, wallMinute(nowMs)) === 0,
  };
}

const MINUTE_MS = 60_000;

/** When the hours of sending begin again, by the whole minute; null within them, and where there are none. */
export function sendsFromMs({ sync = {} }: Configuration, nowMs: number): number | null {
  const minutes = sync.times === undefined ? null : minutesUntil(sync.times, wallMinute(nowMs));
  return minutes === null || minutes === 0 ? null : nowMs - (nowMs % MINUTE_MS) + minutes * MINUTE_MS;
}
