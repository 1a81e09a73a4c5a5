// Both ways to a broker against the same contract, and what is special about each.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { Aedes } from 'aedes';
import { expect, test, vi } from 'vitest';
import { startBroker } from '../../main/broker.ts';
import { listenOnLoopback } from '../../main/loopback.ts';
import type { Dial } from '../../protocol/wire/link.ts';
import { makeWorkerDial, startLinkWorker } from '../../sync/link-client.ts';
import { dialMqtt, LINK_BOUNDS, makeMqttDial } from '../../sync/mqtt-link.ts';
import { makePacketGuard } from '../../sync/packet-guard.ts';
import { needProgram } from '../needs.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';
import { linkContract } from './link.contract.ts';

const HASTY = { ...LINK_BOUNDS, dialWaitMs: 200 };
const inWorker = (bounds = LINK_BOUNDS): Dial =>
  makeWorkerDial({ start: () => startLinkWorker(bounds), closeWaitMs: 5_000 });

linkContract('MQTT.js in this thread', () => ({ dial: dialMqtt, hasty: makeMqttDial(HASTY) }));
linkContract('MQTT.js in a worker', () => ({ dial: inWorker(), hasty: inWorker(HASTY) }));

function open(dial: Dial, url: string) {
  const heard = { ups: 0, downs: [] as string[] };
  const events = { up: () => void heard.ups++, down: (reason: string) => void heard.downs.push(reason), message() {} };
  const link = dial({ url, clientId: 'client', subscriptions: ['down'] }, events);
  return { link, heard };
}

test('small packets are sent at once: Nagle is off on the socket itself', async () => {
  const { url, port, stop } = await startBroker();
  const spy = vi.spyOn(Socket.prototype, 'setNoDelay');
  const { link, heard } = open(dialMqtt, url);
  await until(() => expect(heard.ups).toBe(1));
  const ours = spy.mock.contexts.findIndex((socket) => socket instanceof Socket && socket.remotePort === port);
  expect(spy.mock.calls[ours]).toEqual([true]);
  spy.mockRestore();
  link.close();
  await stop();
});

test('a worker that crashes is a line that went down; the next dial has a fresh one (F59)', async () => {
  const { url, stop } = await startBroker();
  const workers: Worker[] = [];
  const start = (): Worker => {
    const worker = startLinkWorker(LINK_BOUNDS);
    workers.push(worker);
    return worker;
  };
  const dial = makeWorkerDial({ start, closeWaitMs: 5_000 });
  const first = open(dial, url);
  await until(() => expect(first.heard.ups).toBe(1));
  const unanswered = first.link.publish('down', Buffer.from('x')).catch((error: Error) => error.message);
  await workers[0]?.terminate();
  await until(() => expect(first.heard.downs).toHaveLength(1));
  expect(await Promise.race([unanswered, 'still waiting'])).not.toBe('still waiting');
  const second = open(dial, url);
  await until(() => expect(second.heard.ups).toBe(1));
  expect(workers).toHaveLength(2);
  second.link.close();
  await stop();
});

test('a worker that hangs is ended, and a closed line is down at once all the same', async () => {
  const { url, stop } = await startBroker();
  const workers: Worker[] = [];
  const start = (): Worker => {
    const worker = workers.length === 0 ? new Worker('for (;;) {}', { eval: true }) : startLinkWorker(LINK_BOUNDS);
    workers.push(worker);
    return worker;
  };
  const dial = makeWorkerDial({ start, closeWaitMs: 20 });
  const ended = new Promise((resolve) => open(dial, url).link.close() ?? workers[0]?.once('exit', resolve));
  await ended;
  const { link, heard } = open(dial, url);
  await until(() => expect(heard.ups).toBe(1));
  link.close();
  await stop();
});

const openssl = needProgram('openssl');
test.skipIf(openssl === null)('mqtts: an authority we trust is needed, and enough', async () => {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert];
  expect(spawnSync(openssl ?? '', [...made, ...names]).status).toBe(0);
  const aedes = await Aedes.createBroker();
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) =>
    aedes.handle(socket),
  );
  const url = `mqtts://127.0.0.1:${await listenOnLoopback(server)}`;

  const refused = open(dialMqtt, url);
  await until(() => expect(refused.heard.downs).toHaveLength(1));
  expect(refused.heard.downs[0]).toContain('not signed by an authority that this computer trusts');
  const usual = getCACertificates('default');
  setDefaultCACertificates([...usual, readFileSync(cert, 'utf8')]);
  const { link, heard } = open(dialMqtt, url);
  await until(() => expect(heard.ups).toBe(1));
  link.close();
  setDefaultCACertificates(usual);
  await new Promise<void>((resolve) => aedes.close(resolve));
  server.close();
});

test('the guard reads packet lengths across any cut of the stream', () => {
  const small = [0x30, 3, 1, 2, 3];
  const long = [0x30, 0xac, 0x02, ...new Array(300).fill(7)];
  const stream = Buffer.from([...small, 0xc0, 0, ...long, ...small, 0x30, 0xad, 0x02]);
  for (let size = 1; size < 20; size++) {
    const refused: number[] = [];
    const guard = makePacketGuard(300, (bytes) => refused.push(bytes));
    for (let at = 0; at < stream.length; at += size) guard(stream.subarray(at, at + size));
    expect(refused).toEqual([301]);
  }
});
