// Scenarios that once failed, made small and kept (and a few drawn by hand): a seed alone holds for one version only.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from './swarm.ts';
import type { Failure } from './world.ts';

export const SCENARIOS = join(import.meta.dirname, 'scenarios');

/** `found` is what was wrong when it was kept. */
export type Kept = Scenario & { found: Failure };

export const readScenario = (name: string): Kept => JSON.parse(readFileSync(join(SCENARIOS, name), 'utf8')) as Kept;

export const readScenarios = (): { name: string; kept: Kept }[] =>
  readdirSync(SCENARIOS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, kept: readScenario(name) }));
