// The agent as one program: nothing that comes in over its listener ends it, and it ends in order.
import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import axios from 'axios';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Agent, startAgent } from '../../main/agent.ts';
import { openIdentity, readIdentity } from '../../main/data-folder.ts';
import { openReader } from '../../storage/reader.ts';
import { temporaryFolder } from '../temporary.ts';

const NO_BROKER = 'mqtt://127.0.0.1:1';

async function start(folder: string, port = 0): Promise<Agent> {
  const agent = await startAgent({
    folder,
    store: 'S001',
    broker: NO_BROKER,
    port,
    log: pino({ level: 'silent' }),
    onFault: (error) => {
      throw error;
    },
  });
  onTestFinished(() => agent.stop());
  return agent;
}

const portOf = (agent: Agent): number => Number(new URL(agent.url).port);

/** The first line of the answer to bytes as they are. */
function say(agent: Agent, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(portOf(agent), '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard.split('\r\n', 1)[0] ?? ''));
  });
}

async function isAlive(agent: Agent, folder: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${readIdentity(folder)?.token}` };
  const { status } = await axios.get(`${agent.url}/v1/status`, { headers, proxy: false });
  return status === 200;
}

test.each(['/%E0%A4%A', '//', 'http://[', '/%00', '*', '/../../package.json', '/%2e%2e/%2e%2e/package.json'])(
  'asking for %s is answered and harms nothing',
  async (target) => {
    const folder = temporaryFolder();
    const agent = await start(folder);
    const answer = await say(agent, `GET ${target} HTTP/1.1\r\nhost: 127.0.0.1:${portOf(agent)}\r\n\r\n`);
    expect(answer).toBe('HTTP/1.1 404 Not Found');
    expect(await isAlive(agent, folder)).toBe(true);
  },
);

test('a window that says nonsense is cut off, and nothing else', async () => {
  const folder = temporaryFolder();
  const agent = await start(folder);
  const origin = `http://127.0.0.1:${portOf(agent)}`;
  const protocols = ['tillwire', `token.${readIdentity(folder)?.windowToken}`];
  const nonsense: ((ws: WebSocket) => void)[] = [
    (ws) => ws.send('x'.repeat(300_000)),
    // Behind the library's back: bytes that are no frame.
    (ws) => (ws as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(Buffer.alloc(64, 0xff)),
  ];
  for (const talk of nonsense) {
    const ws = new WebSocket(`ws://127.0.0.1:${portOf(agent)}/rpc`, protocols, { origin });
    ws.on('error', () => {});
    const closed = new Promise((resolve) => ws.once('close', resolve));
    await new Promise((resolve) => ws.once('open', resolve));
    talk(ws);
    await closed;
  }
  expect(await isAlive(agent, folder)).toBe(true);
});

test('a port that another program has is told, and the folder is free again', async () => {
  const folder = temporaryFolder();
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(start(folder, port)).rejects.toThrow(`Another program has port ${port}`);
  const agent = await start(folder);
  expect(await isAlive(agent, folder)).toBe(true);
});

test('what is asked while the agent ends is answered or unknown, never lost', async () => {
  const folder = temporaryFolder();
  openIdentity(folder, { store: 'S001' });
  const agent = await start(folder);
  const headers = { authorization: `Bearer ${readIdentity(folder)?.token}` };
  const told: number[] = [];
  const post = async (receipt: number): Promise<void> => {
    const sale = {
      ...{ kind: 'sale', workstation: 'T1', receipt: String(receipt), businessDate: '2026-11-21' },
      ...{ occurred: '2026-11-21T10:00:00Z', lines: [{ sku: 'A', quantity: 1 }] },
    };
    const key = { ...headers, 'idempotency-key': `k${receipt}` };
    const answer = await axios.post(`${agent.url}/v1/transactions`, sale, { headers: key, proxy: false });
    if (answer.status === 201) told.push(receipt);
  };
  await post(0);
  const posting = Promise.allSettled(Array.from({ length: 200 }, (_, index) => post(index + 1)));
  await agent.stop();
  await posting;
  expect(existsSync(join(folder, 'endpoint.json'))).toBe(false);
  const reader = openReader(folder);
  onTestFinished(() => reader.close());
  const lost = told.filter((receipt) => reader.findReceipt(String(receipt)).length !== 1);
  expect(lost).toEqual([]);
});
