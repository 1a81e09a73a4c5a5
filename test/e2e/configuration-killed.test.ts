// A real agent is killed at each step of putting a configuration into force: one of the two is in force, whole, and the next
// start goes on from there (F52).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../main/broker.ts';
import { openConfigurationFiles } from '../../main/configuration/files.ts';
import type { ConfigurationMessage } from '../../protocol/configuration/revision.ts';
import { encodeConfigurationMessage } from '../../protocol/wire/config-message.ts';
import { configTopic } from '../../protocol/wire/topics.ts';
import { messageOf } from '../main/configuration/rig.ts';
import { temporaryFolder } from '../temporary.ts';
import { eventually } from '../wait.ts';

const PROGRAM = join(import.meta.dirname, '../../main/tillwire.ts');
const KILLER = join(import.meta.dirname, 'killed-at.ts');
/** Of a trial; the whole trial is ten of them. */
const MINUTE_MS = '40';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.stop());

function retain(message: ConfigurationMessage): Promise<void> {
  const payload = encodeConfigurationMessage(message);
  const packet = { cmd: 'publish', topic: configTopic('S001'), payload, qos: 1, retain: true, dup: false } as const;
  return new Promise((resolve, reject) =>
    broker.aedes.publish(packet, (error) => (error == null ? resolve() : reject(error))),
  );
}

function start(folder: string, killedAt: string | null) {
  const env = { ...process.env, TILLWIRE_TRIAL_MINUTE_MS: MINUTE_MS, KILLED_AT: killedAt ?? '' };
  const args = ['agent', '--store', 'S001', '--data', folder, '--broker', broker.url];
  const child = spawn(process.execPath, ['--import', KILLER, PROGRAM, ...args], { env, stdio: 'ignore' });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  return { ended, end: () => child.kill('SIGTERM') };
}

/** What is in force by the disk alone, as the next start sees it; whole, or this fails. */
function inForce(folder: string) {
  const files = openConfigurationFiles(folder);
  const state = files.readState();
  if (state?.inForce == null) throw new Error('nothing is in force');
  const content = files.readSlot(state.inForce.slot);
  expect(content?.digest).toBe(state.inForce.digest);
  expect(content?.configuration.sync).toEqual({ batchEntries: state.inForce.revision });
  return { revision: state.inForce.revision, isOnTrial: state.trial !== null };
}

async function runUntilGood(folder: string, revision: number): Promise<void> {
  const { ended, end } = start(folder, null);
  const isGood = async () => {
    const now = inForce(folder);
    return now.revision === revision && !now.isOnTrial;
  };
  await eventually(isGood, `revision ${revision} is good`).finally(end);
  await ended;
}

/** Behind each write: what is shown, the slot, the state of it, the switch, the start within its trial. */
const KILLS: [killedAt: string, revision: number][] = [
  ['after 1', 1],
  ['after 1', 1],
  ['after 2', 1],
  ['after 1', 2],
  ['after 1', 2],
];

test('killed at each step, the old one or the new one is in force, whole, and it comes to the new one', async () => {
  const folder = temporaryFolder();
  await retain(messageOf(1));
  await runUntilGood(folder, 1);
  await retain(messageOf(2));
  for (const [killedAt, revision] of KILLS) {
    expect(await start(folder, killedAt).ended, killedAt).toBe('SIGKILL');
    expect(inForce(folder).revision, killedAt).toBe(revision);
  }
  await runUntilGood(folder, 2);
  const kept = JSON.parse(readFileSync(join(folder, 'configuration', 'state.json'), 'utf8'));
  expect(kept).toMatchObject({
    inForce: { revision: 2 },
    before: { revision: 1 },
    good: [1, 2],
    putBack: [],
    next: null,
  });
}, 120_000);
