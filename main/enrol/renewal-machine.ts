// When a device asks central for a new certificate and password: in time, at once where it is refused, never in a storm.
import { renewalMs } from '../../core/device.ts';
import { REFUSED_RENEW_MS, RENEW_WAIT_MS_MAX, RENEW_WAIT_MS_MIN } from '../../core/limits/joining.ts';

export type Renewal = {
  /** Asked without an answer since the last one. */
  failures: number;
  /** Answered, and refused again all the same, since it last worked: the fault is not here. */
  vain: number;
  /** When it was last asked, by the monotonic clock; null before the first time. */
  askedMs: number | null;
  /** Broker or central did not take what there is. */
  isRefused: boolean;
};

export const NOT_ASKED: Renewal = { failures: 0, vain: 0, askedMs: null, isRefused: false };

/** Doublings of the wait until it is the longest. */
const DOUBLINGS_MAX = 12;

type Life = { fromMs: number; untilMs: number };

/** Milliseconds until it is asked; null where nothing but time brings it about. `centralMs`: central's time now. */
export function renewsInMs(renewal: Renewal, life: Life, now: { monotonicMs: number; centralMs: number }): number {
  const { askedMs, isRefused } = renewal;
  const inTimeMs = isRefused ? 0 : renewalMs(life) - now.centralMs;
  const restMs = askedMs === null ? 0 : askedMs + waitMs(renewal) - now.monotonicMs;
  return Math.max(0, inTimeMs, restMs);
}

/** At least so long lies between two times. */
export function waitMs({ failures, vain }: Renewal): number {
  const times = Math.min(DOUBLINGS_MAX, failures + vain);
  return times === 0 ? REFUSED_RENEW_MS : Math.min(RENEW_WAIT_MS_MAX, RENEW_WAIT_MS_MIN * 2 ** times);
}

export const refused = (renewal: Renewal): Renewal => ({ ...renewal, isRefused: true });
export const asked = (renewal: Renewal, monotonicMs: number): Renewal => ({ ...renewal, askedMs: monotonicMs });
export const failed = (renewal: Renewal): Renewal => ({ ...renewal, failures: renewal.failures + 1 });
/** Central said no: it is asked again, but rarely. */
export const declined = (renewal: Renewal): Renewal => ({ ...renewal, failures: DOUBLINGS_MAX });
export const renewed = (renewal: Renewal): Renewal => {
  const vain = renewal.vain + (renewal.isRefused ? 1 : 0);
  return { ...renewal, failures: 0, vain, isRefused: false };
};
/** The line is up: what there is works. */
export const taken = (renewal: Renewal): Renewal => ({ ...renewal, vain: 0, isRefused: false });
