// A window's port and the agent's WebSocket become one line: what one says the other hears, and they end together.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { WINDOW_MESSAGE_BYTES_MAX } from '../../core/limits.ts';
import { relay } from '../../main/desktop-parts/relay.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import { until } from '../wait.ts';
import { electronPort } from './electron-port.ts';

/** An agent that does nothing by itself, and a window that is joined to it. */
async function join(): Promise<{
  agent: WebSocket;
  heard: unknown[];
  window: MessagePort;
  answers: unknown[];
  ends: () => number;
}> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/rpc' });
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  const heard: unknown[] = [];
  const connected = once(sockets, 'connection');
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer, isBinary) => heard.push(isBinary ? [...data] : String(data))),
  );
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port2.close());
  // Said before there is a line.
  port2.postMessage('first');
  let ended = 0;
  relay(electronPort(port1), { url, windowToken: 'secret' }, () => ended++);
  const answers: unknown[] = [];
  port2.on('message', (message) => answers.push(message));
  const [agent, request] = await connected;
  expect(request.headers).toMatchObject({ origin: url, 'sec-websocket-protocol': 'tillwire,token.secret' });
  return { agent, heard, window: port2, answers, ends: () => ended };
}

test('what is said before the agent hears is not lost; text stays text, bytes stay bytes', async () => {
  const { agent, heard, window, answers } = await join();
  window.postMessage('second');
  window.postMessage(new Uint8Array([1, 2]));
  window.postMessage(new Uint8Array([3]).buffer);
  await until(() => expect(heard).toEqual(['first', 'second', [1, 2], [3]]));
  agent.send('answer');
  agent.send(Buffer.from([4, 5]));
  await until(() => expect(answers).toEqual(['answer', new Uint8Array([4, 5])]));
});

test('where the agent cuts one window off, that window loses its port', async () => {
  const { agent, window, ends } = await join();
  agent.terminate();
  await once(window, 'close');
  expect(ends()).toBe(1);
});

test('a window that goes takes its line with it', async () => {
  const { agent, window, ends } = await join();
  window.close();
  await once(agent, 'close');
  expect(ends()).toBe(1);
});

test.each<[string, unknown]>([
  ['a number', 5],
  ['an object', { kind: 'begin' }],
  ['too long a text', 'x'.repeat(WINDOW_MESSAGE_BYTES_MAX + 1)],
  ['too many bytes', new Uint8Array(WINDOW_MESSAGE_BYTES_MAX + 1)],
])('%s is passed to nobody, and ends the line', async (_what, message) => {
  const { heard, window } = await join();
  await until(() => expect(heard).toEqual(['first']));
  window.postMessage(message);
  await once(window, 'close');
  expect(heard).toEqual(['first']);
});
