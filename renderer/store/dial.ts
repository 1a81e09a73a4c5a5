// The one place that decides how the window reaches the agent: a port from the desktop program, else a WebSocket.
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { WINDOW_PORT_WAIT_MS } from '../../core/limits/window.ts';
import { WINDOW_MESSAGE_BYTES_MAX, WINDOW_PAGE_WAIT_MS } from '../../core/limits.ts';
import { AGENT_PORT, isAgentTrouble } from '../../protocol/local/desktop-page.ts';
import type { windowContract } from '../../protocol/local/window.ts';
import { protocolsFor } from './token.ts';

export type Client = ContractRouterClient<typeof windowContract>;

/** A conversation with the agent. Questions that are open when it ends fail. */
export type Line = { client: Client; close(): void; ended: Promise<void> };

export type Hears = {
  /** A line is there; it takes the place of one before. In the desktop program one may also come unasked. */
  onLine(line: Line): void;
  /** absent: nothing answers. refused: the token is not the right one. */
  onNone(why: 'absent' | 'refused'): void;
  /** Why there is no agent, in the desktop program's own sentence; null when that is over. */
  onTrouble(sentence: string | null): void;
};

/** What a page of the desktop program has, from its preload. */
type Desktop = { requestAgentPort(): void };
export type Page = Pick<Window, 'addEventListener' | 'location'> & { desktop?: Desktop | undefined };

/** A question that would be cut off on its way (L11): nothing of it was sent. */
export class TooLarge extends Error {
  override name = 'TooLarge';
}

/** How to ask for a line, as often as one likes; null where the page has no key and no desktop program around it. */
export function dialler(page: Page, token: string | null, hears: Hears): (() => void) | null {
  const { desktop } = page;
  if (desktop !== undefined) return dialByPort(page, desktop, hears);
  return token === null ? null : () => dialBySocket(page, token, hears);
}

function dialByPort(page: Page, desktop: Desktop, hears: Hears): () => void {
  let patience: ReturnType<typeof setTimeout> | undefined;
  page.addEventListener('message', (event) => {
    const { source, data, ports } = event;
    if (source !== page) return;
    const [port] = ports;
    if (data === AGENT_PORT && port !== undefined) {
      clearTimeout(patience);
      hears.onLine(overPort(port));
    } else if (isAgentTrouble(data)) hears.onTrouble(data.sentence);
  });
  return () => {
    clearTimeout(patience);
    patience = setTimeout(() => hears.onNone('absent'), WINDOW_PORT_WAIT_MS);
    desktop.requestAgentPort();
  };
}

function overPort(port: MessagePort): Line {
  const { line, hear, broke } = openLine({ say: (message) => port.postMessage(message), hangUp: () => port.close() });
  port.addEventListener('message', ({ data }) => hear(data));
  port.addEventListener('close', broke);
  port.start();
  return line;
}

function dialBySocket({ location }: Page, token: string, hears: Hears): void {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = new WebSocket(`${scheme}://${location.host}/rpc`, protocolsFor(token));
  let ended = async (): Promise<void> => hears.onNone((await serverAnswers(location)) ? 'refused' : 'absent');
  socket.addEventListener('open', () => {
    const { line, hear, broke } = openLine({
      say: (message) => socket.send(message),
      hangUp: () => socket.close(),
    });
    ended = async () => broke();
    socket.addEventListener('message', ({ data }) => hear(data));
    hears.onLine(line);
  });
  socket.addEventListener('close', () => void ended());
}

/** True where something serves this page: then a refused WebSocket means a refused token. */
async function serverAnswers({ pathname }: Location): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(WINDOW_PAGE_WAIT_MS);
    await fetch(pathname, { method: 'HEAD', cache: 'no-store', signal });
    return true;
  } catch {
    return false;
  }
}

/** Both ways carry the same messages, so that one link serves both. A line that is closed here ends at once. */
function openLine(wire: { say(message: string): void; hangUp(): void }) {
  const hearers: ((message: unknown) => void)[] = [];
  const enders: (() => void)[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let isOpen = true;

  function broke(): void {
    if (!isOpen) return;
    isOpen = false;
    for (const end of enders) end();
    resolve();
  }
  function say(message: unknown): void {
    if (!isOpen || typeof message !== 'string') throw new Error('The line has ended.');
    if (bytesOf(message) > WINDOW_MESSAGE_BYTES_MAX) throw new TooLarge('The question is too large.');
    wire.say(message);
  }
  const link = new RPCLink({
    port: {
      postMessage: say,
      onMessage: { addListener: (hear) => void hearers.push(hear) },
      onDisconnect: { addListener: (end) => void enders.push(end) },
    },
  });
  const line: Line = {
    client: createORPCClient(link),
    ended,
    close() {
      wire.hangUp();
      broke();
    },
  };
  const hear = (message: unknown): void => {
    for (const each of hearers) each(message);
  };
  return { line, hear, broke };
}

function bytesOf(text: string): number {
  // Most are short: three bytes a character is the most there can be.
  if (text.length * 3 <= WINDOW_MESSAGE_BYTES_MAX) return text.length;
  return new TextEncoder().encode(text).length;
}
