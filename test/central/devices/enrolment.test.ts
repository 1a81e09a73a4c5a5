// Computers enrol, renew, change keys, leave and are taken back, over HTTP: and whoever should not, does not.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { takeHello } from '../../../central/hello.ts';
import { Credentials } from '../../../protocol/device/credentials.ts';
import type { Signer } from '../../../protocol/wire/signing.ts';
import { makeDevice, sale } from '../device.ts';
import { takeBatch } from '../rig.ts';
import { DAY_MS, type Office, openOffice } from './office.ts';
import { type Answer, ask, enrolBody, enrolPc, newKey } from './pc.ts';

// Real databases, keys and doors: a loaded machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let office: Office;
beforeAll(async () => {
  office = await openOffice();
}, 60_000);
afterAll(() => office.close());

const enrol = (shown: string, key: Signer, more: Record<string, unknown> = {}): Promise<Answer> =>
  enrolPc(office.url, shown, key, more);

describe('enrolment', () => {
  test('a token and a held key become a device: certificate, login, and the key speaks for the store', async () => {
    const { device, key, credentials } = await office.enrolled('S001');
    expect(credentials).toMatchObject({
      ...{
        store: 'S001',
        fromMs: office.nowMs(),
        untilMs: office.nowMs() + 90 * DAY_MS,
        centralKey: office.rig.intake.signer.publicKey,
      },
      broker: { url: 'mqtts://broker.example:8883', clientId: 'tillwire-S001', username: device },
    });
    const certificate = new X509Certificate(credentials.certificate);
    expect(certificate.subject).toBe(`CN=S001\nOU=${device}`);
    expect(certificate.verify(new X509Certificate(office.setup.authority.certificate).publicKey)).toBe(true);
    expect(certificate.publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('hex')).toBe(
      key.publicKey,
    );
    expect(office.access.passwords.get(device)).toBe(credentials.broker.password);
    expect(Buffer.from(credentials.broker.password, 'base64url')).toHaveLength(32);
    const mine = makeDevice('S001', { signer: key });
    expect(await takeHello(office.rig.intake, mine.hello())).toMatchObject({ kind: 'welcome' });
    expect(await takeHello(office.rig.intake, makeDevice('S001').hello())).toMatchObject({
      kind: 'reject',
      code: 'key',
    });
  });

  test('the same key and token again is the same device, for an answer that was lost', async () => {
    const key = newKey();
    const shown = await office.token('S002');
    const first = await enrol(shown, key);
    const again = await enrol(shown, key);
    expect(again.status).toBe(201);
    const [one, two] = [first, again].map(({ body }) => Credentials.parse(body['credentials']));
    expect(two?.device).toBe(one?.device);
    expect(office.access.passwords.get(one?.device ?? '')).toBe(two?.broker.password);
    expect(await office.states('S002')).toEqual([[one?.device, 'active']]);
  });

  test('a broker that is away is told; the same again enrols', async () => {
    const key = newKey();
    const shown = await office.token('S003');
    office.access.isAway = true;
    expect(await enrol(shown, key)).toMatchObject({ status: 503, body: { message: /broker did not take/ } });
    office.access.isAway = false;
    expect(await enrol(shown, key)).toMatchObject({ status: 201 });
  });

  test('a token is good once, in time, for its store, and not for a key that was used before', async () => {
    const shown = await office.token('S004');
    const wrongStore = await enrol(shown, newKey(), { store: 'S001' });
    expect(wrongStore).toMatchObject({ status: 409, body: { message: /not for store S001/ } });
    const { key } = await office.enrolled('S005');
    expect(await enrol(shown, key)).toMatchObject({ status: 409, body: { message: /used before, for store S005/ } });
    expect((await enrol(shown, newKey())).status).toBe(201);
    expect(await enrol(shown, newKey())).toMatchObject({ status: 409, body: { message: /used already/ } });
    const late = await office.token('S006', { days: 1 });
    office.passes(DAY_MS);
    expect(await enrol(late, newKey())).toMatchObject({ status: 409, body: { message: /expired/ } });
    expect(await office.states('S006')).toEqual([]);
  });

  test('a key that is not held, and a token that nobody issued, open nothing', async () => {
    const shown = await office.token('S007');
    const other = newKey();
    const forged = enrolBody(shown, newKey(), { publicKey: other.publicKey });
    expect(await ask(office.url, '/v1/device/enrolments', forged)).toMatchObject({
      status: 403,
      body: { message: /does not show that this computer holds the key/ },
    });
    const guessed = `${shown.slice(0, -4)}AAAA`;
    expect(await enrol(guessed, newKey())).toMatchObject({ status: 403, body: { message: /does not know it/ } });
    expect(await enrol('twe_nonsense', newKey())).toMatchObject({ status: 400, body: { message: /^token: / } });
    expect(await office.states('S007')).toEqual([]);
  });
});

describe('replacing', () => {
  test('a store that has a computer needs --replace; the old one is refused and withdrawn, its remainder named', async () => {
    const old = await office.enrolled('S010');
    const mine = makeDevice('S010', { signer: old.key });
    for (const receipt of ['1', '2', '3']) mine.capture(sale(receipt, [['tea', 1_000]]));
    const welcome = await takeHello(office.rig.intake, mine.hello());
    if (welcome.kind !== 'welcome') throw new Error('no welcome');
    await takeBatch(office.rig.intake, mine.batch(welcome.session, 1, 1));
    expect(await office.issue('S010')).toMatchObject({ status: 409, body: { message: /With --replace/ } });
    const issued = await office.issue('S010', { replace: true });
    expect(issued.body['remainder']).toMatch(
      /last said that it holds 2 receipts and documents that head office does not/,
    );
    const answer = await enrol(String(issued.body['token']), newKey());
    expect(answer.body['remainder']).toMatch(/holds 2 receipts/);
    expect(await takeBatch(office.rig.intake, mine.batch(welcome.session, 2, 3))).toMatchObject({
      ...{ kind: 'reject', code: 'key' },
      message: expect.stringMatching(/Another computer took the place of this one/),
    });
    expect(await takeHello(office.rig.intake, mine.hello())).toMatchObject({
      ...{ kind: 'reject', code: 'key' },
      message: expect.stringMatching(
        /took the place of this one .* It holds 2 receipts and documents that head office/,
      ),
    });
    expect((await office.rig.stands('S010')).seq).toBe(1);
    expect(office.access.withdrawn).toContain(old.device);
    expect(await office.signed(old, '/certificates', {})).toMatchObject({ status: 403, body: { state: 'replaced' } });
    const rows = await office.rows('S010');
    expect(rows.find(({ device }) => device === old.device)).toMatchObject({
      state: 'replaced',
      remainder: 2,
      withdrawn: true,
    });
  });

  test('a token without --replace does not replace the computer that enrolled meanwhile', async () => {
    const shown = await office.token('S011');
    await office.enrolled('S011');
    expect(await enrol(shown, newKey())).toMatchObject({ status: 409, body: { message: /--replace/ } });
  });

  test('a store of open enrolment: its pinned key gives way to the device, and nobody is pinned any more', async () => {
    const pinned = makeDevice('S012');
    expect(await takeHello(office.rig.intake, pinned.hello())).toMatchObject({ kind: 'welcome' });
    const pc = await office.enrolled('S012');
    expect(await takeHello(office.rig.intake, pinned.hello())).toMatchObject({ kind: 'reject', code: 'key' });
    const mine = makeDevice('S012', { signer: pc.key });
    expect(await takeHello(office.rig.intake, mine.hello())).toMatchObject({ kind: 'welcome' });
    await office.revoke('S012', pc.device);
    expect(await takeHello(office.rig.intake, makeDevice('S012').hello())).toMatchObject({
      kind: 'reject',
      code: 'key',
    });
  });
});
