// Central over a real broker: frames in, signed answers out, presence, and life after a broker that went away.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../central/database.ts';
import type { DeviceSetup } from '../../central/devices/parts.ts';
import { type Central, startCentral } from '../../central/server.ts';
import { type Broker, startBroker } from '../../main/broker.ts';
import { CentralStatus } from '../../protocol/hq/status.ts';
import { decodeFrame, encodeFrame } from '../../protocol/wire/codec.ts';
import type { Frame } from '../../protocol/wire/frames.ts';
import type { Link } from '../../protocol/wire/link.ts';
import { isSignedBy, makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { centralPresenceTopic, downTopic, presenceTopic, shardOf, upTopic } from '../../protocol/wire/topics.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import { makeDevice, randomHex, sale } from './device.ts';
import { testDevices } from './devices/setup.ts';

const signer = openSigner(makePrivateKeyPem());
const logged: string[] = [];
const hear = (fields: Record<string, unknown>, message: string): void => {
  logged.push(`${message} ${JSON.stringify(fields)}`);
};
let database: CentralDatabase;
let broker: Broker;
let central: Central;
let devices: DeviceSetup;

const start = (more: { restored?: boolean } = {}): Promise<Central> =>
  startCentral({
    ...more,
    database,
    dial: dialMqtt,
    brokerUrl: broker.url,
    port: 0,
    signer,
    enrolment: 'open',
    devices,
    https: null,
    operatorToken: 'of the operator',
    clock: { wallMs: () => 7_000, monotonicMs: () => performance.now() },
    chance: () => 0,
    randomHex,
    log: { info: hear, warn: hear, error: hear },
  });

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  devices = await testDevices();
  broker = await startBroker(0);
  central = await start();
  await vi.waitUntil(central.isUp);
});
afterAll(async () => {
  await central.stop();
  await broker.stop();
  await database.close();
});

/** Somebody at the broker who says frames for a store and hears what comes down. */
async function join(store: string, ...more: string[]) {
  const frames: Frame[] = [];
  const others: [topic: string, text: string][] = [];
  const link = await new Promise<Link>((resolve, reject) => {
    const mine = dialMqtt(
      { url: broker.url, clientId: `test-${randomHex(6)}`, subscriptions: [downTopic(store), ...more] },
      {
        up: () => resolve(mine),
        down: (reason) => reject(new Error(reason)),
        message: (topic, payload) => {
          const decoded = topic === downTopic(store) ? decodeFrame(payload) : null;
          // What is asked of its computer is not what these tests are about.
          if (decoded?.ok === true && decoded.frame.kind === 'command') return;
          if (decoded?.ok === true) frames.push(decoded.frame);
          else others.push([topic, Buffer.from(payload).toString()]);
        },
      },
    );
  });
  const next = async (): Promise<Frame> => {
    await expect.poll(() => frames.length, { timeout: 5_000 }).toBeGreaterThan(0);
    const [frame] = frames.splice(0, 1);
    if (frame === undefined) throw new Error('no frame');
    return frame;
  };
  const say = (bytes: Uint8Array): Promise<void> => link.publish(upTopic(store), bytes);
  return { link, others, next, say };
}

test('hello is welcomed, a batch is posted and marked, both signed by central', async () => {
  const device = makeDevice('S001');
  for (const receipt of ['1', '2']) device.capture(sale(receipt, [['tea', 1_000]]));
  const { link, next, say } = await join('S001');
  const hello = device.hello();
  await say(encodeFrame(hello, 'none'));
  const welcome = await next();
  if (welcome.kind !== 'welcome') throw new Error(`no welcome but ${welcome.kind}`);
  expect(welcome).toMatchObject({ hello: hello.nonce, instance: device.instance, incarnation: central.incarnation });
  expect(isSignedBy(welcome, signer.publicKey)).toBe(true);
  await say(encodeFrame(device.batch(welcome.session, 1, 2), welcome.codec));
  const mark = await next();
  expect(mark).toMatchObject({ kind: 'mark', seq: 2, chain: device.chainAt(2), session: welcome.session, at: 7_000 });
  expect(isSignedBy(mark, signer.publicKey)).toBe(true);
  const stock = await fetch(`${central.url}/v1/stock?store=S001`).then((it) => it.json());
  expect(stock).toMatchObject([{ sku: 'tea', shelf: -2_000 }]);
  link.close();
});

test('what cannot be read or does not belong on the topic is answered with a reject and changes nothing', async () => {
  const device = makeDevice('S002');
  const { link, next, say } = await join('S002');
  await say(encodeFrame(device.hello(), 'none'));
  const welcome = await next();
  await say(Buffer.from('hello'));
  expect(await next()).toMatchObject({ kind: 'reject', code: 'version', instance: device.instance });
  await say(Buffer.from([1, 0, 1, 2, 3]));
  expect(await next()).toMatchObject({ kind: 'reject', code: 'malformed', instance: device.instance });
  await say(encodeFrame(welcome, 'none'));
  expect(await next()).toMatchObject({ kind: 'reject', code: 'malformed' });
  const other = makeDevice('S003');
  await say(encodeFrame(other.hello(), 'none'));
  expect(await next()).toMatchObject({ kind: 'reject', code: 'malformed', instance: other.instance });
  const stores = (await fetch(`${central.url}/v1/stores`).then((it) => it.json())) as { store: string }[];
  expect(stores.map(({ store }) => store)).not.toContain('S003');
  await link.publish(upTopic('S002').replace(/\/\d+\//, '/99/'), encodeFrame(device.hello(), 'none'));
  await say(encodeFrame(device.hello({ nonce: 'ab'.repeat(16) }), 'none'));
  expect(await next()).toMatchObject({ kind: 'welcome', hello: 'ab'.repeat(16) });
  link.close();
});

test('a store is shown online as long as the broker says so', async () => {
  const { link } = await join('S001');
  const online = async (): Promise<unknown> => {
    const rows = (await fetch(`${central.url}/v1/stores`).then((it) => it.json())) as { online: boolean }[];
    return rows[0]?.online;
  };
  const tell = (body: string): Promise<void> => link.publish(presenceTopic('S001'), Buffer.from(body), true);
  await tell('{"v":1,"online":true,"at":1}');
  await expect.poll(online).toBe(true);
  await tell('{"v":1,"online":false,"at":2}');
  await expect.poll(online).toBe(false);
  link.close();
});

test('central announces itself, comes back after the broker, and says goodbye', async () => {
  const port = broker.port;
  await broker.stop();
  await expect.poll(central.isUp).toBe(false);
  await sleep(10);
  broker = await startBroker(port);
  await expect.poll(central.isUp, { timeout: 10_000 }).toBe(true);
  const topic = centralPresenceTopic(shardOf('S004'));
  const { link, others, next, say } = await join('S004', topic);
  await expect.poll(() => others.length).toBeGreaterThan(0);
  expect(others).toEqual([[topic, '{"v":1,"online":true,"at":7000}']]);
  await say(encodeFrame(makeDevice('S004').hello(), 'none'));
  expect(await next()).toMatchObject({ kind: 'welcome' });
  const { incarnation } = central;
  await central.stop();
  await expect.poll(() => others.length).toBeGreaterThan(1);
  expect(others[1]).toEqual([topic, '{"v":1,"online":false,"at":7000}']);
  link.close();
  central = await start();
  expect(central.incarnation).toBe(incarnation);
});

test('a central that is told that it was put back goes on under another name, and says so to stores', async () => {
  const { incarnation } = central;
  await central.stop();
  central = await start({ restored: true });
  await vi.waitUntil(central.isUp);
  expect(central.incarnation).not.toBe(incarnation);
  const ask = async (path: string): Promise<unknown> => (await fetch(central.url + path)).json();
  const lacking = { incarnation: central.incarnation, restored: { sinceMs: 7_000, reported: [] } };
  expect(await ask('/v1/status')).toMatchObject(lacking);
  const { link, next, say } = await join('S005');
  await say(encodeFrame(makeDevice('S005').hello(), 'none'));
  expect(await next()).toMatchObject({ kind: 'welcome', incarnation: central.incarnation });
  link.close();
  const { restored } = CentralStatus.parse(await ask('/v1/status'));
  expect(restored).toMatchObject({ reported: ['S005'], missing: expect.arrayContaining(['S001', 'S004']) });
  expect(restored?.sentence).toMatch(
    /^Central was restored on 1970-01-01 00:00 UTC. 1 of \d+ stores .*S001, .*S004\.$/,
  );
  expect(await ask('/')).toMatchObject({
    incarnation: central.incarnation,
    notices: [expect.stringContaining('Trial'), restored?.sentence],
  });
});
