// The people around the machines: they start again what is held, and switch computers off where stores close.
import type { Agent } from './agent.ts';
import { PERSON_LOOK_MS } from './bounds.ts';
import type { Chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';

export type PeopleParts = {
  scheduler: Scheduler;
  chance: Chance;
  agents: Agent[];
  /** How long stores are open on a day; undefined where they always are. */
  openMs: number | undefined;
  /** Until stores are open, 0 where they are. */
  opensInMs(): number;
  isCalm(): boolean;
};

/** How often somebody cares before the weather is calm. */
const CARES = 0.2;

/** A computer that does not go on by itself is started again: that is all that a person in a store can do. */
export function startPeople({ scheduler, chance, agents, openMs, opensInMs, isCalm }: PeopleParts): void {
  function look(): void {
    for (const agent of agents) {
      if (agent.isRetired() || !agent.needsPerson()) continue;
      if (!isCalm() && !chance.happens(CARES)) continue;
      agent.crash('killed');
      agent.start();
    }
    scheduler.after(opensInMs() + PERSON_LOOK_MS, look);
  }
  /** At night computers are switched off. */
  function close(): void {
    if (isCalm()) return;
    for (const agent of agents) agent.crash('killed');
    scheduler.after(opensInMs(), open);
  }
  function open(): void {
    for (const agent of agents) agent.start();
    if (openMs !== undefined) scheduler.after(openMs, close);
  }

  scheduler.after(PERSON_LOOK_MS * chance.float(), look);
  if (openMs !== undefined) scheduler.after(openMs, close);
}
