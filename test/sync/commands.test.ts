// Commands at the uplink: which are believed, when reports are told, a pause on the line, entries said again.
import { expect, test } from 'vitest';
import type { Command, Order } from '../../protocol/wire/order-frames.ts';
import { makePrivateKeyPem, openSigner, type Signer, signFrame } from '../../protocol/wire/signing.ts';
import { UNBOUNDED } from '../../sync/policy.ts';
import { until } from '../wait.ts';
import { makeMemoryOutbox } from './memory-outbox.ts';
import type { ScriptedCentral } from './scripted-central.ts';
import { broker, central, sales, settles, uplink } from './uplink-rig.ts';

const ORDER: Order = {
  id: `c${'1'.repeat(24)}`,
  kind: 'pause',
  args: { reason: 'x' },
  by: 'a',
  issued: 1,
  expires: 9e12,
};
type Over = Partial<Pick<Command, 'store' | 'instance' | 'session' | 'orders' | 'noted'>>;

function commandOf({ session, signer }: ScriptedCentral, over: Over = {}, by: Signer = signer): Command {
  const words = { orders: [ORDER], noted: [], at: 1_000 };
  return signFrame<Command>({ kind: 'command', v: 1, store: 'S001', ...session(), ...words, ...over }, by);
}

async function open() {
  const outbox = makeMemoryOutbox();
  const { url } = await broker();
  const head = await central(url);
  const heard: Command[] = [];
  const line = uplink(outbox, url, { onCommand: (command) => void heard.push(command) });
  await until(() => expect(line.state().line).toBe('online'));
  const reports = () => head.heard.flatMap((frame) => (frame.kind === 'report' ? [frame] : []));
  return { outbox, head, heard, line, reports };
}

const id = (digit: number): string => `c${String(digit).repeat(24)}`;

test('only what central said to this store in this session is heard, unaltered', async () => {
  const { head, heard, line } = await open();
  const said = commandOf(head);
  const forged = commandOf(head, {}, openSigner(makePrivateKeyPem()));
  const altered: Command = { ...said, orders: [{ ...ORDER, kind: 'resume' }] };
  const foreign = commandOf(head, { store: 'S002', orders: [{ ...ORDER, id: id(2) }] });
  await head.say(forged);
  await head.say({ ...forged, keyId: head.signer.keyId });
  await head.say(altered);
  await head.say({ ...foreign, store: 'S001' });
  await head.say(commandOf(head, { instance: 'e'.repeat(32), orders: [{ ...ORDER, id: id(3) }] }));
  await head.say(commandOf(head, { session: 'f'.repeat(32), orders: [{ ...ORDER, id: id(4) }] }));
  await head.say(said);
  await until(() => expect(heard).toHaveLength(1));
  expect(heard[0]).toEqual(said);
  expect(line.state().line).toBe('online');
});

test('what was said in a session before this one is not heard again', async () => {
  const { head, heard, line } = await open();
  const said = commandOf(head);
  const before = head.session().session;
  line.nudge();
  await until(() => expect(head.session().session).not.toBe(before));
  await until(() => expect(line.state().line).toBe('online'));
  await head.say(said);
  const next = commandOf(head, { orders: [{ ...ORDER, id: id(5) }] });
  await head.say(next);
  await until(() => expect(heard).toEqual([next]));
});

test('reports are told in sessions in which central spoke of commands, and in no others', async () => {
  const { head, heard, line, reports } = await open();
  expect(line.report({ status: null, results: [] })).toBe(false);
  await head.say(commandOf(head, { orders: [] }));
  await until(() => expect(heard).toHaveLength(1));
  const results = [{ id: id(1), state: 'done' as const, message: 'Sending is paused.', at: 5 }];
  expect(line.report({ status: null, results })).toBe(true);
  await until(() => expect(reports()).toMatchObject([{ results, status: null, session: head.session().session }]));
  expect(Math.abs((line.centralMs() ?? Number.NaN) - 1_000)).toBeLessThan(60_000);
  const before = head.session().session;
  line.nudge();
  await until(() => expect(head.session().session).not.toBe(before));
  await until(() => expect(line.state().line).toBe('online'));
  expect(line.report({ status: null, results })).toBe(false);
});

test('paused it sends nothing of the journal and still hears commands; then all is settled', async () => {
  const { outbox, head, heard, line } = await open();
  outbox.capture(...sales(3));
  await settles(outbox, 3);
  line.setQuiet(true);
  outbox.capture(...sales(5, 4));
  await head.say(commandOf(head));
  await until(() => expect(heard).toHaveLength(1));
  expect([outbox.settled, head.held.seq]).toEqual([3, 3]);
  expect(await line.replay({}, () => {})).toMatchObject({
    kind: 'declined',
    reason: expect.stringContaining('paused'),
  });
  line.setQuiet(false);
  await settles(outbox, 8);
});

test('out of its hours nothing of the journal goes out, also no replay, and it goes on with few in a batch', async () => {
  const { outbox, head, line } = await open();
  line.setPolicy({ ...UNBOUNDED, outOfHours: true });
  outbox.capture(...sales(30));
  await until(() => expect(line.state().line).toBe('online'));
  expect(await line.replay({}, () => {})).toMatchObject({
    kind: 'declined',
    reason: expect.stringContaining('at this time of day'),
  });
  expect([outbox.settled, head.held.seq]).toEqual([0, 0]);
  line.setPolicy({ ...UNBOUNDED, batchEntries: 10, bytesPerSecond: 100_000 });
  await settles(outbox, 30);
  const batches = head.heard.flatMap((frame) => (frame.kind === 'batch' ? [frame.entries.length] : []));
  expect([Math.max(...batches), batches.length >= 3]).toEqual([10, true]);
});

test('entries that central holds are said again, within the range, and central compares them', async () => {
  const { outbox, head, line } = await open();
  outbox.capture(...sales(1_200));
  await settles(outbox, 1_200);
  const from = head.heard.length;
  const said: number[] = [];
  const done = await line.replay({ first: 11, last: 5_000 }, (through) => void said.push(through));
  expect(done).toEqual({ kind: 'done', first: 11, last: 1_200 });
  const batches = head.heard
    .slice(from)
    .flatMap((frame) => (frame.kind === 'batch' ? [[frame.first, frame.last]] : []));
  expect(batches).toEqual(
    expect.arrayContaining([
      [11, 510],
      [511, 1_010],
      [1_011, 1_200],
    ]),
  );
  expect(said).toEqual([510, 1_010, 1_200]);
  expect(await line.replay({ first: 2_000 }, () => {})).toMatchObject({ kind: 'declined' });
  expect([outbox.settled, head.held.seq, line.state().line]).toEqual([1_200, 1_200, 'online']);
});

test('where central refuses what is said again, or the line breaks, it is told how far it came', async () => {
  const { outbox, head, line } = await open();
  outbox.capture(...sales(1_200));
  await settles(outbox, 1_200);
  let marks = 0;
  head.tamper = (frame) => {
    if (frame.kind !== 'mark' || ++marks < 2) return frame;
    const { signature: _, keyId: __, kind: ___, session, store, instance, at, v } = frame;
    const words = { about: session, code: 'chain', message: 'not ours' } as const;
    return signFrame({ kind: 'reject', v, store, instance, at, ...words }, head.signer);
  };
  const stopped = await line.replay({}, () => {});
  expect(stopped).toMatchObject({ kind: 'stopped', reason: 'not ours' });
  await line.stop();
  expect(await line.replay({}, () => {})).toMatchObject({ kind: 'declined' });
});
