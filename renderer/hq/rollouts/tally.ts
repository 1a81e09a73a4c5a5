// How far a rollout has come, from its rows: stores by how they stand, over one ring or all of them.
import { askRollout, type RolloutAction } from '../../../core/configuration/rollout.ts';
import type { RingRow, RolloutRow, RolloutStoreState } from '../../../protocol/hq/rollouts.ts';
import type { SignName, Tone } from '../../kit/shapes.ts';

/** As they stand in a bar, from its left: what has come furthest first, what lacks last. */
export const PARTS = [
  'good',
  'trial',
  'waiting',
  'given',
  'later',
  'back',
  'failed',
] as const satisfies readonly RolloutStoreState[];

export type Part = { state: RolloutStoreState; count: number; share: number };

/** Parts that there are, each with its share (0 to 1) of all stores of the ring. */
export const partsOf = ({ tally, stores }: RingRow): Part[] =>
  PARTS.flatMap((state) => (tally[state] === 0 ? [] : [{ state, count: tally[state], share: tally[state] / stores }]));

const sum = (rings: readonly RingRow[], count: (ring: RingRow) => number): number =>
  rings.reduce((all, ring) => all + count(ring), 0);

export type Progress = { stores: number; well: number; failed: number; having: number };

/** Over all rings; `having`: those that have it in force. */
export const progressOf = ({ rings }: RolloutRow): Progress => ({
  stores: sum(rings, ({ stores }) => stores),
  well: sum(rings, ({ tally }) => tally.good),
  failed: sum(rings, ({ tally }) => tally.failed),
  having: sum(rings, ({ tally }) => tally.good + tally.trial),
});

/** not-begun: its stores do not get it yet. open: they do. reached: enough of them are well. */
export const phaseOf = ({ openedMs, reachedMs }: RingRow): 'not-begun' | 'open' | 'reached' =>
  openedMs === null ? 'not-begun' : reachedMs === null ? 'open' : 'reached';

const LOOKS: Record<RolloutRow['state'], { tone: Tone; sign: SignName }> = {
  waiting: { tone: 'safe', sign: 'needs' },
  running: { tone: 'busy', sign: 'busy' },
  paused: { tone: 'safe', sign: 'safe' },
  stopped: { tone: 'stop', sign: 'stop' },
  aborted: { tone: 'lost', sign: 'stop' },
  done: { tone: 'good', sign: 'good' },
};

/** Colour and sign of a rollout: as the states of stores have them. */
export const lookOfRollout = ({ state }: Pick<RolloutRow, 'state'>): { tone: Tone; sign: SignName } => LOOKS[state];

const ACTS = ['approve', 'resume', 'pause', 'abort'] as const satisfies readonly RolloutAction[];
export type Act = (typeof ACTS)[number];

/** What the law of rollouts allows in this state, whoever asks. */
export const possibleActs = ({ state }: Pick<RolloutRow, 'state'>): readonly Act[] =>
  ACTS.filter((act) => askRollout(state, act).ok);
