// The law of a rollout: ring after ring, on by itself while stores are well, stopped by itself when they are not.

export type RingPlan = {
  readonly name: string;
  readonly successPercent: number;
  readonly failurePercent: number;
  readonly soakMinutes: number;
};

/**
 * waiting: for a second person. stopped: by itself. aborted: by a person; after both the revision is withdrawn for good.
 * done: every ring is open, and the last one was well for as long as it had to be.
 */
export type RolloutState = 'waiting' | 'running' | 'paused' | 'stopped' | 'aborted' | 'done';

/** Of one ring: when its stores began to get it, and when enough of them were well; null while they are not. */
export type RingProgress = { readonly openedMs: number | null; readonly reachedMs: number | null };
export type Rollout = { readonly state: RolloutState; readonly rings: readonly RingProgress[] };

/** Of one ring: its stores, those that are well with it, those that refused it or went back by themselves. */
export type Tally = { readonly stores: number; readonly good: number; readonly failed: number };

/** Why nothing is to be done. empty: the ring has no stores, and nobody has shown yet that the revision is any good. */
export type RestReason = 'not-running' | 'stores' | 'soaking' | 'out-of-reach' | 'empty';

/** unreached: stores that were well are not any more. `why` is a sentence. */
export type RolloutStep =
  | { do: 'open'; ring: number }
  | { do: 'reached'; ring: number }
  | { do: 'unreached'; ring: number }
  | { do: 'stop'; ring: number; why: string }
  | { do: 'finish' }
  | { do: 'rest'; why: RestReason; untilMs: number | null };

const MINUTE_MS = 60_000;

/** One step at a time: it is carried out and kept, and then asked again. Resumes from wherever it was cut off. */
export function nextRolloutStep(
  plan: readonly RingPlan[],
  rollout: Rollout,
  tallies: readonly Tally[],
  nowMs: number,
): RolloutStep {
  if (rollout.state !== 'running') return rest('not-running');
  const opened = openedRings(rollout);
  const hurt = plan.findIndex((ring, at) => at < opened && hasFailed(ring, tallyAt(tallies, at)));
  const ring = plan[hurt];
  if (ring !== undefined) return { do: 'stop', ring: hurt, why: stopSentence(ring, tallyAt(tallies, hurt)) };
  if (opened === 0) return { do: 'open', ring: 0 };
  return ringStep(plan, rollout, tallies, opened - 1, nowMs);
}

/** Of the last ring that is open. */
function ringStep(
  plan: readonly RingPlan[],
  { rings }: Rollout,
  tallies: readonly Tally[],
  at: number,
  nowMs: number,
): RolloutStep {
  const [ring, tally, reachedMs] = [plan[at], tallyAt(tallies, at), rings[at]?.reachedMs ?? null];
  if (ring === undefined) return rest('not-running');
  const onward: RolloutStep = at + 1 < plan.length ? { do: 'open', ring: at + 1 } : { do: 'finish' };
  if (tally.stores === 0) {
    // A query with a slip of the pen must not let the revision out to the next ring, unseen by any store.
    return tallies.slice(0, at).some(({ good }) => good > 0) ? onward : rest('empty');
  }
  if (!isReached(ring, tally)) {
    if (reachedMs !== null) return { do: 'unreached', ring: at };
    return rest(canReach(ring, tally) ? 'stores' : 'out-of-reach');
  }
  if (reachedMs === null) return { do: 'reached', ring: at };
  // A clock that was set back must not make it longer than it is.
  const untilMs = Math.min(reachedMs, nowMs) + ring.soakMinutes * MINUTE_MS;
  return nowMs >= untilMs ? onward : rest('soaking', untilMs);
}

const rest = (why: RestReason, untilMs: number | null = null): RolloutStep => ({ do: 'rest', why, untilMs });

const NO_TALLY: Tally = { stores: 0, good: 0, failed: 0 };
const tallyAt = (tallies: readonly Tally[], at: number): Tally => tallies[at] ?? NO_TALLY;

/** Rings open in their order: so many of them, from the first. */
export function openedRings({ rings }: Pick<Rollout, 'rings'>): number {
  const closed = rings.findIndex(({ openedMs }) => openedMs === null);
  return closed < 0 ? rings.length : closed;
}

const hasFailed = ({ failurePercent }: RingPlan, { stores, failed }: Tally): boolean =>
  failed > 0 && failed * 100 > failurePercent * stores;
const isReached = ({ successPercent }: RingPlan, { stores, good }: Tally): boolean =>
  good > 0 && good * 100 >= successPercent * stores;
const canReach = ({ successPercent }: RingPlan, { stores, failed }: Tally): boolean =>
  (stores - failed) * 100 >= successPercent * stores;

const stopSentence = ({ name, failurePercent }: RingPlan, { stores, failed }: Tally): string =>
  `In ring ${name} ${failed} of ${stores} ${stores === 1 ? 'store' : 'stores'} refused it or went back by ` +
  `${failed === 1 ? 'itself' : 'themselves'}: more than ${failurePercent} percent.`;

/** The rollout after a step; `stop` and `finish` change its state, and a rest changes nothing. */
export function afterStep(rollout: Rollout, step: RolloutStep, nowMs: number): Rollout {
  const change = (ring: number, progress: Partial<RingProgress>): Rollout => ({
    ...rollout,
    rings: rollout.rings.map((each, at) => (at === ring ? { ...each, ...progress } : each)),
  });
  switch (step.do) {
    case 'open':
      return change(step.ring, { openedMs: nowMs });
    case 'reached':
      return change(step.ring, { reachedMs: nowMs });
    case 'unreached':
      return change(step.ring, { reachedMs: null });
    case 'stop':
      return { ...rollout, state: 'stopped' };
    case 'finish':
      return { ...rollout, state: 'done' };
    case 'rest':
      return rollout;
  }
}

export type RolloutAction = 'approve' | 'pause' | 'resume' | 'abort';
export type Asked = { ok: true; state: RolloutState } | { ok: false; problem: string };

/** What a person asks for; the problem is a sentence. Soaking times go on from where they were. */
export function askRollout(state: RolloutState, action: RolloutAction): Asked {
  const to = TRANSITIONS[action][state];
  return to === undefined ? { ok: false, problem: PROBLEMS[state] } : { ok: true, state: to };
}

const TRANSITIONS: Record<RolloutAction, Partial<Record<RolloutState, RolloutState>>> = {
  approve: { waiting: 'running' },
  pause: { running: 'paused' },
  resume: { paused: 'running' },
  abort: { waiting: 'aborted', running: 'aborted', paused: 'aborted' },
};
const PROBLEMS: Record<RolloutState, string> = {
  waiting: 'It waits for the approval of a second person.',
  running: 'It is running.',
  paused: 'It is paused. Resume it or abort it.',
  stopped: 'It stopped by itself, and its revision was taken back for good. Publish a higher revision.',
  aborted: 'It was aborted, and its revision was taken back for good. Publish a higher revision.',
  done: 'It is done. Publish a higher revision to change something.',
};
