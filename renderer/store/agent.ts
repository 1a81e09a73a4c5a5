// The conversation with the agent on this PC, as signals: comes back by itself whenever it breaks.
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { type ReadonlySignal, signal } from '@preact/signals';
import { nextWaitMs } from '../../core/backoff.ts';
import { WINDOW_PAGE_WAIT_MS, WINDOW_REDIAL_WAIT_MS_MAX, WINDOW_REPLY_WAIT_MS } from '../../core/limits.ts';
import type { Snapshot, windowContract } from '../../protocol/local/window.ts';
import { protocolsFor } from './token.ts';

type Client = ContractRouterClient<typeof windowContract>;

/** absent: the program does not answer. refused: it answers, but not to this token. no-key: the page has no token. */
export type Connection = 'opening' | 'open' | 'absent' | 'refused' | 'no-key';

export type Agent = {
  /** Null where the page has none. */
  token: string | null;
  connection: ReadonlySignal<Connection>;
  /** By this window's clock. */
  connectionSinceMs: ReadonlySignal<number>;
  snapshot: ReadonlySignal<Snapshot | null>;
  /** Agent's clock less this window's. */
  offsetMs: ReadonlySignal<number>;
  /** One question. Null where the agent is not there, does not answer in time or answers with an error. */
  ask: <Answer>(question: (client: Client, signal: AbortSignal) => Promise<Answer>) => Promise<Answer | null>;
};

/** True where something serves this page: then a refused WebSocket means a refused token. */
async function serverAnswers(): Promise<boolean> {
  try {
    await fetch(location.pathname, {
      method: 'HEAD',
      cache: 'no-store',
      signal: AbortSignal.timeout(WINDOW_PAGE_WAIT_MS),
    });
    return true;
  } catch {
    return false;
  }
}

function addressOf(page: Location): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/rpc`;
}

/** Lives as long as the page: dials, follows the state, dials again. */
export function connectAgent(token: string | null): Agent {
  const connection = signal<Connection>(token === null ? 'no-key' : 'opening');
  const connectionSinceMs = signal(Date.now());
  const snapshot = signal<Snapshot | null>(null);
  const offsetMs = signal(0);
  let socket: WebSocket | null = null;
  let client: Client | null = null;
  let waitMs = 0;

  function become(next: Connection): void {
    if (connection.value === next) return;
    connection.value = next;
    connectionSinceMs.value = Date.now();
  }

  async function follow(of: Client, on: WebSocket): Promise<void> {
    try {
      for await (const state of await of.watch()) {
        offsetMs.value = state.nowMs - Date.now();
        snapshot.value = state;
        waitMs = 0;
        become('open');
      }
    } catch {
      // The stream ends with the line; closing the socket below is what starts the next call.
    }
    on.close();
  }

  async function lost(wasOpen: boolean): Promise<void> {
    client = null;
    const refused = !wasOpen && (await serverAnswers());
    become(refused ? 'refused' : 'absent');
    waitMs = Math.min(WINDOW_REDIAL_WAIT_MS_MAX, nextWaitMs(waitMs, Math.random()));
    setTimeout(dial, waitMs);
  }

  function dial(): void {
    if (token === null) return;
    let wasOpen = false;
    const line = new WebSocket(addressOf(location), protocolsFor(token));
    const speaker: Client = createORPCClient(new RPCLink({ websocket: line }));
    socket = line;
    line.addEventListener('open', () => {
      wasOpen = true;
      client = speaker;
      void follow(speaker, line);
    });
    line.addEventListener('close', () => void lost(wasOpen), { once: true });
  }

  async function ask<Answer>(question: (c: Client, s: AbortSignal) => Promise<Answer>): Promise<Answer | null> {
    const asked = client;
    const line = socket;
    if (asked === null) return null;
    const limit = AbortSignal.timeout(WINDOW_REPLY_WAIT_MS);
    try {
      return await question(asked, limit);
    } catch {
      if (limit.aborted && line === socket) {
        become('absent');
        line?.close();
      }
      return null;
    }
  }

  dial();
  return { token, connection, connectionSinceMs, snapshot, offsetMs, ask };
}
