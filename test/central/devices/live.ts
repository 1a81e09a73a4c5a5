// A central with its own broker, and stores that speak through it.
import { vi } from 'vitest';
import { IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { startCentral } from '../../../central/server.ts';
import { startBroker } from '../../../main/broker.ts';
import { decodeFrame, encodeFrame } from '../../../protocol/wire/codec.ts';
import type { Frame } from '../../../protocol/wire/frames.ts';
import type { Link } from '../../../protocol/wire/link.ts';
import { makePrivateKeyPem, openSigner, type Signer } from '../../../protocol/wire/signing.ts';
import { downTopic, upTopic } from '../../../protocol/wire/topics.ts';
import { dialMqtt } from '../../../sync/mqtt-link.ts';
import { randomHex } from '../device.ts';
import { ask, enrolPc, newKey } from './pc.ts';
import { type NotedAccess, testDevices } from './setup.ts';

export type Live = Awaited<ReturnType<typeof openLive>>;

export async function openLive(access: NotedAccess) {
  const signer = openSigner(makePrivateKeyPem());
  const database = await openDatabase(IN_MEMORY);
  const broker = await startBroker(0);
  const central = await startCentral({
    ...{ database, dial: dialMqtt, brokerUrl: broker.url, port: 0, signer, enrolment: 'required', https: null },
    devices: await testDevices({ access }),
    operatorToken: 'of the operator',
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    chance: () => 0,
    randomHex,
    log: { info() {}, warn() {}, error() {} },
  });
  await vi.waitUntil(central.isUp, { timeout: 30_000 });
  return {
    ...{ url: central.url, centralKey: signer.publicKey },
    async enrolled(store: string): Promise<{ key: Signer; device: string }> {
      const issued = await ask(central.url, '/v1/enrolment-tokens', { store });
      const key = newKey();
      const { body } = await enrolPc(central.url, String(issued.body['token']), key);
      return { key, device: (body['credentials'] as { device: string }).device };
    },
    /** Entries that central holds of a store. */
    async seqOf(store: string): Promise<number | undefined> {
      const rows = (await ask(central.url, '/v1/stores')).body as unknown as { store: string; seq: number }[];
      return rows.find((row) => row.store === store)?.seq;
    },
    join: (store: string) => join(broker.url, store),
    async close() {
      await central.stop();
      await broker.stop();
      await database.close();
    },
  };
}

/** A store's line at the broker, and all that comes down on it. */
async function join(brokerUrl: string, store: string) {
  const frames: Frame[] = [];
  const link = await new Promise<Link>((resolve, reject) => {
    const mine = dialMqtt(
      { url: brokerUrl, clientId: `test-${randomHex(6)}`, subscriptions: [downTopic(store)] },
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
