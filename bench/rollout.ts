// A rollout over 5,000 simulated stores on Mosquitto and PostgreSQL: how long until all have it, and until all went back.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../central/database.ts';
import { type Central, startCentral } from '../central/server.ts';
import { printTable } from '../main/commands/options.ts';
import { systemClock } from '../main/runtime.ts';
import type { PublishInput, RolloutRow, RolloutStoreState } from '../protocol/hq/rollouts.ts';
import { makePrivateKeyPem, openSigner } from '../protocol/wire/signing.ts';
import { dialMqtt } from '../sync/mqtt-link.ts';
import { makePeople, type People, signRevision, signTrust, trustOf } from '../test/central/configuration/people.ts';
import { randomHex } from '../test/central/device.ts';
import { testDevices } from '../test/central/devices/setup.ts';
import { makeMosquitto } from '../test/mosquitto.ts';
import { needMosquitto, needPostgres } from '../test/needs.ts';
import { freePort } from '../test/net.ts';
import { startPostgres } from '../test/postgres.ts';
import type { StoresNews, StoresOrder } from './stores-worker.ts';
import { percentiles } from './window-search.ts';

const STORES = 5_000;
const DAY_MS = 86_400_000;
const TOKEN = 'of the operator';
const quiet = { info() {}, warn: console.warn, error: console.error };

export async function benchRollout(): Promise<void> {
  if (needMosquitto() === null || needPostgres() === null) return;
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  const port = await freePort();
  const broker = makeMosquitto(folder, port);
  await broker.start();
  const server = await startPostgres();
  const database = await openDatabase(server.url);
  const signer = openSigner(makePrivateKeyPem());
  const brokerUrl = `mqtt://127.0.0.1:${port}`;
  const central = await startCentral({
    ...{ database, dial: dialMqtt, brokerUrl, port: 0, signer, enrolment: 'open', https: null },
    ...{ devices: await testDevices(), operatorToken: TOKEN, clock: systemClock, chance: Math.random, randomHex },
    log: quiet,
  });
  const names = Array.from({ length: STORES }, (_, n) => `S${String(n + 1).padStart(5, '0')}`);
  const crowd = await openCrowd({ kind: 'begin', brokerUrl, centralKey: signer.publicKey, stores: names });
  try {
    await measure(central, crowd, names);
  } finally {
    crowd.stop();
    await central.stop();
    await database.close();
    await server.stop();
    await broker.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Crowd = { say(order: StoresOrder): void; judged(): { ms: number[]; bytes: number }; stop(): void };

async function openCrowd(begin: StoresOrder): Promise<Crowd> {
  const child = fork(join(import.meta.dirname, 'stores-worker.ts'));
  const found = { ms: [] as number[], bytes: 0 };
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the stores ended')));
    child.on('message', (news: StoresNews) => {
      if (news.kind === 'ready') return resolve();
      found.ms.push(...news.ms);
      found.bytes += news.bytes;
    });
    child.send(begin);
  });
  return { say: (order) => void child.send(order), judged: () => found, stop: () => void child.kill() };
}

async function measure(central: Central, crowd: Crowd, names: string[]): Promise<void> {
  const people = makePeople();
  const expiresMs = Date.now() + 300 * DAY_MS;
  await ask(central, '/configuration/trusts', { signed: signTrust(trustOf(people, { expiresMs }), people.root) });
  const delay = monitorEventLoopDelay();
  delay.enable();
  const cpu = process.cpuUsage();
  const rows = [...(await measureGood(central, people, names)), ...(await measureStop(central, crowd, people, names))];
  const { ms, bytes } = crowd.judged();
  const { user, system } = process.cpuUsage(cpu);
  const [median = 0, most = 0] = percentiles(ms, [0.5, 0.95]);
  rows.push(
    ['A store judges what it is shown, median and 95 of 100', `${median.toFixed(1)} and ${most.toFixed(1)} ms`],
    ['One message at the broker', `${(bytes / ms.length / 1_024).toFixed(1)} KiB`],
    ['Central was busy', `${((user + system) / 1e6).toFixed(0)} s`],
    ["Central's loop waited at most", `${(delay.max / 1e6).toFixed(0)} ms`],
  );
  console.log(`\nRollouts over ${STORES.toLocaleString('en')} stores, each with a document of its own, PostgreSQL`);
  printTable([['', ''], ...rows]);
}

const RINGS = [
  { name: 'pilot', stores: 'share=1' },
  { name: 'tenth', stores: 'share=10' },
  { name: 'rest', stores: 'all' },
].map((ring) => ({ ...ring, successPercent: 95, failurePercent: 10, soakMinutes: 0 }));

async function measureGood(central: Central, people: People, names: string[]): Promise<string[][]> {
  const input = signed(people, 1, names);
  const begun = performance.now();
  const since = (): number => (performance.now() - begun) / 1_000;
  await ask(central, '/configuration/revisions', input);
  const published = since();
  await until(central, 1, ({ rings }) => rings[2]?.openedMs !== null);
  const opened = since();
  await until(central, 1, ({ state }) => state === 'done');
  await until(central, 1, (row) => count(row, 'good') === names.length);
  const all = since();
  return [
    ['Published: every document computed and checked anew', `${published.toFixed(1)} s`],
    ['Source, as text', `${(input.source.length / 2 ** 20).toFixed(1)} MiB`],
    ['Two rings of 10 percent together', `${(opened - published).toFixed(1)} s`],
    ['All others after them', `${(all - opened).toFixed(1)} s`],
    ['Stores a second', `${Math.round(names.length / (all - published))}`],
  ];
}

/** A fifth of all stores cannot use it: it is over within the first ring. */
async function measureStop(central: Central, crowd: Crowd, people: People, names: string[]): Promise<string[][]> {
  crowd.say({ kind: 'fail', revision: 2, stores: names.filter((_, n) => n % 5 === 0) });
  const begun = performance.now();
  const since = (): number => (performance.now() - begun) / 1_000;
  await ask(central, '/configuration/revisions', signed(people, 2, names));
  const published = since();
  await until(central, 2, ({ state }) => state === 'stopped');
  const stopped = since();
  const ended = await until(central, 2, (row) => count(row, 'good') + count(row, 'trial') === 0);
  return [
    ['A bad one: published until stopped', `${(stopped - published).toFixed(1)} s`],
    ['A bad one: until every store that had it went back', `${(since() - stopped).toFixed(1)} s`],
    ['A bad one: stores that failed, and that had it', `${count(ended, 'failed')} and ${count(ended, 'back')}`],
  ];
}

const count = ({ rings }: RolloutRow, state: RolloutStoreState): number =>
  rings.reduce((sum, { tally }) => sum + tally[state], 0);

function signed(people: People, revision: number, names: string[]): PublishInput {
  const reading = {
    columns: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`column ${n}`, `Meaning ${n}`])),
  };
  const source = JSON.stringify({
    ...{ tillwireConfiguration: 1, revision, title: `Revision ${revision}`, rings: {} },
    expires: new Date(Date.now() + 100 * DAY_MS).toISOString(),
    chain: { feeds: { till: { reading } }, sync: { batchEntries: 100 + revision }, log: { level: 'info' } },
    regions: { north: { window: { language: 'en' } }, south: { window: { language: 'de' } } },
    stores: Object.fromEntries(
      names.map((name, n) => [
        name,
        {
          ...{ region: n % 2 === 0 ? 'north' : 'south', tills: ['ncr'] },
          values: { window: { help: { name: `Desk ${n}`, phone: '+49 30 1234567' } } },
        },
      ]),
    ),
  });
  return { source, signed: signRevision(source, [people.signer, people.approver], Date.now()), plan: { rings: RINGS } };
}

async function until(central: Central, revision: number, holds: (row: RolloutRow) => boolean): Promise<RolloutRow> {
  for (;;) {
    const { rollout } = (await ask(central, `/rollouts/r${revision}`)) as { rollout: RolloutRow };
    if (holds(rollout)) return rollout;
    await sleep(200);
  }
}

async function ask({ url }: Central, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/v1${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(answer));
  return answer;
}
