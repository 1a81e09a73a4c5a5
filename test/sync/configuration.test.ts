// Configuration at the uplink: what the broker kept is handed on, and how the store stands is told where it is heard.
import { expect, test } from 'vitest';
import type { ConfigurationMessage } from '../../protocol/configuration/revision.ts';
import type { ConfigurationStanding } from '../../protocol/wire/config-frames.ts';
import { encodeConfigurationMessage } from '../../protocol/wire/config-message.ts';
import type { Link } from '../../protocol/wire/link.ts';
import { configTopic } from '../../protocol/wire/topics.ts';
import { dialMqtt } from '../../sync/mqtt-link.ts';
import { until } from '../wait.ts';
import { makeMemoryOutbox } from './memory-outbox.ts';
import { broker, central, sales, settles, uplink } from './uplink-rig.ts';

const MESSAGE: ConfigurationMessage = { v: 1, store: 'S001', trusts: [], revision: null, withdrawals: [], at: 5 };
const NONE: ConfigurationStanding = {
  ...{ applied: null, desired: null, state: 'none', message: '', since: 1, isExpired: false, trust: null },
  ...{ captured: 0, setAside: 0 },
};

async function publisher(url: string): Promise<Link> {
  return new Promise((resolve, reject) => {
    const link: Link = dialMqtt(
      { url, clientId: 'publisher', subscriptions: ['none'] },
      { up: () => resolve(link), down: (reason) => reject(new Error(reason)), message: () => {} },
    );
  });
}

async function open() {
  const { url, aedes } = await broker();
  const head = await central(url);
  const says = await publisher(url);
  const outbox = makeMemoryOutbox();
  const heard: ConfigurationMessage[] = [];
  let standing = NONE;
  const start = () =>
    uplink(outbox, url, { onConfiguration: (message) => void heard.push(message), standing: () => standing });
  const publish = (message: Uint8Array): Promise<void> => says.publish(configTopic('S001'), message, true);
  const told = () => head.heard.flatMap((frame) => (frame.kind === 'config' ? [frame] : []));
  const becomes = (next: ConfigurationStanding): void => {
    standing = next;
  };
  return { aedes, head, outbox, heard, start, publish, told, becomes };
}

test('what the broker kept comes at connect, and the standing is told once in each session and when it changes', async () => {
  const { head, heard, start, publish, told, becomes } = await open();
  await publish(encodeConfigurationMessage(MESSAGE));
  const line = start();
  await until(() => expect(heard).toEqual([MESSAGE]));
  await until(() => expect(told()).toMatchObject([{ session: head.session().session, standing: NONE }]));
  line.tellStanding();
  const trial = { ...NONE, applied: 3, desired: 3, state: 'trial' as const };
  becomes(trial);
  line.tellStanding();
  await until(() => expect(told().map(({ standing }) => standing)).toEqual([NONE, trial]));
  const before = head.session().session;
  line.nudge();
  await until(() => expect(told().map(({ session }) => session)).toEqual([before, before, head.session().session]));
  expect(head.session().session).not.toBe(before);
});

test('a central that publishes no configuration hears nothing of it', async () => {
  const { outbox, start, publish, told } = await open();
  const line = start();
  outbox.capture(...sales(2));
  await settles(outbox, 2);
  line.tellStanding();
  outbox.capture(...sales(1, 3));
  await settles(outbox, 3);
  expect(told()).toEqual([]);
  await publish(encodeConfigurationMessage(MESSAGE));
  await until(() => expect(told()).toHaveLength(1));
});

test('what is for another store, unreadable, a bomb or taken away changes nothing, and the line stays', async () => {
  const { outbox, heard, start, publish } = await open();
  start();
  await until(() => expect(outbox.settled).toBe(0));
  const bomb = encodeConfigurationMessage({ ...MESSAGE, store: 'S'.repeat(20_000_000) });
  const wrong = [
    Buffer.alloc(0),
    Buffer.from('noise'),
    bomb,
    encodeConfigurationMessage({ ...MESSAGE, store: 'S002' }),
  ];
  for (const bytes of wrong) await publish(bytes);
  await publish(encodeConfigurationMessage({ ...MESSAGE, at: 6 }));
  await until(() => expect(heard.at(-1)).toEqual({ ...MESSAGE, at: 6 }));
  expect(heard).toHaveLength(1);
  outbox.capture(...sales(1));
  await settles(outbox, 1);
});

test('a broker that does not grant the topic keeps nothing else from going out', async () => {
  const { aedes, outbox, heard, start, publish } = await open();
  aedes.authorizeSubscribe = (_client, subscription, done) =>
    done(null, subscription.topic.endsWith('/config') ? null : subscription);
  await publish(encodeConfigurationMessage(MESSAGE));
  start();
  outbox.capture(...sales(1));
  await settles(outbox, 1);
  expect(heard).toEqual([]);
});
