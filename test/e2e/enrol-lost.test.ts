// Requests and answers that are lost, and computers that are killed, at each step of joining, renewing and changing keys.

import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceKeyFile } from '../../main/data-folder.ts';
import { join } from '../../main/enrol/join.ts';
import { readKept } from '../../main/enrol/kept.ts';
import { nextKeyFile } from '../../main/enrol/keys.ts';
import { type Member, openMember } from '../../main/enrol/member.ts';
import { type Log, systemClock } from '../../main/runtime.ts';
import { makePrivateKeyPem, openSigner } from '../../protocol/wire/signing.ts';
import { eventually } from '../wait.ts';
import { allSettled, type Computer, type EnrolRig, type LossyDoor, lossyDoor, makeEnrolRig } from './enrol-rig.ts';

let rig: EnrolRig;
let door: LossyDoor & { close(): void };

beforeAll(async () => {
  rig = await makeEnrolRig();
  door = await lossyDoor(rig.central.url);
});
afterAll(async () => {
  door.close();
  await rig.stop();
});

/** The computer sells, and central takes it from the one device of the store. */
async function expectSelling(computer: Computer, receipt: number): Promise<void> {
  expect(await computer.sell(receipt)).toBe(201);
  await eventually(() => allSettled(computer), `sale ${receipt} is settled`);
  const [device, ...more] = await rig.devices(computer.store);
  expect(more).toEqual([]);
  const kept = readKept(computer.folder)?.credentials;
  const signer = openSigner(readFileSync(deviceKeyFile(computer.folder), 'utf8'));
  expect({ device: kept?.device, keyId: signer.keyId, state: 'active' }).toMatchObject({
    device: device?.device,
    keyId: device?.keyId,
    state: device?.state,
  });
  expect(existsSync(nextKeyFile(computer.folder))).toBe(false);
}

test.each(['request', 'answer'] as const)(
  'joining: the %s is lost, and the same words again are the same device',
  async (what) => {
    const store = `J-${what}`;
    const enrol = await rig.token(store);
    const folder = pathOf(rig.folder, store);
    door.lose(what, '/v1/device/enrolments');
    const parts = { folder, network: () => ({}), wallMs: Date.now };
    const asked = { token: enrol, central: door.url, authority: null, store: null };
    await expect(join(parts, asked)).rejects.toThrow('The line was cut');
    expect(await rig.devices(store)).toHaveLength(what === 'answer' ? 1 : 0);
    // Whoever was killed there begins again with nothing but the folder and the words.
    const computer = await rig.start({ name: store, enrol, central: door.url });
    await expectSelling(computer, 1);
    await computer.stop();
  },
);

test.each(['request', 'answer'] as const)(
  'renewing: the %s is lost, and it renews again, also after it was killed',
  async (what) => {
    const store = `R-${what}`;
    const computer = await rig.start({ name: store, enrol: await rig.token(store), central: door.url });
    await expectSelling(computer, 1);
    await computer.stop();
    rig.shift.ms = 100 * 86_400_000;
    door.lose(what, '/v1/device/certificates');
    const lost = door.lost.length;
    const first = await rig.start({ name: store });
    await eventually(() => door.lost.length > lost, 'it was lost');
    await first.stop();
    const second = await rig.start({ name: store });
    await expectSelling(second, 2);
    await second.stop();
    rig.shift.ms = 0;
  },
);

async function memberOf(folder: string): Promise<Member> {
  return openMember({
    ...{ folder, broker: null, invitation: null, clock: systemClock, log: pino({ level: 'silent' }) as Log },
    ...{ network: () => ({}), onChange: () => {}, onFresh: () => {} },
  });
}

async function joined(store: string): Promise<string> {
  const computer = await rig.start({ name: store, enrol: await rig.token(store), central: door.url });
  await expectSelling(computer, 1);
  await computer.stop();
  return computer.folder;
}

test.each(['request', 'answer'] as const)(
  'a new key: the %s is lost, and the next start comes to the end of it',
  async (what) => {
    const folder = await joined(`K-${what}`);
    const before = readFileSync(deviceKeyFile(folder), 'utf8');
    door.lose(what, '/v1/device/keys');
    const member = await memberOf(folder);
    await expect(member.rotateKeys()).rejects.toThrow('The line was cut');
    member.close();
    expect(readFileSync(deviceKeyFile(folder), 'utf8')).toBe(before);
    expect(existsSync(nextKeyFile(folder))).toBe(true);
    const computer = await rig.start({ name: `K-${what}` });
    await eventually(() => !existsSync(nextKeyFile(folder)), 'the new key is the present one');
    await expectSelling(computer, 2);
    expect(readFileSync(deviceKeyFile(folder), 'utf8')).not.toBe(before);
    await computer.stop();
  },
);

test('a new key: killed before central was asked, and killed when the answer was kept but the key not yet put in its place', async () => {
  const folder = await joined('K-killed');
  writeFileSync(nextKeyFile(folder), makePrivateKeyPem(), { mode: 0o600 });
  const first = await rig.start({ name: 'K-killed' });
  await eventually(() => !existsSync(nextKeyFile(folder)), 'the new key is the present one');
  await expectSelling(first, 2);
  await first.stop();
  const older = pathOf(rig.folder, 'older.key');
  copyFileSync(deviceKeyFile(folder), older);
  const member = await memberOf(folder);
  const { keyId } = await member.rotateKeys();
  member.close();
  copyFileSync(deviceKeyFile(folder), nextKeyFile(folder));
  copyFileSync(older, deviceKeyFile(folder));
  const second = await rig.start({ name: 'K-killed' });
  await expectSelling(second, 3);
  expect(openSigner(readFileSync(deviceKeyFile(folder), 'utf8')).keyId).toBe(keyId);
  await second.stop();
});

test('a running agent goes on with a new key without losing a sale', async () => {
  const folder = await joined('K-live');
  const computer = await rig.start({ name: 'K-live' });
  const member = await memberOf(folder);
  const selling = Promise.all(Array.from({ length: 20 }, (_, index) => computer.sell(100 + index)));
  await member.rotateKeys();
  member.close();
  expect(await selling).toEqual(Array.from({ length: 20 }, () => 201));
  await computer.stop();
  const again = await rig.start({ name: 'K-live' });
  await expectSelling(again, 200);
  expect(await rig.entries('K-live')).toBe(22);
  await again.stop();
});

test('an agent that is killed again and again while it joins is one device in the end', async () => {
  const store = 'KILLED';
  const enrol = await rig.token(store);
  const data = pathOf(rig.folder, store);
  const program = pathOf(import.meta.dirname, '../../main/tillwire.ts');
  const words = ['agent', '--enrol', enrol, '--central', rig.central.url, '--data', data];
  for (const afterMs of [150, 300, 450, 600, 800, 1_000, 1_300, 1_600]) {
    const child = spawn(process.execPath, [program, ...words], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await pause(afterMs);
    child.kill('SIGKILL');
    await ended;
  }
  const computer = await rig.start({ name: store, enrol, central: rig.central.url });
  await expectSelling(computer, 1);
  await computer.stop();
});
