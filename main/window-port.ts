// A store window over a message port, with the bounds that a WebSocket has: nonsense, or nothing read, closes it (L11).
import { RPCHandler } from '@orpc/server/ws';
import { WINDOW_MESSAGE_BYTES_MAX, WINDOW_UNREAD_BYTES_MAX } from '../core/limits.ts';
import type { WindowRouter } from './window.ts';

/** Shaped as Electron's MessagePortMain. */
export type WindowPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

/** Serves until the other side closes it, or `close` is called. */
export function serveWindowPort(router: WindowRouter, port: WindowPort): { close(): void } {
  const hears = new Set<(event: { data: unknown }) => void>();
  const ends = new Set<() => void>();
  let isOpen = true;
  // A port does not tell what lies unread in it: a window that reads says so (`heard`).
  let unread = 0;

  function ended(): void {
    if (!isOpen) return;
    isOpen = false;
    for (const end of ends) end();
  }
  function close(): void {
    port.close();
    ended();
  }
  port.on('close', ended);
  port.on('message', (event) => {
    if (!isOpen) return;
    unread = 0;
    if (typeof event.data === 'string' && Buffer.byteLength(event.data) <= WINDOW_MESSAGE_BYTES_MAX) {
      for (const hear of hears) hear(event);
    } else close();
  });
  // Of the two handlers this one survives what is no message of the contract; both speak the same.
  void new RPCHandler(router).upgrade({ send, addEventListener: listen }, { context: {} });
  port.start();
  return { close };

  function send(message: unknown): void {
    if (!isOpen) return;
    unread += typeof message === 'string' ? message.length : WINDOW_UNREAD_BYTES_MAX;
    if (unread < WINDOW_UNREAD_BYTES_MAX) port.postMessage(message);
    else close();
  }
  function listen(event: string, listener: unknown): void {
    if (typeof listener !== 'function') return;
    if (event === 'message') hears.add((heard) => void listener(heard));
    if (event === 'close') ends.add(() => void listener());
  }
}
