// The background process as its main sees it, and windows on the other ends of its ports, all in this process.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import pino from 'pino';
import { onTestFinished } from 'vitest';
import { makeBackground } from '../../main/desktop-parts/background.ts';
import type { RelayPort } from '../../main/desktop-parts/relay.ts';
import { type Begin, FromBackground, type Standing, type ToBackground } from '../../protocol/local/desktop.ts';
import type { windowContract } from '../../protocol/local/window.ts';
import { electronPort } from './electron-port.ts';

export type WindowClient = ContractRouterClient<typeof windowContract>;

/** A window's end of a channel. `closed` once the other end is gone. */
export function windowEnd(port: MessagePort): { client: WindowClient; port: MessagePort; closed: Promise<void> } {
  const closed = new Promise<void>((resolve) => port.once('close', () => resolve()));
  // Node hands over bare messages, as pages get them in an event.
  const shaped = {
    addEventListener: (event: string, listener: (event: unknown) => void) =>
      void port.on(event, (data) => listener({ data })),
    postMessage: (message: unknown) => port.postMessage(message),
  };
  const client: WindowClient = createORPCClient(new RPCLink({ port: shaped as unknown as globalThis.MessagePort }));
  return { client, port, closed };
}

export function startBackground(begin: Omit<Begin, 'kind'>, onKey: (() => ToBackground) | null = null) {
  const said: FromBackground[] = [];
  const exits: number[] = [];
  const background = makeBackground({
    send(message) {
      said.push(FromBackground.parse(message));
      if (message.kind === 'key-wanted' && onKey !== null) background.take(onKey(), []);
    },
    exit: (code) => exits.push(code),
    lookMs: 20,
    log: pino({ level: 'silent' }),
  });
  const take = (message: unknown, ports: RelayPort[] = []): void => background.take(message, ports);
  const end = async (): Promise<void> => {
    take({ kind: 'end' });
    while (exits.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  onTestFinished(end);
  take({ kind: 'begin', ...begin });
  return {
    said,
    exits,
    take,
    end,
    kinds: () =>
      said.map((message) => ('mode' in message ? message.mode : 'why' in message ? message.why : message.kind)),
    standing: (): Standing | undefined => said.findLast((message) => message.kind === 'standing')?.standing,
    openWindow() {
      const { port1, port2 } = new MessageChannel();
      take({ kind: 'window' }, [electronPort(port1)]);
      const end = windowEnd(port2);
      onTestFinished(() => port2.close());
      return end;
    },
  };
}
