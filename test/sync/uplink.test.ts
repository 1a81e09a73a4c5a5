// The uplink over a real broker against a scripted central: whatever is lost, late or repeated, everything settles once.
import { expect, test } from 'vitest';
import { CENTRAL_PRESENT_SPREAD_MS } from '../../core/limits.ts';
import { openLine } from '../../main/sample/line.ts';
import type { Frame, Mark } from '../../protocol/wire/frames.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { presenceTopic } from '../../protocol/wire/topics.ts';
import type { Timers } from '../../sync/ports.ts';
import { makeMosquitto } from '../mosquitto.ts';
import { needMosquitto } from '../needs.ts';
import { freePort } from '../net.ts';
import { temporaryFolder } from '../temporary.ts';
import { until } from '../wait.ts';
import { NOTHING_HELD } from './central-ledger.ts';
import { makeMemoryOutbox } from './memory-outbox.ts';
import { broker, central, cleanups, hasty, sales, settles, uplink } from './uplink-rig.ts';

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
  await until(() => expect(line.state()).toMatchObject({ line: 'online', reason: null, inFlight: 0, trial: true }));
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

test('a dead line that looks alive is replaced by a fresh client (F28)', async () => {
  const outbox = makeMemoryOutbox();
  const { port, url } = await broker();
  let connections = 0;
  let silent = 0;
  const line = await openLine(port, () => {
    const mine = ++connections;
    return (to) => (bytes) => {
      if (mine > silent) to.write(bytes);
    };
  });
  cleanups.push(() => line.close());
  await central(url);
  const agent = uplink(outbox, line.url);
  await until(() => expect(agent.state().line).toBe('online'));
  silent = connections;
  outbox.capture(...sales(20));
  await settles(outbox, 20);
  expect(connections).toBeGreaterThan(1);
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

test.skipIf(needMosquitto() === null)('settles over Mosquitto', async () => {
  const port = await freePort();
  const broker = makeMosquitto(temporaryFolder(), port);
  await broker.start();
  cleanups.push(broker.kill);
  const url = `mqtt://127.0.0.1:${port}`;
  const outbox = makeMemoryOutbox();
  outbox.capture(...sales(1_500));
  const { held, heard } = await central(url);
  uplink(outbox, url);
  await settles(outbox, 1_500);
  expect(held.entries).toEqual(sales(1_500));
  expect(heard.filter(({ kind }) => kind === 'hello').length).toBeLessThanOrEqual(2);
});
