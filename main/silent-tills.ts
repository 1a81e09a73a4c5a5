// Tills that went silent in opening hours, by what the journal and the store's settings say.
import { DateTime } from 'luxon';
import { silentTills } from '../core/opening-hours.ts';
import type { SilentTill } from '../protocol/local/window.ts';
import type { WindowSettings } from '../protocol/settings.ts';
import type { Storage } from '../storage/client.ts';
import { wallMinute } from './wall-minute.ts';

/** By name; none where the store has no opening hours set. */
export async function findSilentTills(
  storage: Pick<Storage, 'tillsSeen'>,
  { openingHours: spans = [], silentTillMinutes: silentMinutes }: WindowSettings,
  nowMs: number,
): Promise<SilentTill[]> {
  if (spans.length === 0) return [];
  // A day that goes on after midnight is still the trading day on which it began.
  const day = DateTime.fromMillis(nowMs).minus({ minutes: silentMinutes });
  const iso = (at: DateTime): string => at.toISODate() ?? '';
  const weekBefore = iso(day.minus({ days: 7 }));
  const tills = await storage.tillsSeen({ since: weekBefore, expectedOn: [iso(day), weekBefore] });
  return silentTills({ spans, silentMinutes, nowMs, wallMinute }, tills).map(({ workstation, lastMs }) => ({
    workstation,
    lastMs,
  }));
}
