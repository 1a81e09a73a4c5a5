// The line between an agent and its broker: bytes pass both ways until it is pulled.
import { connect, createServer, type Socket } from 'node:net';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { listenOnLoopback } from '../../main/loopback.ts';
import { type Carry, type Line, openLine } from '../../main/sample/line.ts';
import { freePort } from '../net.ts';
import { until } from '../wait.ts';

let target = 0;
/** A server that says everything back. */
beforeEach(async () => {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  target = await listenOnLoopback(server);
  onTestFinished(() => void server.close());
});

async function line(port: number, onConnection?: () => Carry): Promise<Line> {
  const opened = await openLine(port, onConnection);
  onTestFinished(() => opened.close());
  return opened;
}

type Client = { socket: Socket; heard: string; closed: boolean };

function dial(port: number): Client {
  const client: Client = { socket: connect(port, '127.0.0.1'), heard: '', closed: false };
  client.socket.on('data', (bytes) => {
    client.heard += bytes;
  });
  client.socket.on('error', () => {});
  client.socket.on('close', () => {
    client.closed = true;
  });
  onTestFinished(() => void client.socket.destroy());
  return client;
}

test('bytes pass both ways', async () => {
  const client = dial((await line(target)).port);
  client.socket.write('hello');
  await until(() => expect(client.heard).toBe('hello'));
});

test('pulled, it cuts what is open and takes nothing new; plugged, it works again', async () => {
  const opened = await line(target);
  const before = dial(opened.port);
  before.socket.write('hello');
  await until(() => expect(before.heard).toBe('hello'));
  opened.pull();
  await until(() => expect(before.closed).toBe(true));
  const during = dial(opened.port);
  await until(() => expect(during.closed).toBe(true));
  opened.plug();
  const after = dial(opened.port);
  after.socket.write('again');
  await until(() => expect(after.heard).toBe('again'));
});

test('one end that goes away takes the other with it', async () => {
  const client = dial((await line(await freePort())).port);
  await until(() => expect(client.closed).toBe(true));
});

test('bytes travel as the test says', async () => {
  const opened = await line(target, () => (to, cut) => (bytes) => {
    if (bytes.toString() === 'cut') cut();
    else to.write(bytes.toString().toUpperCase());
  });
  const client = dial(opened.port);
  client.socket.write('hello');
  await until(() => expect(client.heard).toBe('HELLO'));
  client.socket.write('cut');
  await until(() => expect(client.closed).toBe(true));
});
