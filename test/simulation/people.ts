// The people around the machines: they start what is down and decide for stores that are held.
import type { Agent } from './agent.ts';
import { PERSON_LOOK_MS } from './bounds.ts';
import type { Central } from './central-node.ts';
import type { Chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export type PeopleParts = {
  scheduler: Scheduler;
  chance: Chance;
  central: Central;
  agents: Agent[];
  isCalm(): boolean;
};

/** How often somebody cares before the weather is calm. */
const CARES = 0.2;

export function startPeople({ scheduler, chance, central, agents, isCalm }: PeopleParts): void {
  function look(): void {
    for (const agent of agents) {
      if (agent.isRetired() || agent.line() !== 'held') continue;
      if (isCalm() || chance.happens(CARES)) decide(agent, central);
    }
    scheduler.after(PERSON_LOOK_MS, look);
  }
  scheduler.after(PERSON_LOOK_MS * chance.float(), look);
}

/** This computer goes on for its store: what it holds under a new epoch is accepted, and it is started again. */
function decide(agent: Agent, central: Central): void {
  const journal = agent.journal();
  if (journal === null) return;
  const held = central.epochOf(agent.store);
  const isNew = held !== null && held.life !== journal.heads().epoch.life;
  if (isNew) {
    // Central orders epochs: a new one has a number that none before it had.
    const epoch = agent.renewBeyond(central.highestOrdinal(agent.store));
    if (epoch === null) return;
    central.grant(agent.store, epoch);
  }
  agent.crash('killed');
  agent.start();
}
