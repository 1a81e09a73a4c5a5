// A window that is told much and says nothing is cut off; one that says now and then that it reads is not.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { RELAY_MESSAGE_BYTES_MAX } from '../../core/limits/desktop.ts';
import { WINDOW_MESSAGE_BYTES_MAX } from '../../core/limits.ts';
import { type RelayPort, relay } from '../../main/desktop-parts/relay.ts';

const MEGABYTE = 1024 * 1024;
/** A little more than may lie unread. */
const MESSAGES = RELAY_MESSAGE_BYTES_MAX / MEGABYTE + 3;

/** `onTold` is what the window does with each message. */
async function open(onTold: (say: (message: unknown) => void) => void) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'tillwire' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  let told = 0;
  let say: (event: { data: unknown }) => void = () => {};
  const port: RelayPort = {
    on(event: string, listener: (event: { data: unknown }) => void) {
      if (event === 'message') say = listener;
    },
    postMessage() {
      told += 1;
      onTold((data) => say({ data }));
    },
    start: () => {},
    close: () => {},
  };
  const { port: number } = server.address() as AddressInfo;
  const { promise: ended, resolve } = Promise.withResolvers<true>();
  const connected = once(server, 'connection') as Promise<[WebSocket]>;
  const end = relay(port, { url: `http://127.0.0.1:${number}`, windowToken: 'known' }, () => resolve(true));
  onTestFinished(end);
  const [socket] = await connected;
  return { socket, ended, told: () => told, say: (data: unknown) => say({ data }) };
}

test('told more than may lie unread, without a word of its own', async () => {
  const { socket, ended, told } = await open(() => {});
  for (let sent = 0; sent < MESSAGES; sent += 1) socket.send('x'.repeat(MEGABYTE));
  expect(await ended).toBe(true);
  expect(told()).toBeLessThan(MESSAGES);
});

test('a window that says that it reads is told all of it', async () => {
  let count = 0;
  const { promise: all, resolve } = Promise.withResolvers<true>();
  const { socket, told } = await open((say) => {
    count += 1;
    if (count % 8 === 0) say('{"i":"1","p":{"u":"/heard"}}');
    if (count === MESSAGES) resolve(true);
  });
  for (let sent = 0; sent < MESSAGES; sent += 1) socket.send('x'.repeat(MEGABYTE));
  expect(await all).toBe(true);
  expect(told()).toBe(MESSAGES);
});

test('a window that says more at once than a message may hold is cut off', async () => {
  const { ended, say } = await open(() => {});
  say('x'.repeat(WINDOW_MESSAGE_BYTES_MAX + 1));
  expect(await ended).toBe(true);
});
