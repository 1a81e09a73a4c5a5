// The uplink over a real broker against a scripted central: whatever is lost, repeated or forged, what counts is the mark.
import { randomBytes } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { CENTRAL_PRESENT_SPREAD_MS } from '../../core/limits.ts';
import type { Frame, Mark } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner, signFrame } from '../../protocol/wire/signing.ts';
import { presenceTopic } from '../../protocol/wire/topics.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import type { Log, Timers } from '../../sync/ports.ts';
import { startUplink, type Uplink, type UplinkOptions } from '../../sync/uplink.ts';
import { needMosquitto } from '../needs.ts';
import { startAedes, startLine, startMosquitto } from './brokers.ts';
import { type MemoryOutbox, makeMemoryOutbox } from './memory-outbox.ts';
import { fenceFor, NOTHING_HELD, type ScriptedCentral, startScriptedCentral } from './scripted-central.ts';

/** Waits are 50 times shorter than in life. */
const hasty: Timers = {
  after(ms, call) {
    const timer = setTimeout(call, ms / 50);
    return () => clearTimeout(timer);
  },
};
const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function broker(port = 0) {
  const started = await startAedes(port);
  cleanups.push(() => started.stop());
  return started;
}

async function central(...args: Parameters<typeof startScriptedCentral>): Promise<ScriptedCentral> {
  const started = await startScriptedCentral(...args);
  cleanups.push(() => started.stop());
  return started;
}

function uplink(outbox: MemoryOutbox, url: string, over: Partial<UplinkOptions> = {}): Uplink {
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

const sales = (count: number, from = 1): string[] => Array.from({ length: count }, (_, i) => `{"sale":${from + i}}`);
const settles = (outbox: MemoryOutbox, seq: number) =>
  vi.waitFor(() => expect(outbox.settled).toBe(seq), { timeout: 10_000, interval: 5 });
const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

test('what was captured before and during the session settles once, with the mark as proof', async () => {
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(1_200));
  const { url } = await broker();
  const { held } = await central(url);
  const states: string[] = [];
  const line = uplink(outbox, url, { onState: ({ line }) => states.push(line) });
  await settles(outbox, 1_200);
  outbox.capture(...sales(3, 1_201));
  await settles(outbox, 1_203);
  expect(held.entries).toEqual(sales(1_203));
  const proof = JSON.parse(outbox.proofs.at(-1) ?? '') as Mark;
  expect(proof).toMatchObject({ kind: 'mark', seq: 1_203, chain: outbox.entries.at(-1)?.chain });
  await until(() => expect(line.state()).toMatchObject({ line: 'online', reason: null, inFlight: 0 }));
  expect([...new Set(states)]).toEqual(['connecting', 'online']);
});

test('says online while it is, and offline when it goes or is torn away', async () => {
  const { url, aedes } = await broker();
  const said: { online: boolean }[] = [];
  aedes.subscribe(
    presenceTopic('S001'),
    (packet, done) => {
      said.push(JSON.parse(packet.payload.toString()));
      done();
    },
    () => {},
  );
  const line = uplink(makeMemoryOutbox(), url);
  await until(() => expect(said.map(({ online }) => online)).toEqual([true]));
  await line.stop();
  await until(() => expect(said.at(-1)?.online).toBe(false));
});

test('central comes later than the agent: greeted when it announces itself', async () => {
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(10));
  const { url } = await broker();
  const noPatience: Timers = {
    after: (ms, call) => (ms > CENTRAL_PRESENT_SPREAD_MS ? () => {} : hasty.after(ms, call)),
  };
  const line = uplink(outbox, url, { timers: noPatience });
  await until(() => expect(line.state().line).toBe('connecting'));
  await central(url);
  await settles(outbox, 10);
});

test('the broker dies in the middle and comes back without any memory', async () => {
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(2_000));
  const first = await broker();
  const held = NOTHING_HELD();
  let marks = 0;
  let dead: Promise<void> | undefined;
  const dying = (frame: Frame): Frame | null => {
    if (frame.kind === 'mark' && ++marks === 2) dead = first.stop();
    return marks >= 2 ? null : frame;
  };
  const { signer } = await central(first.url, { held, tamper: dying });
  uplink(outbox, first.url);
  await until(() => expect(dead).toBeDefined());
  expect(outbox.settled).toBeLessThan(2_000);
  await dead;
  const second = await broker(first.port);
  await central(second.url, { held, signer });
  await settles(outbox, 2_000);
  expect(held.entries).toEqual(sales(2_000));
});

test('lost welcomes and marks are asked for again; late and repeated ones do nothing', async () => {
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(900));
  const { url } = await broker();
  const old: Frame[] = [];
  let answers = 0;
  const tamper = (frame: Frame): Frame[] => {
    answers += 1;
    const said = answers % 3 === 1 ? [] : [frame, ...old, frame];
    old.push(frame);
    return said;
  };
  const { held } = await central(url, { tamper, credit: 300 });
  uplink(outbox, url);
  await settles(outbox, 900);
  expect(held.entries).toEqual(sales(900));
  expect(outbox.epochsBegun).toEqual([]);
});

test('a central that lost what it had is filled again', async () => {
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(60));
  const { url } = await broker();
  const signer = openSigner(makePrivateKeyPem());
  const before = await central(url, { signer });
  uplink(outbox, url);
  await settles(outbox, 60);
  before.stop();
  const after = await central(url, { signer });
  await until(() => expect(after.held.entries).toEqual(sales(60)));
  outbox.capture(...sales(1, 61));
  await settles(outbox, 61);
});

test('another key in the name of central settles nothing and is told', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const real = await central(url);
  const line = uplink(outbox, url);
  await until(() => expect(line.state().line).toBe('online'));
  expect(outbox.settings.get('central-key')).toBe(real.signer.publicKey);
  real.stop();
  await central(url);
  outbox.capture(...sales(5));
  await until(() => expect(line.state().reason).toContain('a key that this computer does not know'));
  expect(outbox.settled).toBe(0);
  await central(url, { signer: real.signer });
  await settles(outbox, 5);
});

test('a forged mark is not believed, a true one with another chain stops everything (L3, L7)', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const forger = openSigner(makePrivateKeyPem());
  let wrong: 'signature' | 'chain' = 'signature';
  const real = await central(url, {
    tamper(frame) {
      if (frame.kind !== 'mark') return frame;
      const { signature: _, keyId: __, ...said } = frame;
      return wrong === 'signature'
        ? [signFrame<Mark>({ ...said, seq: said.seq + 1 }, forger), frame]
        : signFrame<Mark>({ ...said, chain: 'e'.repeat(64) }, real.signer);
    },
  });
  const line = uplink(outbox, url);
  outbox.capture(...sales(5));
  await settles(outbox, 5);
  wrong = 'chain';
  outbox.capture(...sales(5, 6));
  await until(() => expect(line.state().line).toBe('held'));
  expect(outbox.epochsBegun).toHaveLength(1);
  expect(line.state().reason).toContain('Please call IT');
  const heard = real.heard.length;
  outbox.capture(...sales(5));
  line.nudge();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect({ heard: real.heard.length, settled: outbox.settled }).toEqual({ heard, settled: 0 });
});

test.each([
  ['more', { seq: 9, chain: 'a'.repeat(64) }],
  ['something else', { seq: 2, chain: 'b'.repeat(64) }],
])('central holds %s than this journal: held before anything is sent', async (_, held) => {
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(5));
  const { url } = await broker();
  const { heard } = await central(url, { held: { ...NOTHING_HELD(), epoch: outbox.epoch, ...held } });
  const line = uplink(outbox, url);
  await until(() => expect(line.state().line).toBe('held'));
  expect(outbox.epochsBegun).toHaveLength(1);
  expect(new Set(heard.map(({ kind }) => kind))).toEqual(new Set(['hello']));
});

test('a fence for this instance holds it; one for another instance does not', async () => {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const { heard, say, signer } = await central(url);
  const line = uplink(outbox, url);
  await until(() => expect(line.state().line).toBe('online'));
  const instance = heard[0]?.instance ?? '';
  await say(fenceFor({ store: 'S001', instance: '0'.repeat(32) }, signer, 'someone else'));
  outbox.capture(...sales(1));
  await settles(outbox, 1);
  await say(fenceFor({ store: 'S001', instance }, signer, 'Another computer speaks for store S001.'));
  await until(() =>
    expect(line.state()).toMatchObject({ line: 'held', reason: 'Another computer speaks for store S001.' }),
  );
});

test('a dead line that looks alive is replaced by a fresh client (F28)', async () => {
  const outbox = makeMemoryOutbox();
  const { port, url } = await broker();
  const line = await startLine(port);
  cleanups.push(() => line.stop());
  await central(url);
  const agent = uplink(outbox, line.url);
  await until(() => expect(agent.state().line).toBe('online'));
  line.blackHole();
  outbox.capture(...sales(20));
  await settles(outbox, 20);
  expect(line.connections).toBeGreaterThan(1);
});

test('after the computer slept it dials afresh instead of waiting for a dead line (F18)', async () => {
  const { url, aedes } = await broker();
  const connected: string[] = [];
  aedes.on('client', ({ id }) => connected.push(id));
  await central(url);
  let wallMs = 1_000_000;
  let ring = (): void => {};
  const timers: Timers = {
    after(_, call) {
      ring = call;
      return () => {};
    },
  };
  const line = uplink(makeMemoryOutbox(), url, { timers, clock: { wallMs: () => wallMs, monotonicMs: () => wallMs } });
  await until(() => expect(line.state().line).toBe('online'));
  wallMs += 8 * 3_600_000;
  ring();
  await until(() => expect(connected.filter((id) => id === 'tillwire-S001')).toHaveLength(2));
  await until(() => expect(line.state().line).toBe('online'));
});

test('no batch exceeds the frame bound, whatever the entries are made of', async () => {
  const outbox = makeMemoryOutbox();
  const escaped = '"\\'.repeat(130_000);
  outbox.capture(...sales(3), escaped, escaped, ...sales(2));
  const { url, aedes } = await broker();
  const sizes: number[] = [];
  aedes.on('publish', (packet) => sizes.push(packet.payload.length));
  const { held } = await central(url, { codec: 'none' });
  uplink(outbox, url);
  await settles(outbox, 7);
  expect(held.entries).toEqual([...sales(3), escaped, escaped, ...sales(2)]);
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
});

test('a journal that fails now and then only delays', async () => {
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(10));
  const { page, settle } = outbox;
  let failures = 2;
  const sometimes = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      if (failures-- > 0) throw new Error('disk is busy');
      return call(...args);
    };
  };
  Object.assign(outbox, { page: sometimes(page), settle: sometimes(settle) });
  const { url } = await broker();
  await central(url);
  uplink(outbox, url);
  await settles(outbox, 10);
});

const mosquitto = needMosquitto();
test.skipIf(mosquitto === null)('settles over Mosquitto', async () => {
  const { url, stop } = await startMosquitto(mosquitto ?? '');
  cleanups.push(stop);
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(1_500));
  const { held, heard } = await central(url);
  uplink(outbox, url);
  await settles(outbox, 1_500);
  expect(held.entries).toEqual(sales(1_500));
  expect(heard.filter(({ kind }) => kind === 'hello').length).toBeLessThanOrEqual(2);
});
