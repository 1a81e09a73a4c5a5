// What still stands in the way of a run being over, in words.
import { DESK_LEASE_MS } from '../../core/limits.ts';
import type { Agent } from './agent.ts';
import type { Central } from './central-node.ts';
import { howApart } from './final.ts';
import type { Till } from './till.ts';

export type SettlingParts = {
  tills: Till[];
  agents: Agent[];
  central: Central;
};

export function unsettledIn({ tills, agents, central }: SettlingParts): string[] {
  const waiting = tills.filter((till) => !till.isDone());
  const asking = waiting.map(({ agent }) => `${agent.name} tills wait`);
  const behind = agents.filter((agent) => !agent.isRetired()).flatMap((agent) => behindOf(agent, central));
  // What a process that died had taken is due again when its lease ends.
  const nowMs = central.clock.wallMs() + DESK_LEASE_MS;
  const due = central.read
    .tasks('')
    .filter(({ isDone, kind, dueMs }) => !isDone && kind !== 'transfer' && dueMs <= nowMs);
  const work = due.map(({ kind, subject }) => `desk ${kind} ${subject} is due`);
  return [...asking, ...behind, ...work];
}

function behindOf(agent: Agent, central: Central): string[] {
  const heads = agent.journal()?.heads();
  const isHeld = heads !== undefined && central.holds({ store: agent.store, ...heads });
  const apart = howApart(agent, central);
  const isSettled = isHeld && heads.settled === heads.seq && apart === null;
  if (isSettled && agent.isIdle() && agent.line() === 'online') return [];
  const sofar = `${heads?.settled} of ${heads?.seq} settled, ${isHeld ? 'all' : 'not all'} at central`;
  return [`${agent.name} is ${agent.line()} with ${sofar}, ${apart ?? 'one book'}`];
}
