// Posts to an agent as a till does: with a key, and again until it is answered.
import axios, { isAxiosError } from 'axios';
import { KeptOutput } from '../../protocol/local/transaction.ts';
import type { AgentHandle } from './world.ts';

export type Posted = { status: number; kept: KeptOutput };

export async function post(
  agent: Pick<AgentHandle, 'url' | 'token'>,
  path: string,
  body: object,
  key: string,
): Promise<Posted> {
  const headers = { authorization: `Bearer ${agent.token}`, 'idempotency-key': key };
  const answer = await axios.post<unknown>(`${agent.url}/v1/${path}`, body, { headers, timeout: 5_000, proxy: false });
  return { status: answer.status, kept: KeptOutput.parse(answer.data) };
}

/** Until it is kept: an error or no answer means "unknown", so the same key goes out again (L1). */
export async function postUntilKept(agent: AgentHandle, path: string, body: object, key: string): Promise<KeptOutput> {
  for (;;) {
    try {
      return (await post(agent, path, body, key)).kept;
    } catch (error) {
      const status = isAxiosError(error) ? error.response?.status : undefined;
      if (status !== undefined && status < 500) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
