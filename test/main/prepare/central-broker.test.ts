// How central comes to its broker: what is missing is told before it starts, and the embedded one asks who somebody is.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeAuthority, openAuthority } from '../../../central/devices/authority.ts';
import { type BrokerOptions, centralBroker, isHere } from '../../../main/commands/central-broker.ts';
import { REFUSED, signIn } from '../../central/broker-access/clients.ts';
import { temporaryFolder } from '../../temporary.ts';

const options = (over: Partial<BrokerOptions>): BrokerOptions => ({
  ...{ broker: 'embedded', brokerPort: 0, brokerAccess: 'none', enrolment: 'required' },
  ...over,
});
const authority = async () => openAuthority(await makeAuthority(Date.now()));

async function embedded(enrolment: 'open' | 'required') {
  const broker = await centralBroker(options({ enrolment }));
  onTestFinished(broker.stop);
  return { broker, ...(await broker.open(await authority())) };
}

test('the embedded broker lets central in by a password of its own, and a nameless one only in a trial', async () => {
  const { broker, signIn: own } = await embedded('required');
  expect(await signIn(broker.url, { clientId: 'tillwire-central-1', ...own.login })).not.toBe(REFUSED);
  expect(await signIn(broker.url, { clientId: 'tillwire-S001' })).toBe(REFUSED);
  const trial = await embedded('open');
  expect(await signIn(trial.broker.url, { clientId: 'tillwire-S001' })).not.toBe(REFUSED);
});

test('dynamic security without a login, and a login that cannot be read, are told', async () => {
  const url = 'mqtts://broker.example';
  await expect(centralBroker(options({ broker: url, brokerAccess: 'dynsec' }))).rejects.toThrow(/needs --broker-login/);
  const file = join(temporaryFolder(), 'login.json');
  await expect(centralBroker(options({ broker: url, brokerLogin: file }))).rejects.toThrow(/login\.json is not there/);
  writeFileSync(file, '{"username":"central"}');
  await expect(centralBroker(options({ broker: url, brokerLogin: file }))).rejects.toThrow(/"password"/);
});

test('central shows a certificate of its own authority where the broker speaks TLS, and none where it does not', async () => {
  const made = await authority();
  const secure = await (await centralBroker(options({ broker: 'mqtts://broker.example' }))).open(made);
  const plain = await (await centralBroker(options({ broker: 'mqtt://127.0.0.1' }))).open(made);
  expect(secure.signIn.tls?.certificate).toMatch(/BEGIN CERTIFICATE/);
  expect([plain.signIn.tls, plain.access, secure.access]).toEqual([undefined, null, null]);
  expect(['embedded', 'mqtt://127.0.0.1', 'mqtt://broker.example'].map(isHere)).toEqual([true, true, false]);
});
