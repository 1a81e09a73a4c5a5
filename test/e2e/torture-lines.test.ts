// Lines to the agent that mean harm: slow ones, half ones, huge headers, many at once. Others are answered meanwhile.
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import axios from 'axios';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { HEADERS_BYTES_MAX } from '../../core/limits/files.ts';
import { LOCAL_CONNECTIONS_MAX } from '../../core/limits.ts';
import { startAgent } from '../../main/agent.ts';
import { readIdentity } from '../../main/data-folder.ts';
import { sale } from '../capture/door.ts';
import { temporaryFolder } from '../temporary.ts';

async function start() {
  const folder = join(temporaryFolder(), 'data');
  const faults: Error[] = [];
  const agent = await startAgent({
    ...{ folder, store: 'S001', broker: 'mqtt://127.0.0.1:1', port: 0, log: pino({ level: 'silent' }) },
    onFault: (error) => faults.push(error),
  });
  onTestFinished(() => agent.stop());
  const port = Number(new URL(agent.url).port);
  const token = readIdentity(folder)?.token ?? '';
  const sell = async (receipt: string): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': `k${receipt}` };
    const { status } = await axios.post(`${agent.url}/v1/transactions`, sale(receipt), { headers, proxy: false });
    return status;
  };
  const head = (receipt: string, length: number): string =>
    [
      `POST /v1/transactions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}`,
      `content-type: application/json\r\nidempotency-key: k${receipt}\r\ncontent-length: ${length}\r\n\r\n`,
    ].join('\r\n');
  return { port, sell, head, faults };
}

type Line = { socket: Socket; heard(): string; ended: Promise<string> };

async function open(port: number, bytes: string): Promise<Line> {
  let heard = '';
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    heard += chunk;
  });
  socket.on('error', () => {});
  const ended = new Promise<string>((resolve) => socket.on('close', () => resolve(heard)));
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended]);
  socket.write(bytes);
  return { socket, heard: () => heard, ended };
}

const statusesOf = (heard: string): string[] => heard.match(/HTTP\/1\.1 \d+/g) ?? [];

test('slow and half bodies keep nobody waiting, and nothing of them is kept', async () => {
  const { port, sell, head, faults } = await start();
  const lines = await Promise.all(
    Array.from({ length: 50 }, (_, n) => open(port, `${head(`slow${n}`, 1_000)}{"kind":"sale",`)),
  );
  for (let n = 0; n < 20; n++) expect(await sell(`meanwhile-${n}`)).toBe(201);
  for (const { socket } of lines.slice(0, 25)) socket.destroy();
  for (const { socket } of lines.slice(25)) socket.end();
  expect(await sell('after')).toBe(201);
  await Promise.all(lines.map(({ ended }) => ended));
  expect(lines.flatMap(({ heard }) => statusesOf(heard())).filter((status) => status.endsWith('201'))).toEqual([]);
  expect([await sell('slow0'), faults]).toEqual([201, []]);
});

test('slow headers keep nobody waiting', async () => {
  const { port, sell } = await start();
  await Promise.all(Array.from({ length: 50 }, () => open(port, 'POST /v1/transactions HTTP/1.1\r\nhost: 127')));
  expect(await sell('meanwhile')).toBe(201);
});

test('huge headers, too many of them, and nonsense are cut off', async () => {
  const { port, sell } = await start();
  const huge = await open(port, `GET / HTTP/1.1\r\nx: ${'x'.repeat(HEADERS_BYTES_MAX + 1)}\r\n\r\n`);
  expect(statusesOf(await huge.ended)).toEqual(['HTTP/1.1 431']);
  const target = await open(port, `GET /${'x'.repeat(HEADERS_BYTES_MAX + 1)} HTTP/1.1\r\n\r\n`);
  expect(statusesOf(await target.ended)).toEqual(['HTTP/1.1 431']);
  const many = await open(port, `GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${'a: b\r\n'.repeat(20_000)}\r\n`);
  await expect.poll(() => statusesOf(many.heard())[0] ?? '').toMatch(/431|200|404/);
  const smuggled = await open(
    port,
    `POST /v1/transactions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  );
  expect(statusesOf(await smuggled.ended)).toEqual(['HTTP/1.1 400']);
  const nonsense = await open(port, '\u0000\u0001\r\n\r\n');
  expect(statusesOf(await nonsense.ended)).toEqual(['HTTP/1.1 400']);
  expect(await sell('after')).toBe(201);
});

test('requests that are sent without waiting for answers are answered in order', async () => {
  const { port, head } = await start();
  const bodies = Array.from({ length: 20 }, (_, n) => JSON.stringify(sale(n % 2 === 0 ? `p${n}` : '')));
  const line = await open(port, bodies.map((body, n) => head(`p${n}`, Buffer.byteLength(body)) + body).join(''));
  await expect.poll(() => statusesOf(line.heard()).length).toBe(20);
  expect(statusesOf(line.heard())).toEqual(bodies.map((_body, n) => `HTTP/1.1 ${n % 2 === 0 ? 201 : 400}`));
});

test('more lines than are taken are refused, and when they go others come in', async () => {
  const { port, sell } = await start();
  const lines = await Promise.all(Array.from({ length: LOCAL_CONNECTIONS_MAX + 20 }, () => open(port, '')));
  await expect.poll(() => lines.filter(({ socket }) => socket.destroyed).length).toBeGreaterThanOrEqual(20);
  for (const { socket } of lines) socket.destroy();
  await expect.poll(() => sell('after').catch(() => 0)).toBe(201);
});
