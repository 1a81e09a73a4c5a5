// A whole agent: a revision that a feed cannot be read by is put back by the store itself, and no file suffers by it.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startAgent } from '../../../main/agent.ts';
import { startBroker } from '../../../main/broker.ts';
import type { ConfigurationMessage } from '../../../protocol/configuration/revision.ts';
import { encodeConfigurationMessage } from '../../../protocol/wire/config-message.ts';
import { configTopic } from '../../../protocol/wire/topics.ts';
import { mappingOf } from '../../capture/imports.ts';
import { startScriptedCentral } from '../../sync/scripted-central.ts';
import { temporaryFolder } from '../../temporary.ts';
import { eventually } from '../../wait.ts';
import { messageOf } from '../configuration/rig.ts';

test('columns that no file has: told, put back, and the file is read as it was before', async () => {
  vi.stubEnv('TILLWIRE_TRIAL_MINUTE_MS', '1000');
  onTestFinished(() => void vi.unstubAllEnvs());
  const broker = await startBroker();
  onTestFinished(() => broker.stop());
  const central = await startScriptedCentral(broker.url);
  onTestFinished(() => central.stop());
  const folder = temporaryFolder();
  const agent = await startAgent({
    ...{ folder, store: 'S001', broker: broker.url, port: 0, log: pino({ level: 'silent' }) },
    onFault: (error) => {
      throw error;
    },
  });
  onTestFinished(() => agent.stop());
  const retain = (message: ConfigurationMessage): Promise<void> => {
    const payload = encodeConfigurationMessage(message);
    const packet = { cmd: 'publish', topic: configTopic('S001'), payload, qos: 1, retain: true, dup: false } as const;
    return new Promise((resolve) => broker.aedes.publish(packet, () => resolve()));
  };
  const feed = (columns: object) => ({ shop: { reading: { ...mappingOf(), columns } } });
  const { columns } = mappingOf();
  const last = () => central.heard.flatMap((frame) => (frame.kind === 'config' ? [frame.standing] : [])).at(-1);

  await retain(messageOf(7, { changes: { chain: { feeds: feed(columns), trial: { minutes: 1 } } } }));
  await eventually(() => last()?.applied === 7 && last()?.state === 'good', 'the first one is good');
  const wrong = { ...columns, sku: 'article' };
  await retain(messageOf(8, { changes: { chain: { feeds: feed(wrong), trial: { minutes: 100 } } } }));
  await eventually(() => last()?.applied === 8, 'the next one is on trial');
  writeFileSync(join(folder, 'drop', 'shop', 'sales.csv'), 'receipt,sku,quantity,time\n1,A,1,2026-11-21T10:15:00\n');
  await eventually(() => last()?.state === 'put-back', 'put back');
  expect(last()).toMatchObject({
    ...{ applied: 7, desired: 8 },
    message: expect.stringContaining('feeds.shop.reading cannot read a file: The file has no column "article"'),
  });
  await eventually(() => existsSync(join(folder, 'drop', 'shop', 'done', 'sales.csv')), 'read as before');
  await eventually(() => central.held.seq === 1, 'sent');
}, 120_000);
