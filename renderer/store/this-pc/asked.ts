// What this room asks the agent: read when it opens, when something changed, and from time to time.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import type { PcState, WipeAnswer } from '../../../protocol/local/rooms/pc.ts';
import type { Agent } from '../agent.ts';

const EVERY_MS = 10_000;

export type Known = { pc: PcState; wipe: WipeAnswer };

/** Null until the first answer; the last one stays where there is none. */
export function useKnown(agent: Agent): ReadonlySignal<Known | null> {
  const known = useSignal<Known | null>(null);
  // Of the state only what changes the answers: not each single sale.
  const changed = useSignal('');
  useSignalEffect(() => {
    const state = agent.snapshot.value;
    if (state !== null)
      changed.value = `${state.line} ${state.waiting === 0} ${state.setAside} ${state.notices.length}`;
  });
  useSignalEffect(() => {
    void changed.value;
    if (agent.connection.value !== 'open') return;
    let left = false;
    const read = async (): Promise<void> => {
      if (document.hidden) return;
      const answer = await agent.ask(async (client, signal) => ({
        pc: await client.pc.state(undefined, { signal }),
        wipe: await client.pc.safeToWipe(undefined, { signal }),
      }));
      if (answer !== null && !left) known.value = answer;
    };
    void read();
    const timer = setInterval(() => void read(), EVERY_MS);
    return () => {
      left = true;
      clearInterval(timer);
    };
  });
  return known;
}
