// What the two workers of a run are asked and answer.
import type { Counts } from './coverage.ts';
import type { Scenario } from './swarm.ts';
import type { Failure } from './world.ts';

/** `twice`: run again, the traces must be equal. `mutant`: the bug that is planted, or null. */
export type Job = { index: number; scenario: Scenario; twice: boolean; mutant: string | null };

export type Done = {
  job: Job;
  failure: Failure | null;
  events: number;
  virtualMs: number;
  counts: Counts;
  lines: string[];
};
