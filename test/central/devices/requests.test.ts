// Signed requests of devices: renewal, another key, leaving; and those of attackers, none of which changes anything.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { takeHello } from '../../../central/hello.ts';
import { DEVICE_BODY_BYTES_MAX, REFUSED_REQUESTS_MAX, REQUEST_CLOCK_MS } from '../../../core/limits/devices.ts';
import { Credentials } from '../../../protocol/device/credentials.ts';
import { possessionStatement } from '../../../protocol/device/signed-request.ts';
import { signCertificate } from '../../../protocol/wipe-certificate.ts';
import { makeDevice, sale } from '../device.ts';
import { takeBatch } from '../rig.ts';
import { DAY_MS, type Office, openOffice } from './office.ts';
import { askSigned, enrolPc, newKey } from './pc.ts';

// Real databases, keys and doors: a loaded machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 60_000);
afterAll(() => office.close());

describe('what an active device asks', () => {
  test('renewal, also long after its certificate has ended: a new certificate and a new password', async () => {
    const pc = await office.enrolled('S101');
    office.passes(200 * DAY_MS);
    const mine = makeDevice('S101', { signer: pc.key });
    expect(await takeHello(office.rig.intake, mine.hello())).toMatchObject({
      ...{ kind: 'reject', code: 'key' },
      message: expect.stringMatching(/certificate of this computer for store S101 has ended.*renews it by itself/),
    });
    const { status, body } = await office.signed(pc, '/certificates', {});
    expect(status).toBe(201);
    const renewed = Credentials.parse(body);
    expect(renewed).toMatchObject({ device: pc.device, untilMs: office.nowMs() + 90 * DAY_MS });
    expect(renewed.broker.password).not.toBe(pc.credentials.broker.password);
    expect(office.access.passwords.get(pc.device)).toBe(renewed.broker.password);
    expect(Date.parse(new X509Certificate(renewed.certificate).validTo)).toBe(renewed.untilMs);
    expect(await takeHello(office.rig.intake, mine.hello())).toMatchObject({ kind: 'welcome' });
  });

  test('another key: the old one speaks no more, and is known as evidence; a lost answer is asked for with it', async () => {
    const pc = await office.enrolled('S102');
    const key = newKey();
    const proof = key.sign(possessionStatement(key.publicKey, pc.device));
    const wish = { publicKey: key.publicKey, proof };
    expect(await office.signed(pc, '/keys', { ...wish, proof: pc.key.sign('no') })).toMatchObject({ status: 403 });
    expect(await office.signed(pc, '/keys', wish)).toMatchObject({ status: 201 });
    const again = await office.signed(pc, '/keys', wish);
    expect(again).toMatchObject({ status: 201, body: { device: pc.device } });
    const third = newKey();
    const stolen = { publicKey: third.publicKey, proof: third.sign(possessionStatement(third.publicKey, pc.device)) };
    expect(await office.signed(pc, '/keys', stolen)).toMatchObject({ status: 403 });
    expect(await office.signed(pc, '/certificates', {})).toMatchObject({ status: 401 });
    expect(await office.signed({ ...pc, key }, '/certificates', {})).toMatchObject({ status: 201 });
    const old = makeDevice('S102', { signer: pc.key });
    expect(await takeHello(office.rig.intake, old.hello())).toMatchObject({
      ...{ kind: 'reject', code: 'key' },
      message: expect.stringMatching(/with another key: the one it shows is an old one/),
    });
    expect(await takeHello(office.rig.intake, makeDevice('S102', { signer: key }).hello())).toMatchObject({
      kind: 'welcome',
    });
    expect(await office.signed(pc, '/keys', { ...wish, publicKey: pc.key.publicKey })).toMatchObject({ status: 403 });
  });

  test('leaving in order: not while central lacks an entry, then the store is free without --replace', async () => {
    const pc = await office.enrolled('S103');
    const mine = makeDevice('S103', { signer: pc.key });
    mine.capture(sale('1', [['tea', 1_000]]));
    const welcome = await takeHello(office.rig.intake, mine.hello());
    if (welcome.kind !== 'welcome') throw new Error('no welcome');
    const mark = await takeBatch(office.rig.intake, mine.batch(welcome.session, 1, 1));
    const centralKey = office.rig.intake.signer.publicKey;
    const certified = (change: { seq?: number; store?: string }, key = pc.key) => ({
      certificate: signCertificate(
        {
          ...{ store: change.store ?? 'S103', at: 1, program: '0.1.0', centralKey },
          epochs: [{ epoch: mine.epoch, seq: change.seq ?? 1, chain: mine.chainAt(1), mark: JSON.stringify(mark) }],
        },
        key,
      ),
    });
    const leave = (body: unknown) => office.signed(pc, '/retirement', body);
    expect(await leave(certified({ seq: 2 }))).toMatchObject({ status: 400, body: { message: /confirmed 1 of 2/ } });
    expect(await leave(certified({ store: 'S104' }))).toMatchObject({ status: 400 });
    expect(await leave(certified({}, newKey()))).toMatchObject({ status: 400, body: { message: /Another computer/ } });
    expect(await office.states('S103')).toEqual([[pc.device, 'active']]);
    expect(await leave(certified({}))).toMatchObject({ status: 200, body: { message: /has left store S103/ } });
    expect(office.access.withdrawn).toContain(pc.device);
    expect(await takeHello(office.rig.intake, mine.hello())).toMatchObject({
      ...{ kind: 'reject', code: 'key' },
      message: expect.stringMatching(/left store S103 in order/),
    });
    await office.enrolled('S103');
  });
});

describe('requests that are refused, with central’s time', () => {
  test('of another device, with another key, unsigned, changed on the way', async () => {
    const [a, b] = [await office.enrolled('S111'), await office.enrolled('S112')];
    const before = office.access.passwords.get(a.device);
    const refused = { status: 401, body: { message: /No computer that is known here/, atMs: office.nowMs() } };
    expect(await office.signed({ device: a.device, key: b.key }, '/certificates', {})).toMatchObject(refused);
    expect(await office.signed({ device: 'd000000000000', key: b.key }, '/certificates', {})).toMatchObject(refused);
    expect(await office.signed({ device: 'nonsense', key: b.key }, '/certificates', {})).toMatchObject(refused);
    const unsigned = { ...a, atMs: office.nowMs(), signature: '' };
    expect(await askSigned(office.url, '/certificates', unsigned, {})).toMatchObject(refused);
    const overOther = a.key.sign('tillwire request');
    expect(await askSigned(office.url, '/certificates', { ...unsigned, signature: overOther }, {})).toMatchObject(
      refused,
    );
    expect(office.access.passwords.get(a.device)).toBe(before);
  });

  test('too old, too far ahead, and heard before', async () => {
    const pc = await office.enrolled('S113');
    for (const off of [-REQUEST_CLOCK_MS - 1, REQUEST_CLOCK_MS + 1]) {
      const late = { ...pc, atMs: office.nowMs() + off };
      expect(await askSigned(office.url, '/certificates', late, {})).toMatchObject({
        status: 401,
        body: { message: /clock of this computer/, atMs: office.nowMs() },
      });
    }
    const once = { ...pc, atMs: office.nowMs(), nonce: 'ab'.repeat(16) };
    expect(await askSigned(office.url, '/stores', once)).toMatchObject({ status: 200 });
    expect(await askSigned(office.url, '/stores', once)).toMatchObject({
      status: 401,
      body: { message: /heard before/ },
    });
  });

  test('a flood of them, and of wrong tokens, is answered shortly; who signs as it should is heard all the same', async () => {
    const pc = await office.enrolled('S114');
    const wrong = { device: pc.device, key: newKey() };
    const [statuses, guesses] = [new Set<number>(), new Set<number>()];
    for (let n = 0; n <= REFUSED_REQUESTS_MAX && !statuses.has(429); n++) {
      statuses.add((await office.signed(wrong, '/certificates', {})).status);
    }
    for (let n = 0; n <= REFUSED_REQUESTS_MAX && !guesses.has(429); n++) {
      guesses.add((await enrolPc(office.url, `twe_000000000000_${'A'.repeat(43)}`, newKey())).status);
    }
    expect([[...statuses], [...guesses]]).toEqual([
      [401, 429],
      [403, 429],
    ]);
    expect((await office.signed(pc, '/certificates', {})).status).toBe(201);
    await office.enrolled('S115');
  });

  test('larger than they may be', async () => {
    const pc = await office.enrolled('S116');
    const huge = { nothing: 'x'.repeat(DEVICE_BODY_BYTES_MAX) };
    expect(await office.signed(pc, '/certificates', huge)).toMatchObject({ status: 413 });
  });
});
