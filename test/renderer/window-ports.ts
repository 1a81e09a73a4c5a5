// The desktop program around a page, in Node: real message ports, the agent's real router behind them.
import { MessageChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { RPCHandler } from '@orpc/server/message-port';
import { onTestFinished } from 'vitest';
import { makeChanges } from '../../main/rooms/parts.ts';
import { systemClock } from '../../main/runtime.ts';
import { type WindowRouter, windowRouter } from '../../main/window.ts';
import { NO_SETTINGS } from '../../protocol/settings.ts';
import { type Agent, connectAgent } from '../../renderer/store/agent.ts';
import type { Page } from '../../renderer/store/dial.ts';
import { startStorage } from '../../storage/client.ts';

/** `router`: of an agent that has no line to central, started then. */
export type Routers = { router: (startedMs: number) => WindowRouter; close: () => Promise<void> };

export async function openRouter(folder: string): Promise<Routers> {
  const storage = await startStorage({ folder, store: 'S001' });
  const parts = {
    ...{
      storage,
      clock: systemClock,
      changes: makeChanges(),
      settings: { now: () => NO_SETTINGS, problem: () => null },
    },
    uplink: {
      state: () => ({ line: 'offline' as const, sinceMs: 0, reason: null, trial: false, renewedMs: null, inFlight: 0 }),
    },
  };
  return { router: (startedMs) => windowRouter({ ...parts, startedMs }), close: storage.close };
}

export type DesktopPage = {
  agent: Agent;
  /** How often the page asked for a port. */
  asks: () => number;
  /** Gives the page a port that the router answers at the other end; the latter is returned. */
  give: (router: WindowRouter) => NodePort;
  /** Gives it a port at whose other end nobody is; the latter is returned. */
  giveSilent: () => NodePort;
  post: (data: unknown, from?: 'page' | 'elsewhere') => void;
};

/** A page with `window.desktop`; `onAsk` is what main does when it asks for a port. */
export function openDesktopPage(onAsk: (page: DesktopPage) => void): DesktopPage {
  const listeners: ((event: { source: unknown; data: unknown; ports: NodePort[] }) => void)[] = [];
  const given: NodePort[] = [];
  let asks = 0;
  let isOver = false;
  // The page's agent lives as long as the page, which here is for ever: it gets nothing any more.
  onTestFinished(() => {
    isOver = true;
    for (const port of given) port.close();
  });
  const send = (source: unknown, data: unknown, ports: NodePort[] = []): void => {
    for (const listener of listeners) listener({ source, data, ports });
  };
  const channel = (): NodePort => {
    const { port1, port2 } = new MessageChannel();
    given.push(port1);
    // Main's message reaches the page later than its question is asked.
    queueMicrotask(() => send(shape, 'agent-port', [port2]));
    return port1;
  };
  const shape = {
    location: { protocol: 'app:', host: 'store', pathname: '/' },
    addEventListener: (_type: string, listener: (typeof listeners)[number]) => void listeners.push(listener),
    desktop: {
      requestAgentPort: () => {
        asks += 1;
        queueMicrotask(() => {
          if (!isOver) onAsk(page);
        });
      },
    },
  };
  const page: DesktopPage = {
    agent: connectAgent(shape as unknown as Page, null),
    asks: () => asks,
    give(router) {
      const port = channel();
      new RPCHandler(router).upgrade(port);
      port.start();
      return port;
    },
    giveSilent: channel,
    post: (data, from = 'page') => send(from === 'page' ? shape : {}, data),
  };
  return page;
}
