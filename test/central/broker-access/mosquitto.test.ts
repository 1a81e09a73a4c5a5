// A real Mosquitto as `tillwire prepare` sets it up lets in like any other, by certificate and password.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDynamicSecurity } from '../../../central/broker-access/dynamic-security.ts';
import type { Admitted, BrokerAccess } from '../../../central/broker-access/port.ts';
import { makeAuthority, openAuthority } from '../../../central/devices/authority.ts';
import { brokerFolder } from '../../../main/prepare/mosquitto.ts';
import { makePrivateKeyPem, openSigner } from '../../../protocol/wire/signing.ts';
import { configTopic, upTopic } from '../../../protocol/wire/topics.ts';
import { dialMqtt } from '../../../sync/mqtt-link.ts';
import { canBeSecure, makeSecureMosquitto, type SecureMosquitto } from '../../mosquitto.ts';
import { freePort } from '../../net.ts';
import { temporaryFolder } from '../../temporary.ts';
import { until } from '../../wait.ts';
import { type AccessRig, accessContract, admittedFor } from './access.contract.ts';
import { mustSignIn, REFUSED, type Shown, says, signIn, subscribes } from './clients.ts';

const DAY_MS = 24 * 3_600_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

const openAccess = (mosquitto: SecureMosquitto): BrokerAccess =>
  openDynamicSecurity({
    ...{ dial: dialMqtt, brokerUrl: mosquitto.url, signIn: mosquitto.signIn, clock, log: silent },
    chance: () => 0,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  });

type From = { authority?: SecureMosquitto['devices']; fromMs?: number; untilMs?: number };

/** Certificate and key of a computer, by default good ones. */
async function certificateOf(mosquitto: SecureMosquitto, { store, device }: Admitted, from: From = {}) {
  const { authority = mosquitto.devices, fromMs = Date.now(), untilMs = Date.now() + DAY_MS } = from;
  const key = makePrivateKeyPem();
  const { publicKey } = openSigner(key);
  const certificate = await authority.issue({ store, device, publicKey, fromMs, untilMs });
  return { authority: readFileSync(mosquitto.prepared.authority, 'utf8'), certificate, key };
}

type Rig = AccessRig & { mosquitto: SecureMosquitto };

async function openRig(): Promise<Rig> {
  const mosquitto = await makeSecureMosquitto(temporaryFolder(), await freePort());
  await mosquitto.start();
  const access = openAccess(mosquitto);
  const { login, tls } = mosquitto.signIn;
  return {
    ...{ mosquitto, access, url: mosquitto.url },
    central: { clientId: 'tillwire-central-1', ...login, ...tls },
    certificateOf: (admitted) => certificateOf(mosquitto, admitted),
    async stop() {
      await access.stop();
      await mosquitto.kill();
    },
  };
}

describe.runIf(canBeSecure())('Mosquitto', () => {
  accessContract('with dynamic security and TLS', openRig);

  const victim = admittedFor('S001', 'd000000000001');

  async function withVictim() {
    const rig = await openRig();
    onTestFinished(() => rig.stop());
    await rig.access.admit(victim, 'one');
    const central = await mustSignIn(rig.url, rig.central);
    await subscribes(central, 'tillwire/1/main/+/+/up');
    const good = await rig.certificateOf(victim);
    const shown: Shown = { ...good, clientId: victim.clientId, username: victim.username, password: 'one' };
    const heard = await mustSignIn(rig.url, shown);
    const isRefused = async (over: Partial<Shown>) => (await signIn(rig.url, { ...shown, ...over })) === REFUSED;
    const staysConnected = async (): Promise<void> => {
      says(heard, upTopic('S001'), 'still here');
      await until(() => expect(central.messages.map(({ text }) => text)).toEqual(['still here']));
      expect(heard.isCut()).toBe(false);
    };
    return { ...rig, shown, isRefused, staysConnected };
  }

  test('a stolen password without a key and its certificate is worth nothing (F56)', async () => {
    const { isRefused, staysConnected, shown } = await withVictim();
    expect(await isRefused({ certificate: undefined, key: undefined })).toBe(true);
    // The certificate is no secret: without its key it proves nothing.
    expect(await isRefused({ certificate: shown.certificate, key: makePrivateKeyPem() })).toBe(true);
    await staysConnected();
  });

  test('a stolen certificate and key without the password are worth nothing (F56)', async () => {
    const { isRefused, staysConnected } = await withVictim();
    expect(await isRefused({ username: undefined, password: undefined })).toBe(true);
    expect(await isRefused({ password: 'guessed' })).toBe(true);
    await staysConnected();
  });

  test('an expired certificate, one not valid yet, and one of another authority are refused (F56)', async () => {
    const { mosquitto, isRefused, staysConnected } = await withVictim();
    const now = Date.now();
    const expired = await certificateOf(mosquitto, victim, { fromMs: now - 9 * DAY_MS, untilMs: now - DAY_MS });
    const early = await certificateOf(mosquitto, victim, { fromMs: now + 9 * DAY_MS, untilMs: now + 10 * DAY_MS });
    const stranger = await openAuthority(await makeAuthority(now));
    const foreign = await certificateOf(mosquitto, victim, { authority: stranger });
    expect(await isRefused(expired)).toBe(true);
    expect(await isRefused(early)).toBe(true);
    expect(await isRefused(foreign)).toBe(true);
    expect(await signIn(mosquitto.url.replace('mqtts', 'mqtt'), { clientId: victim.clientId })).toBe(REFUSED);
    await staysConnected();
  });

  test('whom it let in it still knows after it was killed; what is asked while it is away is told', async () => {
    const { mosquitto, access, shown } = await withVictim();
    await mosquitto.kill();
    await expect(access.admit(admittedFor('S002', 'd000000000002'), 'two')).rejects.toThrow(/broker/i);
    await mosquitto.start();
    await access.admit(admittedFor('S002', 'd000000000002'), 'two');
    expect(await access.admitted()).toEqual(expect.arrayContaining(['d000000000001', 'd000000000002']));
    await mustSignIn(mosquitto.url, shown);
  });

  test('what an older version let in may use the topics of this one, and nothing that is another store’s', async () => {
    const { mosquitto, access, shown } = await withVictim();
    await mosquitto.kill();
    const { security } = brokerFolder(dirname(mosquitto.prepared.brokerConfiguration));
    const known = JSON.parse(readFileSync(security, 'utf8')) as { roles: { acls: { topic: string }[] }[] };
    const older = known.roles.map((role) => ({
      ...role,
      acls: role.acls.filter(({ topic }) => !topic.endsWith('/config')),
    }));
    expect(older.flatMap(({ acls }) => acls).length).toBeLessThan(known.roles.flatMap(({ acls }) => acls).length);
    writeFileSync(security, JSON.stringify({ ...known, roles: older }));
    await mosquitto.start();
    const before = await mustSignIn(mosquitto.url, shown);
    expect(await subscribes(before, configTopic('S001'))).toBe(false);
    // Its own role changes too, and the broker hangs up on whoever has one that changed.
    await until(() => access.bringUpToDate());
    await until(() => expect(before.isCut()).toBe(true));
    const heard = await mustSignIn(mosquitto.url, shown);
    expect(await subscribes(heard, configTopic('S001'))).toBe(true);
    expect(await subscribes(heard, configTopic('S002'))).toBe(false);
    const { login, tls } = mosquitto.signIn;
    const central = await mustSignIn(mosquitto.url, { clientId: 'tillwire-central-1', ...login, ...tls });
    says(central, configTopic('S001'), 'the newest');
    await until(() => expect(heard.messages.map(({ text }) => text)).toEqual(['the newest']));
  });

  test('a broker that allows what nobody forbade is used for nobody (S13)', async () => {
    const mosquitto = await makeSecureMosquitto(temporaryFolder(), await freePort());
    const { security } = brokerFolder(dirname(mosquitto.prepared.brokerConfiguration));
    const known = JSON.parse(readFileSync(security, 'utf8'));
    const open = { ...known, defaultACLAccess: { ...known.defaultACLAccess, subscribe: true } };
    writeFileSync(security, JSON.stringify(open));
    await mosquitto.start();
    const access = openAccess(mosquitto);
    onTestFinished(async () => {
      await access.stop();
      await mosquitto.kill();
    });
    await expect(access.admit(victim, 'one')).rejects.toThrow(/allows by default: subscribe/);
    expect(await access.admitted()).not.toContain(victim.username);
  });

  test('a login that may not administer the broker is told so', async () => {
    const { mosquitto, access, shown } = await withVictim();
    const told: string[] = [];
    const { username = '', password = '' } = shown;
    const weak = openDynamicSecurity({
      ...{ dial: dialMqtt, brokerUrl: mosquitto.url, clock, chance: () => 0, randomHex: () => 'x' },
      signIn: { ...mosquitto.signIn, login: { username, password } },
      log: { ...silent, warn: ({ reason }) => told.push(String(reason)) },
    });
    onTestFinished(() => weak.stop());
    await until(() => expect(told.join()).toMatch(/Not authorized/));
    expect(await access.admitted()).toContain(victim.username);
  });
});
