// The catalogue over central's doors: people by their roles, computers of stores by their signature, files in pieces.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CatalogueManifest, readSigned, SignedCatalogue } from '../../../protocol/catalogue.ts';
import { DEVICE_HEADERS, requestStatement } from '../../../protocol/device/signed-request.ts';
import { randomHex } from '../device.ts';
import { type Office, openOffice, type Pc } from '../devices/office.ts';
import { ask } from '../devices/pc.ts';
import { madeUp } from './rig.ts';

let office: Office;
let pc: Pc;
beforeAll(async () => {
  office = await openOffice();
  pc = await office.enrolled('S001');
}, 60_000);
afterAll(() => office.close());

const bring = (headers: Record<string, string> = {}) =>
  ask(office.url, '/v1/catalogue/products', { products: madeUp(300), look: false, source: 'list.csv' }, headers);

/** As bytes, from one on. */
async function download(path: string, from: number): Promise<{ status: number; range: string | null; bytes: Buffer }> {
  const said = { method: 'GET', path, device: pc.device, atMs: office.nowMs(), nonce: randomHex(16) };
  const signature = pc.key.sign(requestStatement({ ...said, body: new Uint8Array() }));
  const response = await fetch(office.url + path, {
    headers: {
      [DEVICE_HEADERS.device]: pc.device,
      [DEVICE_HEADERS.at]: String(said.atMs),
      [DEVICE_HEADERS.nonce]: said.nonce,
      [DEVICE_HEADERS.signature]: signature,
      ...(from === 0 ? {} : { range: `bytes=${from}-` }),
    },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, range: response.headers.get('content-range'), bytes };
}

test('a store that is enrolled gets what is signed, and the file whole or from where it was cut', async () => {
  expect(await bring()).toMatchObject({ status: 200, body: { version: 1, fresh: 300 } });
  const { status, body } = await office.signed(pc, '/catalogue');
  expect(status).toBe(200);
  const manifest = readSigned(SignedCatalogue.parse(body), pc.credentials.centralKey, CatalogueManifest);
  const { sha256 = '', bytes: length = 0 } = manifest?.snapshot ?? {};
  const path = `/v1/device/catalogue/snapshots/${sha256}`;
  const whole = await download(path, 0);
  expect(whole).toMatchObject({ status: 200, range: null });
  expect(createHash('sha256').update(whole.bytes).digest('hex')).toBe(sha256);
  const rest = await download(path, 1_000);
  expect(rest).toMatchObject({ status: 206, range: `bytes 1000-${length - 1}/${length}` });
  expect(rest.bytes.equals(whole.bytes.subarray(1_000))).toBe(true);
  expect((await download(`/v1/device/catalogue/snapshots/${'0'.repeat(64)}`, 0)).status).toBe(404);
});

test('nobody gets it without a signature, and no store speaks for another one', async () => {
  expect((await ask(office.url, '/v1/device/catalogue')).status).toBe(401);
  const other = await office.enrolled('S002');
  const edit = { kind: 'edit', id: 'edit-0001', sku: 'P000001', attribute: 'name', value: 'Tea', basedOn: 1 };
  const said = { entries: [{ ...edit, by: { kind: 'head-office', id: 'head-office' } }] };
  const pretended = await office.signed(other, '/catalogue/edits', said);
  expect(pretended.status).toBe(400);
  expect(await office.signed(other, '/catalogue/edits', { entries: [edit] })).toMatchObject({
    ...{ status: 200, body: { outcomes: [{ entry: 'edit-0001', outcome: 'proposed' }] } },
  });
  expect((await ask(office.url, '/v1/catalogue/proposals')).body).toMatchObject({
    rows: [{ id: 'S002/edit-0001', by: { kind: 'store', id: 'S002' } }],
  });
  expect((await office.signed(pc, '/catalogue/outcomes?after=0')).body).toMatchObject({ rows: [] });
});

test('an owner is somebody who can speak: head office or a store', async () => {
  const wish = (kind: string, id: string) => ({ sku: null, attribute: 'colour', owner: { kind, id } });
  expect(await ask(office.url, '/v1/catalogue/owners', wish('region', 'north'))).toMatchObject({
    ...{ status: 400, body: { message: expect.stringContaining('name head office or a store') } },
  });
  expect(
    (await ask(office.url, '/v1/catalogue/owners', wish('store', 'S001'), { 'idempotency-key': 'own' })).status,
  ).toBe(201);
});

test('whoever decides about stock changes it, whoever looks does not', async () => {
  const password = 'correct horse battery';
  const tokens: Record<string, string> = {};
  for (const role of ['admin', 'viewer', 'inventory']) {
    const headers: Record<string, string> =
      tokens['admin'] === undefined ? {} : { authorization: `Bearer ${tokens['admin']}` };
    const account = { name: `a.${role}`, roles: [role], password };
    expect((await ask(office.url, '/v1/accounts', account, headers)).status).toBe(201);
    tokens[role] = String((await ask(office.url, '/v1/sessions', { name: account.name, password })).body['token']);
  }
  const as = (role: string) => ({ authorization: `Bearer ${tokens[role]}` });
  expect((await ask(office.url, '/v1/catalogue/products', undefined, as('viewer'))).status).toBe(200);
  expect((await bring(as('viewer'))).status).toBe(403);
  expect((await ask(office.url, '/v1/catalogue/products')).status).toBe(401);
  expect(await bring(as('inventory'))).toMatchObject({ status: 200, body: { same: 300 } });
  const rows = (await ask(office.url, '/v1/audit', undefined, as('admin'))).body as unknown as Record<string, string>[];
  expect(rows.at(-1)).toMatchObject({ who: 'a.inventory', result: 'done', detail: '300 products from list.csv' });
});
