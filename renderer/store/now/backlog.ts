// How far the sending of a backlog has come, judged from the waiting counts seen since the line came back.
import type { Snapshot } from '../../../protocol/local/window.ts';

export type Backlog = {
  /** Most that ever waited since then. */
  peak: number;
  startedMs: number;
  atStart: number;
};

/** Younger than this a waiting sale is simply on its way, not a backlog. */
export const FRESH_MS = 10_000;
const ESTIMATE_AFTER_MS = 3_000;

/** The backlog after one more snapshot; null where none is being sent. */
export function nextBacklog(before: Backlog | null, { line, waiting, nowMs }: Snapshot): Backlog | null {
  if (line !== 'online' || waiting === 0) return null;
  if (before === null) return { peak: waiting, startedMs: nowMs, atStart: waiting };
  return waiting > before.peak ? { ...before, peak: waiting } : before;
}

/** Sent share of the most that waited, 0 to 1. */
export const sentShare = ({ peak }: Backlog, waiting: number): number => (peak === 0 ? 1 : (peak - waiting) / peak);

/** Milliseconds until all is sent at the pace so far; null while that can't be told. */
export function timeLeftMs(backlog: Backlog, waiting: number, nowMs: number): number | null {
  const passedMs = nowMs - backlog.startedMs;
  const sent = backlog.atStart - waiting;
  return passedMs < ESTIMATE_AFTER_MS || sent <= 0 ? null : (waiting / sent) * passedMs;
}
