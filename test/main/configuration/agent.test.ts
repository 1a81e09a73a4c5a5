// A whole agent with a configuration: what the broker kept is put into force, told to head office, and on each fact.
import axios from 'axios';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startAgent } from '../../../main/agent.ts';
import { type Broker, startBroker } from '../../../main/broker.ts';
import { readIdentity } from '../../../main/data-folder.ts';
import type { ConfigurationMessage } from '../../../protocol/configuration/revision.ts';
import { encodeConfigurationMessage } from '../../../protocol/wire/config-message.ts';
import { configTopic } from '../../../protocol/wire/topics.ts';
import { openReader } from '../../../storage/reader.ts';
import { startScriptedCentral } from '../../sync/scripted-central.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';
import { messageOf, withdrawalOf } from './rig.ts';

function retain(broker: Broker, message: ConfigurationMessage): Promise<void> {
  const payload = encodeConfigurationMessage(message);
  const packet = { cmd: 'publish', topic: configTopic('S001'), payload, qos: 1, retain: true, dup: false } as const;
  return new Promise((resolve, reject) =>
    broker.aedes.publish(packet, (error) => (error == null ? resolve() : reject(error))),
  );
}

async function start(folder: string, broker: string) {
  const agent = await startAgent({
    ...{ folder, store: 'S001', broker, port: 0, log: pino({ level: 'silent' }) },
    onFault: (error) => {
      throw error;
    },
  });
  onTestFinished(() => agent.stop());
  const authorization = `Bearer ${readIdentity(folder)?.token}`;
  let receipts = 0;
  return {
    async sell(): Promise<void> {
      receipts += 1;
      const sale = {
        ...{ kind: 'sale', workstation: 'T1', receipt: `R${receipts}`, businessDate: '2026-11-21' },
        ...{ occurred: '2026-11-21T10:00:00Z', lines: [{ sku: 'A', quantity: 1 }] },
      };
      const headers = { authorization, 'idempotency-key': `k${receipts}` };
      await axios.post(`${agent.url}/v1/transactions`, sale, { headers, proxy: false });
    },
    async notices(): Promise<string[]> {
      const { data } = await axios.get(`${agent.url}/v1/status`, { headers: { authorization }, proxy: false });
      return (data as { notices: { code: string }[] }).notices.map(({ code }) => code);
    },
  };
}

test('a revision comes with the line, is told as it goes, marks each fact, and goes when head office takes it back', async () => {
  const broker = await startBroker();
  onTestFinished(() => broker.stop());
  const central = await startScriptedCentral(broker.url);
  onTestFinished(() => central.stop());
  const folder = temporaryFolder();
  const store = await start(folder, broker.url);
  const told = () =>
    central.heard
      .flatMap((frame) => (frame.kind === 'config' ? [frame.standing] : []))
      .map((one) => ({
        ...{ applied: one.applied, desired: one.desired, state: one.state },
      }));
  await store.sell();
  await until(() => expect(central.held.seq).toBe(1));
  expect(told()).toEqual([]);
  await retain(broker, messageOf(7));
  await until(() => expect(told().at(-1)).toEqual({ applied: 7, desired: 7, state: 'trial' }));
  await store.sell();
  await retain(broker, messageOf(8, { by: [] }));
  await until(() => expect(told().at(-1)).toEqual({ applied: 7, desired: 8, state: 'refused' }));
  expect(await store.notices()).toContain('configuration-refused');
  await retain(broker, messageOf(7, { withdrawals: [withdrawalOf(7, central.signer)] }));
  await until(() => expect(told().at(-1)).toEqual({ applied: null, desired: 7, state: 'withdrawn' }));
  await store.sell();
  await until(() => expect(central.held.seq).toBe(3));
  const reader = openReader(folder);
  onTestFinished(() => reader.close());
  const [epoch] = reader.epochs();
  const page = epoch === undefined ? [] : reader.page(epoch, 0, 10, 1_000_000);
  const revisions = page.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()).revision);
  expect(revisions).toEqual([0, 7, 0]);
});
