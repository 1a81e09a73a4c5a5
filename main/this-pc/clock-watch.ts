// This PC's clock: what head office's showed at the last welcome, and jumps that were seen since.

import type { Clock } from '../../core/clock.ts';
import { type ClockSample, isClockWrong, jumpBetween, readClock } from '../../core/clock-check.ts';
import { CLOCK_LOOK_MS } from '../../core/limits/this-pc.ts';
import type { ClockState } from '../../protocol/local/window.ts';
import type { UplinkState } from '../../sync/uplink-state.ts';

export type ClockWatch = { now(): ClockState; isWrong(): boolean; close(): void };

type Parts = { clock: Clock; skew(): UplinkState['skew']; onChange(): void };

/**
 * A clock that was set back is as wrong as before and that much more. One that jumped ahead may only have slept: what it
 * was beside head office's is not known any more, until that is asked again.
 */
export function watchClock({ clock, skew, onChange }: Parts): ClockWatch {
  let seen = readClock(clock);
  let jump: (ClockState['jump'] & { monotonicMs: number }) | null = null;
  /** How far it was set back since the last comparison; null where it also jumped ahead. */
  let setBackMs: number | null = 0;

  /** The last comparison where none of the jumps came after it. */
  function sound(): ClockSample | null {
    const sample = skew() ?? null;
    return sample !== null && (jump === null || sample.at.monotonicMs >= jump.monotonicMs) ? sample : null;
  }

  function look(): void {
    const here = readClock(clock);
    const byMs = jumpBetween(seen, here);
    seen = here;
    if (byMs === null) return;
    const before = sound() === null ? setBackMs : 0;
    setBackMs = before === null || byMs > 0 ? null : before + byMs;
    jump = { atMs: here.wallMs, byMs, monotonicMs: here.monotonicMs };
    onChange();
  }

  function measured(): ClockState['skew'] {
    const sample = skew() ?? null;
    if (sample === null) return null;
    const { ms, boundMs, at } = sample;
    if (sound() !== null) return { ms, boundMs, measuredMs: at.wallMs };
    return setBackMs === null ? null : { ms: ms + setBackMs, boundMs, measuredMs: at.wallMs };
  }

  const timer = setInterval(look, CLOCK_LOOK_MS);
  timer.unref();
  return {
    now() {
      look();
      return {
        skew: measured(),
        jump: jump === null ? null : { atMs: jump.atMs, byMs: jump.byMs },
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      };
    },
    isWrong() {
      const at = measured();
      return at !== null && isClockWrong(at);
    },
    close: () => clearInterval(timer),
  };
}
