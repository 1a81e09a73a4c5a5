// Which tills went silent while the store was open. What a clock on the wall shows is a parameter: zones are not for here.
import { minutesLeft, type Span } from './weekly.ts';

const MINUTE_MS = 60_000;

/** Minute of the week, from Monday 0:00, that a clock on the wall shows at this moment. */
export type WallMinute = (ms: number) => number;

/** `isExpected`: it sold today, or on this day a week ago. */
export type TillSeen = { workstation: string; lastMs: number; isExpected: boolean };

export type Silence = {
  /** Opening hours of the store; without any nothing is ever silent. */
  spans: readonly Span[];
  silentMinutes: number;
  nowMs: number;
  wallMinute: WallMinute;
};

/**
 * True where the store was open at each moment from then on: also over midnight, and where the clock on the wall is put
 * an hour ahead or back.
 */
export function openThroughout(
  { spans, wallMinute }: Omit<Silence, 'silentMinutes' | 'nowMs'>,
  fromMs: number,
  toMs: number,
) {
  for (let at = toMs; at > fromMs; at -= MINUTE_MS) if (minutesLeft(spans, wallMinute(at)) === 0) return false;
  return minutesLeft(spans, wallMinute(fromMs)) > 0;
}

/**
 * Tills that are expected to sell and sent nothing for so many minutes, all of them in opening hours: what the night, a
 * closed day or a till that is not in use any more brings is no silence.
 */
export function silentTills(silence: Silence, tills: readonly TillSeen[]): TillSeen[] {
  const { spans, silentMinutes, nowMs } = silence;
  const sinceMs = nowMs - silentMinutes * MINUTE_MS;
  const quiet = tills.filter(({ isExpected, lastMs }) => isExpected && lastMs <= sinceMs);
  return quiet.length > 0 && spans.length > 0 && openThroughout(silence, sinceMs, nowMs) ? quiet : [];
}
