// What people see of the session.
import type { ClockSample } from '../core/clock-check.ts';
import { isAnswered } from './session-carried.ts';
import type { Session } from './session-words.ts';

/** offline: no line to the broker; connecting: line up, central silent; held: sending stopped until a person acts. */
export type UplinkState = {
  line: 'offline' | 'connecting' | 'online' | 'held';
  /** Since when the line is so, by the agent's clock. */
  sinceMs: number;
  /** A plain sentence where something is wrong. */
  reason: string | null;
  /** Entries sent and not yet covered by a mark. */
  inFlight: number;
  /** Central's database is one for a trial. */
  trial: boolean;
  /** When central was last seen to have been put back or set up anew; null where it never was. */
  renewedMs: number | null;
  /** Our clock beside central's; absent before its first welcome. */
  skew?: ClockSample | undefined;
};

type OfCentral = Pick<UplinkState, 'trial' | 'renewedMs' | 'skew'>;
const PLAIN: OfCentral = { trial: false, renewedMs: null };

/** The same object as before where nothing changed. */
export function viewOf(session: Session, nowMs: number, before: UplinkState | null, central = PLAIN): UplinkState {
  const line = lineOf(session);
  const reason = session.turnedAway ?? session.reason;
  const inFlight = session.at === 'streaming' ? session.sent - session.acked : 0;
  const sinceMs = before?.line === line ? before.sinceMs : nowMs;
  const view: UplinkState = { line, sinceMs, reason, inFlight, ...central };
  const same =
    before !== null && (Object.keys(view) as (keyof UplinkState)[]).every((key) => view[key] === before[key]);
  return same ? before : view;
}

function lineOf(session: Session): UplinkState['line'] {
  if (session.at === 'held' || session.turnedAway !== null) return 'held';
  if (session.at === 'offline') return 'offline';
  return isAnswered(session) ? 'online' : 'connecting';
}
