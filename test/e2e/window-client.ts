// The store window's contract over its WebSocket, as a browser speaks it.
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { readIdentity } from '../../main/data-folder.ts';
import type { windowContract } from '../../protocol/local/window.ts';
import type { AgentHandle } from './world.ts';

export type WindowClient = ContractRouterClient<typeof windowContract>;

/** Opens a window on a running agent. */
export async function openWindow({
  url,
  folder,
}: Pick<AgentHandle, 'url' | 'folder'>): Promise<{ client: WindowClient; close(): void }> {
  const token = readIdentity(folder)?.windowToken ?? '';
  const line = new WebSocket(`${url.replace('http', 'ws')}/rpc`, ['tillwire', `token.${token}`], { origin: url });
  await new Promise((resolve, reject) => line.once('open', resolve).once('error', reject));
  const client: WindowClient = createORPCClient(new RPCLink({ websocket: line as unknown as globalThis.WebSocket }));
  return { client, close: () => line.terminate() };
}
