// The clock frame that captures are stamped with: a new one at each open and each step of the clock (R6).
import type { Clock, ClockFrame } from '../core/clock.ts';
import { clockStepped } from '../core/clock.ts';
import type { Db } from './database.ts';

export type Frames = ReturnType<typeof openFrames>;

export function openFrames(db: Db, clock: Clock) {
  const next = db.prepare<[], number>('UPDATE journal SET frame = frame + 1 RETURNING frame').pluck();
  const raise = db.prepare('UPDATE journal SET frame = max(frame, ?)');
  let frame: ClockFrame | null = null;

  function begin(): ClockFrame {
    frame = { frame: next.get() ?? 1, startMs: clock.wallMs(), monotonicStartMs: clock.monotonicMs() };
    return frame;
  }

  return {
    begin,
    /** Frame of now; to be asked inside a write transaction, for it may have to begin one. */
    current: (): ClockFrame =>
      frame === null || clockStepped(frame, clock.wallMs(), clock.monotonicMs()) ? begin() : frame,
    /** A restored entry had this frame: the next one comes after it. */
    seen: (ordinal: number): void => void raise.run(ordinal),
  };
}
