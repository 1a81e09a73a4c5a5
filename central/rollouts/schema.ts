// The tables of rollouts as Kysely sees them; central/migrations/0011-rollouts.ts makes them.
import type { Generated } from 'kysely';
import type { RolloutEvent, RolloutState, RolloutStoreState } from '../../protocol/hq/rollouts.ts';

/** One a revision; a plan is JSON, as it was published. */
export type RolloutTable = {
  revision: number;
  title: string;
  plan: string;
  expires_ms: number;
  state: RolloutState;
  why: string;
  published_by: string;
  published_ms: number;
  approved_by: string | null;
  approved_ms: number | null;
  changed_ms: number;
};

/** `ring` counts from 0, in the order of the plan. */
export type RolloutRingTable = {
  revision: number;
  ring: number;
  opened_ms: number | null;
  reached_ms: number | null;
};

/** Which ring a store belongs to, and how it stands as far as the rollout has looked. */
export type RolloutStoreTable = {
  revision: number;
  store: string;
  ring: number;
  state: RolloutStoreState;
  message: string;
  since_ms: number;
};

/** Never changed. */
type RolloutEventTable = {
  n: Generated<number>;
  revision: number;
  at_ms: number;
  what: RolloutEvent['what'];
  by_whom: string;
  ring: string | null;
  message: string;
};

export type RolloutTables = {
  rollout: RolloutTable;
  rollout_ring: RolloutRingTable;
  rollout_store: RolloutStoreTable;
  rollout_event: RolloutEventTable;
};
