// What head office does about computers: the signed file for many, the HTTPS door, tokens narrowed to stores, the log.
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listAudit } from '../../../central/accounts/audit.ts';
import { Credentials } from '../../../protocol/device/credentials.ts';
import { EnrolmentFile, enrolmentTokenId, isEnrolmentFileWhole } from '../../../protocol/device/enrolment.ts';
import { certificateFor } from './https-certificate.ts';
import { type Office, openOffice } from './office.ts';
import { type Answer, ask, enrolBody, enrolPc, newKey } from './pc.ts';

// Real databases, keys and doors: a loaded machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let office: Office;
let authority: string;
beforeAll(async () => {
  const made = await certificateFor(['localhost', 'hq.example']);
  authority = made.certificate;
  office = await openOffice({
    https: { host: '127.0.0.1', port: 0, ...made, names: ['localhost', 'hq.example'] },
    central: { url: null, authority },
  });
}, 60_000);
afterAll(() => office.close());

/** Over the HTTPS door, trusting its own certificate only. */
function askHttps(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const url = new URL(path, office.httpsUrl ?? '');
  return new Promise((resolve, reject) => {
    const options = {
      method: body === undefined ? 'GET' : 'POST',
      ca: authority,
      servername: 'localhost',
      agent: false as const,
    };
    const asked = request(
      url,
      { ...options, headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe('the file for many computers', () => {
  test('is signed, names central, and lets each of its stores in once', async () => {
    const stores = [
      { store: 'S201', computer: 'SHOP-A' },
      { store: 'S202', computer: 'SHOP-B' },
      { store: 'S203', computer: null },
    ];
    const { status, body } = await ask(office.url, '/v1/enrolment-files', { stores });
    expect(status).toBe(201);
    const file = EnrolmentFile.parse(body);
    expect(file).toMatchObject({ central: office.httpsUrl, authority, store: null });
    expect(file.stores).toEqual({ 'SHOP-A': 'S201', 'SHOP-B': 'S202' });
    expect(isEnrolmentFileWhole(file)).toBe(true);
    expect(isEnrolmentFileWhole({ ...file, central: 'https://evil.example' })).toBe(false);
    expect(isEnrolmentFileWhole({ ...file, stores: { 'SHOP-A': 'S202' } })).toBe(false);
    const key = newKey();
    expect((await enrolPc(office.url, file.token, key, { store: 'S201' })).status).toBe(201);
    expect((await enrolPc(office.url, file.token, newKey(), { store: 'S202' })).status).toBe(201);
    expect(await enrolPc(office.url, file.token, newKey(), { store: 'S201' })).toMatchObject({ status: 409 });
    expect(await enrolPc(office.url, file.token, newKey(), { store: 'S204' })).toMatchObject({ status: 409 });
    expect(await enrolPc(office.url, file.token, newKey())).toMatchObject({
      ...{ status: 400, body: { message: /for several stores; name one/ } },
    });
    expect(await enrolPc(office.url, file.token, key, { store: 'S203' })).toMatchObject({
      ...{ status: 409, body: { message: /key was used before, for store S201/ } },
    });
  });

  test('that was cancelled lets nobody in any more, as a token does; who is in stays', async () => {
    const shown = await office.token('S207');
    const id = enrolmentTokenId(shown);
    const cancel = (of: string | null) => ask(office.url, `/v1/enrolment-tokens/${of}/cancellation`, {});
    expect(await cancel(id)).toMatchObject({ status: 200, body: { id, unused: 1 } });
    expect(await enrolPc(office.url, shown, newKey())).toMatchObject({
      status: 409,
      body: { message: /took it back/ },
    });
    expect(await cancel('000000000000')).toMatchObject({ status: 404 });
  });

  test('of thousands of stores is one request; a store or a computer named twice is declined', async () => {
    const many = Array.from({ length: 6_000 }, (_, n) => ({
      store: `M${n}`,
      computer: `PC-${n}-of-a-long-name-in-the-network`,
    }));
    expect((await ask(office.url, '/v1/enrolment-files', { stores: many })).status).toBe(201);
    const twice = [
      { store: 'S205', computer: 'A' },
      { store: 'S206', computer: 'a' },
    ];
    expect(await ask(office.url, '/v1/enrolment-files', { stores: twice })).toMatchObject({
      ...{ status: 400, body: { message: /a computer is named twice/ } },
    });
  });
});

describe('the HTTPS door', () => {
  test('lets devices in; without a token nobody is the operator, and other names are refused', async () => {
    const shown = await office.token('S210');
    const enrolled = await askHttps('/v1/device/enrolments', enrolBody(shown, newKey()));
    expect(enrolled.status).toBe(201);
    expect(Credentials.parse(enrolled.body['credentials']).authority).toBe(authority);
    expect((await ask(office.url, '/v1/stores')).status).toBe(200);
    for (const path of ['/v1/stores', '/v1/devices', '/v1/openapi.json']) {
      expect([path, (await askHttps(path)).status]).toEqual([path, 401]);
    }
    expect(await askHttps('/v1/enrolment-tokens', { store: 'S211' })).toMatchObject({ status: 401 });
    expect((await askHttps('/v1/stores', undefined, { authorization: 'Bearer of-the-operator' })).status).toBe(401);
    for (const headers of [
      { host: 'evil.example' },
      { host: new URL(office.httpsUrl ?? '').host, origin: 'https://evil.example' },
    ]) {
      const body = enrolBody(shown, newKey());
      expect((await askHttps('/v1/device/enrolments', body, headers)).status).toBe(403);
    }
  });
});

test('an account that may not enrol does not, a token narrowed to stores only for those, and the log tells it all', async () => {
  const shown = await office.token('S220');
  const pc = newKey();
  await enrolPc(office.url, shown, pc);
  await enrolPc(office.url, `${shown.slice(0, -4)}AAAA`, pc);
  const [{ device }] = (await office.rows('S220')) as [{ device: string }];
  await office.signed({ device, key: pc }, '/certificates', {});
  await office.revoke('S220', device);
  await office.signed({ device, key: pc }, '/certificates', {});
  const rows = await listAudit(office.db, { after: 0, limit: 1_000 });
  const told = rows.map(({ who, action, subject, result, detail }) =>
    [who, action, subject, result, detail].join(' | '),
  );
  expect(told).toEqual(
    expect.arrayContaining([
      'local | enrol | store S220 | done | token for 7 days',
      expect.stringMatching(
        `device ${device} \\| enrol \\| store S220 \\| done \\| computer TILL-7 with token [0-9a-f]{12}`,
      ),
      'nobody | enrol | store ? | refused | by a token',
      `device ${device} | enrol | store S220 | done | renewed`,
      `local | enrol | store S220 | done | access of device ${device} taken back`,
    ]),
  );
  expect(
    told.some((row) =>
      row.startsWith(`nobody | enrol | store S220, device ${device} | refused | The access of this computer`),
    ),
  ).toBe(true);
  expect(rows.some(({ detail }) => detail.includes(shown))).toBe(false);

  const password = 'correct horse battery';
  await ask(office.url, '/v1/accounts', { name: 'anna', roles: ['admin'], password });
  const signIn = await ask(office.url, '/v1/sessions', { name: 'anna', password });
  const bearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` });
  const anna = bearer(signIn.body['token']);
  expect((await ask(office.url, '/v1/enrolment-tokens', { store: 'S221' })).status).toBe(401);
  await ask(office.url, '/v1/accounts', { name: 'rollout', kind: 'program', roles: ['operator'] }, anna);
  await ask(office.url, '/v1/accounts', { name: 'looker', kind: 'program', roles: ['viewer'] }, anna);
  const narrow = await ask(office.url, '/v1/tokens', { account: 'rollout', stores: ['S221'] }, anna);
  const viewer = await ask(office.url, '/v1/tokens', { account: 'looker' }, anna);
  const issue = async (store: string, token: unknown): Promise<number> =>
    (await ask(office.url, '/v1/enrolment-tokens', { store }, bearer(token))).status;
  expect(await issue('S221', narrow.body['token'])).toBe(201);
  expect(await issue('S222', narrow.body['token'])).toBe(403);
  expect(await issue('S221', viewer.body['token'])).toBe(403);
  const revoking = { store: 'S221' };
  const other = await office.enrolledBy(anna, 'S223');
  const taken = await ask(office.url, `/v1/devices/${other}/revocation`, revoking, bearer(narrow.body['token']));
  expect(taken.status).toBe(404);
  expect(
    (await ask(office.url, `/v1/devices/${other}/revocation`, { store: 'S223' }, bearer(narrow.body['token']))).status,
  ).toBe(403);
  expect((await ask(office.url, '/v1/devices', undefined, bearer(narrow.body['token']))).status).toBe(403);
  expect((await ask(office.url, '/v1/devices?store=S221', undefined, bearer(narrow.body['token']))).status).toBe(200);
});
