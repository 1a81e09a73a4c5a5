// The people around the machines: they start again what is held.
import type { Agent } from './agent.ts';
import { PERSON_LOOK_MS } from './bounds.ts';
import type { Chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export type PeopleParts = {
  scheduler: Scheduler;
  chance: Chance;
  agents: Agent[];
  isCalm(): boolean;
};

/** How often somebody cares before the weather is calm. */
const CARES = 0.2;

/** A computer that does not go on by itself is started again: that is all that a person in a store can do. */
export function startPeople({ scheduler, chance, agents, isCalm }: PeopleParts): void {
  function look(): void {
    for (const agent of agents) {
      if (agent.isRetired() || agent.line() !== 'held') continue;
      if (!isCalm() && !chance.happens(CARES)) continue;
      agent.crash('killed');
      agent.start();
    }
    scheduler.after(PERSON_LOOK_MS, look);
  }
  scheduler.after(PERSON_LOOK_MS * chance.float(), look);
}
