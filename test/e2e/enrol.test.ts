// A computer joins its store: by a token, over HTTPS of a private authority, through a proxy, with a wrong clock, as a clone.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { readIdentity } from '../../main/data-folder.ts';
import { readKept } from '../../main/enrol/kept.ts';
import { readMoving } from '../../main/enrol/moving.ts';
import { enrolmentFile } from '../../main/enrolment-file.ts';
import { connectProxy } from '../connect-proxy.ts';
import { eventually } from '../wait.ts';
import { tillwire } from './cli.ts';
import { allSettled, type EnrolRig, logged, makeEnrolRig, NAME, OPERATOR, online } from './enrol-rig.ts';

let rig: EnrolRig;
let authority = '';

beforeAll(async () => {
  rig = await makeEnrolRig();
  authority = join(rig.folder, 'authority.pem');
  writeFileSync(authority, rig.authority);
});
afterAll(() => rig.stop());

const https = (): string => `https://127.0.0.1:${rig.httpsPort}`;

test('a token, and it sells: over HTTPS of a private authority, settled at central under its own key', async () => {
  const tokenFile = join(rig.folder, 'operator.token');
  writeFileSync(tokenFile, OPERATOR);
  const issue = ['enrol', 'token', '--central', rig.central.url, '--store', 'S001', '--token-file', tokenFile];
  const token = (await tillwire(...issue)).out.trim();
  const computer = await rig.start({ name: 'S001', enrol: token, central: https(), authority });
  expect(computer.store).toBe('S001');
  expect(computer.said[1]).toMatch(/^This PC is d[0-9a-f]{12} of store S001\. Its certificate lasts until/);
  expect(await computer.sell(1)).toBe(201);
  await eventually(() => allSettled(computer), 'the sale is settled');
  expect(await rig.entries('S001')).toBe(1);
  expect(await rig.devices('S001')).toMatchObject([{ state: 'active' }]);
  await computer.stop();
  // A service that is started again with the same words, or without them, is the same computer.
  const again = await rig.start({ name: 'S001', enrol: token, central: https(), authority });
  expect(again.said).toEqual([expect.stringContaining('was enrolled by this token before')]);
  await eventually(() => online(again), 'it is online again');
  await again.stop();
  const plain = await rig.start({ name: 'S001' });
  await eventually(() => online(plain), 'it is online without a word');
  await plain.stop();
  expect(await rig.devices('S001')).toHaveLength(1);
});

test('nothing that only this computer may know is logged or said', () => {
  const { token = '', pseudonymKey = '' } = readIdentity(join(rig.folder, 'S001')) ?? {};
  const { broker } = readKept(join(rig.folder, 'S001'))?.credentials ?? { broker: { password: '' } };
  const told = logged.join('\n');
  expect(told).toContain('the agent begins');
  for (const secret of [token, pseudonymKey, broker.password]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(told.includes(secret)).toBe(false);
  }
  expect(told).not.toMatch(/twe_[0-9a-f]{12}_/);
});

test('an authority that nobody named is not trusted, and nothing is enrolled in the clear', async () => {
  const token = await rig.token('S002');
  const start = (more: object) => rig.start({ name: 'S002', enrol: token, ...more });
  await expect(start({ central: `http://${NAME}:1` })).rejects.toThrow('must begin with https://');
  await expect(start({ central: https() })).rejects.toThrow('not signed by an authority');
  await expect(start({ central: https(), authority, enrol: 'twe_1' })).rejects.toThrow('no enrolment token');
  await expect(start({ central: https(), authority, store: 'S003' })).rejects.toThrow('not for store S003');
  await (await start({ central: https(), authority })).stop();
});

test('through a proxy that only lets lines pass, for enrolment and for what comes after', async () => {
  const target = `${NAME}:${rig.httpsPort}`;
  const proxy = await connectProxy({ login: 'store:s3cret' });
  vi.stubEnv('HTTPS_PROXY', proxy.url.replace('//', '//store:s3cret@'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const enrol = await rig.token('S004');
  const computer = await rig.start({ name: 'S004', enrol, central: `https://${target}`, authority });
  // Not how often: what it asks for next may have begun.
  expect(new Set(proxy.targets)).toEqual(new Set([target]));
  await eventually(() => online(computer), 'it is online');
  // Its password at the broker is changed behind its back: it renews by the same way.
  const before = readKept(computer.folder)?.credentials.broker.password;
  rig.shift.ms = 100 * 86_400_000;
  await computer.stop();
  const lines = proxy.targets.length;
  const later = await rig.start({ name: 'S004' });
  await eventually(() => online(later), 'it has renewed through the proxy');
  expect(readKept(later.folder)?.credentials.broker.password).not.toBe(before);
  expect(proxy.targets.length).toBeGreaterThan(lines);
  expect(proxy.others).toEqual([]);
  await later.stop();
  rig.shift.ms = 0;
});

test('a shop that was closed for longer than its certificate lives comes back by itself, whatever its own clock says', async () => {
  const enrol = await rig.token('S005');
  const computer = await rig.start({ name: 'S005', enrol, central: https(), authority });
  await computer.stop();
  const { device, certificateEndsMs } = {
    device: readKept(computer.folder)?.credentials.device,
    certificateEndsMs: readKept(computer.folder)?.credentials.untilMs ?? 0,
  };
  // By central's clock 400 days have passed; that of the PC says nothing of them.
  rig.shift.ms = 400 * 86_400_000;
  const later = await rig.start({ name: 'S005' });
  expect(await later.sell(1)).toBe(201);
  await eventually(() => allSettled(later), 'its sale is settled');
  const kept = readKept(later.folder)?.credentials;
  expect(kept?.device).toBe(device);
  expect(kept?.untilMs).toBeGreaterThan(certificateEndsMs + 300 * 86_400_000);
  await later.stop();
  rig.shift.ms = 0;
});

test('two clones of one disk image become two devices, each of its own store, and both sell', async () => {
  const stores = [
    { store: 'S011', computer: 'till-pc-11' },
    { store: 'S012', computer: 'till-pc-12' },
    { store: 'S013', computer: 'image-builder' },
  ];
  const file = JSON.stringify(await rig.file(stores));
  // The image was made on a computer on which the program had been started, and had even joined.
  const machine = (name: string, card: string) => ({ name, id: `id-of-${name}`, addresses: [card] });
  const image = join(rig.folder, 'image');
  mkdirSync(image, { mode: 0o700 });
  writeFileSync(enrolmentFile(image), file);
  const builder = await rig.start({ name: 'image', machine: machine('image-builder', '02:00:00:00:00:01') });
  await eventually(() => online(builder), 'the computer of the image has joined');
  await builder.stop();
  const clones = [];
  for (const number of [11, 12]) {
    const name = `clone-${number}`;
    cpSync(image, join(rig.folder, name), { recursive: true });
    clones.push(await rig.start({ name, machine: machine(`TILL-PC-${number}`, `02:00:00:00:00:${number}`) }));
  }
  for (const clone of clones) {
    expect(await clone.sell(1)).toBe(201);
    await eventually(() => allSettled(clone), `the sale of ${clone.store} is settled`);
  }
  expect(clones.map(({ store }) => store)).toEqual(['S011', 'S012']);
  const devices = [...(await rig.devices('S011')), ...(await rig.devices('S012')), ...(await rig.devices('S013'))];
  expect(devices.map(({ state }) => state)).toEqual(['active', 'active', 'active']);
  expect(new Set(devices.map(({ device }) => device)).size).toBe(3);
  expect(new Set(clones.map(({ folder }) => readIdentity(folder)?.token)).size).toBe(2);
  for (const clone of clones) await clone.stop();
});

test('with a file of head office tills are served at once, and it joins when central can be reached', async () => {
  const file = await rig.file([{ store: 'S021', computer: null }]);
  const folder = join(rig.folder, 'S021');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(enrolmentFile(folder), JSON.stringify({ ...file, store: 'S022' }));
  await expect(rig.start({ name: 'S021' })).rejects.toThrow('was changed after head office signed it');
  writeFileSync(enrolmentFile(folder), JSON.stringify(file));
  const computer = await rig.start({ name: 'S021', store: 'S021' });
  expect(await computer.sell(1)).toBe(201);
  await eventually(() => allSettled(computer), 'the sale is settled');
  await computer.stop();
});

test('a store moves: out at the old PC, in at the new one, nothing is lost and nobody needs --replace', async () => {
  const old = await rig.start({ name: 'S031-old', enrol: await rig.token('S031'), central: https(), authority });
  expect(await old.sell(1)).toBe(201);
  const out = await tillwire('move-out', '--data', old.folder, '--by', 'IT');
  expect(out).toMatchObject({ code: 0, err: '' });
  expect(out.out).toContain('Store S031 has left this PC.');
  expect(readMoving(old.folder)?.step).toBe('left');
  expect(await old.sell(2)).toBe(503);
  expect((await old.status()).notices.map(({ code }) => code)).toContain('moving-out');
  expect(await rig.devices('S031')).toMatchObject([{ state: 'retired' }]);
  expect((await tillwire('move-out', '--data', old.folder, '--cancel')).err).toContain('It has left already');
  await old.stop();
  const enrol = await rig.token('S031');
  const young = await rig.start({ name: 'S031-new', enrol, central: https(), authority });
  expect(await young.sell(2)).toBe(201);
  await eventually(() => allSettled(young), 'the new PC has sold');
  expect(await rig.entries('S031')).toBe(2);
  await young.stop();
  // The old one comes back: the same folder is at home again with a token of its own.
  const back = await rig.start({
    name: 'S031-old',
    enrol: await rig.token('S031', { replace: true }),
    central: https(),
    authority,
  });
  expect(await back.sell(3)).toBe(201);
  await eventually(() => allSettled(back), 'the old PC sells again');
  expect(await rig.entries('S031')).toBe(3);
  await back.stop();
});

test('a device that was taken back captures on, says so, and comes back with a new token', async () => {
  const lost = await rig.start({ name: 'S041', enrol: await rig.token('S041'), central: https(), authority });
  await eventually(() => online(lost), 'it is online');
  const device = readKept(lost.folder)?.credentials.device ?? '';
  await rig.revoke('S041', device);
  await eventually(
    async () => (await lost.status()).notices.some(({ code }) => code === 'access-taken-back'),
    'it says that it was taken back',
  );
  expect(await lost.sell(1)).toBe(201);
  expect(await online(lost)).toBe(false);
  await lost.stop();
  const enrol = await rig.token('S041');
  const again = await rig.start({ name: 'S041', enrol, central: https(), authority });
  await eventually(() => allSettled(again), 'what it captured meanwhile is settled');
  expect(readKept(again.folder)?.credentials.device).not.toBe(device);
  expect(await rig.entries('S041')).toBe(1);
  await again.stop();
});
