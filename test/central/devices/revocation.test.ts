// Access taken back: at central with the commit, at the broker until it has heard, and told at once to whoever is connected.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { type Central, startCentral } from '../../../central/server.ts';
import { type Broker, startBroker } from '../../../main/broker.ts';
import { decodeFrame, encodeFrame } from '../../../protocol/wire/codec.ts';
import type { Frame } from '../../../protocol/wire/frames.ts';
import type { Link } from '../../../protocol/wire/link.ts';
import { isSignedBy, makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';
import { downTopic, upTopic } from '../../../protocol/wire/topics.ts';
import { dialMqtt } from '../../../sync/mqtt-link.ts';
import { makeDevice, randomHex, sale } from '../device.ts';
import { ask, enrolPc, newKey } from './pc.ts';
import { type NotedAccess, noteAccess, testDevices } from './setup.ts';

const signer = openSigner(makePrivateKeyPem());
let database: CentralDatabase;
let broker: Broker;
let central: Central;
let access: NotedAccess;

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  broker = await startBroker(0);
  access = noteAccess();
  // The broker was put back from a copy in which this one was let in.
  access.passwords.set('d0123456789ab', 'of a device that was taken back');
  access.passwords.set('tillwire-central', 'of central itself');
  central = await startCentral({
    ...{ database, dial: dialMqtt, brokerUrl: broker.url, port: 0, signer, enrolment: 'required', https: null },
    devices: await testDevices({ access }),
    operatorToken: 'of the operator',
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    chance: () => 0,
    randomHex,
    log: { info() {}, warn() {}, error() {} },
  });
  await vi.waitUntil(central.isUp, { timeout: 30_000 });
}, 60_000);
afterAll(async () => {
  await central.stop();
  await broker.stop();
  await database.close();
});

async function enrolled(store: string) {
  const issued = await ask(central.url, '/v1/enrolment-tokens', { store });
  const key = newKey();
  const { body } = await enrolPc(central.url, String(issued.body['token']), key);
  return { key, device: (body['credentials'] as { device: string }).device };
}

/** A store's line at the broker, and all that comes down on it. */
async function join(store: string) {
  const frames: Frame[] = [];
  const link = await new Promise<Link>((resolve, reject) => {
    const mine = dialMqtt(
      { url: broker.url, clientId: `test-${randomHex(6)}`, subscriptions: [downTopic(store)] },
      {
        up: () => resolve(mine),
        down: (reason) => reject(new Error(reason)),
        message: (_, payload) => {
          const decoded = decodeFrame(payload);
          if (decoded.ok) frames.push(decoded.frame);
        },
      },
    );
  });
  const heard = <K extends Frame['kind']>(kind: K): Promise<Extract<Frame, { kind: K }>> =>
    vi.waitUntil(
      () => {
        const at = frames.findIndex((frame) => frame.kind === kind);
        return at < 0 ? false : (frames.splice(at, 1)[0] as Extract<Frame, { kind: K }>);
      },
      { timeout: 30_000 },
    );
  const say = (frame: Frame): Promise<void> => link.publish(upTopic(store), encodeFrame(frame, 'none'));
  return { heard, say, close: () => link.close() };
}

test('a device that is connected: told at once, its session ended, its batches refused, and cut off at the broker', async () => {
  const { key, device } = await enrolled('S001');
  const mine = makeDevice('S001', { signer: key });
  for (const receipt of ['1', '2']) mine.capture(sale(receipt, [['tea', 1_000]]));
  const { heard, say, close } = await join('S001');
  await say(mine.hello());
  const welcome = await heard('welcome');
  await say(mine.batch(welcome.session, 1, 1));
  expect(await heard('mark')).toMatchObject({ seq: 1 });

  const revoked = await ask(central.url, `/v1/devices/${device}/revocation`, { store: 'S001' });
  expect(revoked).toMatchObject({
    status: 200,
    body: { device: { state: 'revoked', withdrawn: true, endedBy: 'head-office' } },
  });
  const told = await heard('reject');
  expect(told).toMatchObject({ code: 'key', about: welcome.session, instance: mine.instance });
  expect(told.message).toMatch(/access of this computer .* to store S001 was taken back/);
  expect(isSignedBy(told, signer.publicKey)).toBe(true);
  expect(access.passwords.has(device)).toBe(false);

  await say(mine.batch(welcome.session, 2, 2));
  expect(await heard('reject')).toMatchObject({ code: 'key', message: expect.stringMatching(/taken back/) });
  await say(mine.hello());
  expect(await heard('reject')).toMatchObject({ code: 'key', message: expect.stringMatching(/taken back/) });
  const stores = (await ask(central.url, '/v1/stores?store=S001')).body as unknown as { store: string; seq: number }[];
  expect(stores.find(({ store }) => store === 'S001')).toMatchObject({ seq: 1 });
  close();
});

test('what the broker lets in and central does not is taken back; others at the broker are left alone', async () => {
  await expect.poll(() => access.withdrawn, { timeout: 30_000 }).toContain('d0123456789ab');
  expect(access.passwords.has('tillwire-central')).toBe(true);
});

test('a broker that is away hears of it as soon as it is back', async () => {
  const { device } = await enrolled('S002');
  access.isAway = true;
  const revoked = await ask(central.url, `/v1/devices/${device}/revocation`, { store: 'S002' });
  expect(revoked.body).toMatchObject({ device: { state: 'revoked', withdrawn: false } });
  expect(revoked.body['message']).toMatch(/takes nothing of it from now on\. The broker could not be told now/);
  access.isAway = false;
  await expect.poll(() => access.passwords.has(device), { timeout: 30_000 }).toBe(false);
});

test('a device of another store is not taken back by mistake, and twice is once', async () => {
  const { device } = await enrolled('S003');
  const wrong = await ask(central.url, `/v1/devices/${device}/revocation`, { store: 'S001' });
  expect(wrong).toMatchObject({ status: 404, body: { message: expect.stringMatching(/S001 has no computer/) } });
  expect((await ask(central.url, `/v1/devices/${device}/revocation`, { store: 'S003' })).status).toBe(200);
  const again = await ask(central.url, `/v1/devices/${device}/revocation`, { store: 'S003' });
  expect(again.body['message']).toMatch(/did not speak for store S003 any more: it is revoked/);
});
