// An uplink on a real broker, with waits fifty times shorter than in life, taken down after each test.
import { randomBytes } from 'node:crypto';
import { afterEach, expect } from 'vitest';
import { type Broker, startBroker } from '../../main/broker.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import type { Log, Outbox, Timers } from '../../sync/ports.ts';
import { startUplink, type Uplink, type UplinkOptions } from '../../sync/uplink.ts';
import { until } from '../wait.ts';
import type { MemoryOutbox } from './memory-outbox.ts';
import { type ScriptedCentral, startScriptedCentral } from './scripted-central.ts';

export const hasty: Timers = {
  after(ms, call) {
    const timer = setTimeout(call, ms / 50);
    return () => clearTimeout(timer);
  },
};
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
export const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

export async function broker(port = 0): Promise<Broker> {
  const started = await startBroker(port);
  cleanups.push(() => started.stop());
  return started;
}

export async function central(...args: Parameters<typeof startScriptedCentral>): Promise<ScriptedCentral> {
  const started = await startScriptedCentral(...args);
  cleanups.push(() => started.stop());
  return started;
}

export function uplink(outbox: Outbox, url: string, over: Partial<UplinkOptions> = {}): Uplink {
  const started = startUplink({
    outbox,
    dial: dialMqtt,
    signer: openSigner(makePrivateKeyPem()),
    url,
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    chance: () => 0.5,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    agentVersion: 'test',
    log: silent,
    timers: hasty,
    ...over,
  });
  cleanups.push(() => started.stop());
  return started;
}

export const sales = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, i) => `{"sale":${from + i}}`);
export const settles = (outbox: MemoryOutbox, seq: number) => until(() => expect(outbox.settled).toBe(seq));
