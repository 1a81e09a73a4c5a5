// Waits until a running agent does what its folder says.
import { setTimeout as wait } from 'node:timers/promises';
import { PAUSE_WAIT_MS } from '../../core/limits/this-pc.ts';
import type { Snapshot } from '../../protocol/local/window.ts';
import { agentClient, findAgent } from '../agent-client.ts';

const LOOK_MS = 200;

/** absent: no agent runs on this folder. never: it was not so for as long as one waits. */
export async function untilAgent(
  folder: string,
  isSo: (state: Snapshot) => boolean,
): Promise<'done' | 'absent' | 'never'> {
  const endpoint = await findAgent(folder);
  if (endpoint === null) return 'absent';
  const client = agentClient(endpoint);
  for (let waited = 0; waited < PAUSE_WAIT_MS; waited += LOOK_MS) {
    const state = await client.status();
    if (state !== null && isSo(state)) return 'done';
    await wait(LOOK_MS);
  }
  return 'never';
}
