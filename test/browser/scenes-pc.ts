// States of the PC itself: sending paused, all its troubles at once, and something that needs a person beside the rest.
import type { LanState, Snapshot } from '../../protocol/local/window.ts';

const MINUTE_MS = 60_000;
const HELP = { silentTillMinutes: 60, help: { name: 'Service desk', phone: '+49 30 1234567' } };

export type SceneChange = { waiting: number; changed: Partial<Snapshot> };

export const needing = ({ waiting, changed }: SceneChange, nowMs: number): SceneChange => ({
  waiting,
  changed: { ...changed, settings: HELP, exceptions: { store: 2, others: 1, newestMs: nowMs } },
});

function pausedSince(sinceMs: number, by: string, reason: string): Partial<Snapshot> {
  return {
    ...{ line: 'paused', lineSinceMs: sinceMs, waitingSinceMs: sinceMs + MINUTE_MS, lastSettledMs: sinceMs },
    pause: { by, reason, sinceMs },
  };
}

export const paused = (nowMs: number): SceneChange => ({
  waiting: 23,
  changed: pausedSince(nowMs - 40 * MINUTE_MS, 'Service desk', 'Network is being changed'),
});

/** All that a PC can suffer at once. */
export const trouble = (nowMs: number, lan: LanState): SceneChange => ({
  waiting: 412,
  changed: {
    ...pausedSince(nowMs - 30 * 60 * MINUTE_MS, 'J. Weber', 'New router'),
    settings: HELP,
    silentTills: [
      { workstation: 'Till 2', lastMs: nowMs - 95 * MINUTE_MS },
      { workstation: 'Till 5', lastMs: nowMs - 7 * 24 * 60 * MINUTE_MS },
    ],
    clock: {
      skew: { ms: -17 * MINUTE_MS, boundMs: 40, measuredMs: nowMs - MINUTE_MS },
      jump: { atMs: nowMs - 200 * MINUTE_MS, byMs: -17 * MINUTE_MS },
      zone: 'Europe/Berlin',
    },
    disk: { freeBytes: 3_100_000_000, days: 9 },
    lan,
    notices: [
      { code: 'paused-long', message: 'Paused for long.', atMs: nowMs - 30 * 60 * MINUTE_MS },
      { code: 'clock-wrong', message: 'The clock is wrong.', atMs: nowMs - MINUTE_MS },
      { code: 'disk-nearly-full', message: 'The disk is nearly full.', atMs: nowMs },
    ],
  },
});
