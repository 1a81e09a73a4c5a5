// Accounts over HTTP: nobody without a token once there are accounts, each role only what it may, all of it in the log.
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAudit } from '../../../central/accounts/audit.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { WRONG_PASSWORDS_MAX } from '../../../core/limits/accounts.ts';
import { firstBroken } from '../../../protocol/hq/audit-chain.ts';
import { askCentral, tokenAt } from '../asking.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';

const OPERATOR = 'of-the-operator-of-this-machine';
const PASSWORD = 'correct horse battery';
let database: CentralDatabase;
let http: { url: string; stop(): Promise<void> };
let nowMs = 1_000;

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  const { desk, ...rig } = openDesk(await openSqlRig(database.db));
  await rig.shop('S001');
  http = await openHttp(database, { desk, operatorToken: OPERATOR, wallMs: () => nowMs });
}, 60_000);
afterAll(async () => {
  await http.stop();
  await database.close();
});

type Answer = { status: number; body: Record<string, unknown> & { message?: string; token?: string } };

const ask = (path: string, token?: string, body?: unknown): Promise<Answer> =>
  askCentral(http.url, path, { token, body }) as Promise<Answer>;

const signIn = (name: string, password: string): Promise<Answer> => ask('/sessions', undefined, { name, password });
const tokenOf = (name: string, roles: string[], more: object = {}): Promise<string> =>
  tokenAt(http.url, { operator: OPERATOR, name, roles, more });
const correct = (token: string): Promise<Answer> =>
  ask('/stores/S001/decisions', token, { decision: { kind: 'correction', sku: 'tea', delta: 1 } });

test('without accounts the operator of this machine may do everything; the first account must be able to go on', async () => {
  expect((await ask('/whoami')).body).toMatchObject({ account: 'local', accounts: false, roles: ['admin'] });
  expect((await ask('/accounts', undefined, { name: 'bob', roles: ['viewer'] })).body.message).toMatch(
    /^roles: the first/,
  );
  const anna = { name: 'anna', roles: ['admin'], password: PASSWORD };
  expect((await ask('/accounts', undefined, anna)).status).toBe(201);
  expect(await ask('/stock')).toMatchObject({ status: 401 });
  expect((await ask('/stock')).body.message).toContain('--token-file');
  expect((await ask('/whoami', OPERATOR)).body).toMatchObject({ account: 'local', accounts: true });
});

test('a person signs in, is known by name, and is known no more when the token is old or taken away', async () => {
  const { status, body } = await signIn('anna', PASSWORD);
  expect(status).toBe(201);
  const token = body.token ?? '';
  expect((await ask('/whoami', token)).body).toMatchObject({ account: 'anna', roles: ['admin'] });
  const decided = await correct(token);
  expect(decided.status).toBe(201);
  expect((await ask('/stores/S001/directives', token)).body).toMatchObject([{ by: 'anna' }]);
  nowMs += 13 * 3_600_000;
  expect((await ask('/stock', token)).status).toBe(401);
  const again = (await signIn('anna', PASSWORD)).body as { token: string; row: { id: string } };
  expect((await ask(`/tokens/${again.row.id}/revocation`, again.token, {})).status).toBe(200);
  expect((await ask('/stock', again.token)).status).toBe(401);
});

test('wrong passwords and unknown names get one answer, and have to wait after some', async () => {
  await ask('/accounts', OPERATOR, { name: 'carl', roles: ['viewer'], password: PASSWORD });
  const unknown = await signIn('nobody.here', PASSWORD);
  expect(unknown.status).toBe(401);
  for (let wrong = 0; wrong < WRONG_PASSWORDS_MAX; wrong++) {
    expect(await signIn('carl', 'not the password')).toEqual({ status: 401, body: { ...unknown.body } });
  }
  expect((await signIn('carl', PASSWORD)).status).toBe(429);
});

describe('each role over HTTP', () => {
  test.each([
    ['viewer', 200, 403, 403],
    ['inventory', 200, 201, 403],
    ['operator', 200, 403, 403],
    ['approver', 200, 403, 403],
  ])('%s: stock %i, a correction %i, accounts %i', async (role, stock, decision, accounts) => {
    const token = await tokenOf(`${role}-program`, [role]);
    expect((await ask('/stock', token)).status).toBe(stock);
    expect((await correct(token)).status).toBe(decision);
    expect((await ask('/accounts', token)).status).toBe(accounts);
    const release = { decision: { kind: 'release', facts: { epoch: 1, first: 1, last: 1 } } };
    expect((await ask('/stores/S001/decisions', token, release)).status === 403).toBe(role !== 'operator');
  });

  test('a token for one store sees no other, and not all at once', async () => {
    const token = await tokenOf('narrow', ['admin'], { stores: ['S001'], actions: ['read', 'decide'] });
    expect((await ask('/stock?store=S001', token)).status).toBe(200);
    expect((await ask('/stores/S001/cut', token)).status).toBe(200);
    expect((await correct(token)).status).toBe(201);
    for (const path of ['/stock', '/stock?store=S002', '/stores', '/stores/S002/cut', '/audit', '/conservation']) {
      expect([path, (await ask(path, token)).status]).toEqual([path, 403]);
    }
  });

  test('a token for one store is not widened by naming that store where it means nothing', async () => {
    const token = await tokenOf('sly', ['admin'], { stores: ['S001'] });
    for (const path of ['/stores', '/status', '/audit', '/accounts', '/tokens', '/stores/S002/cut']) {
      expect([path, (await ask(`${path}?store=S001`, token)).status]).toEqual([path, 403]);
    }
    expect((await ask('/tokens?store=S001', token, { account: 'sly' })).status).toBe(403);
    expect((await ask('/periods?store=S001', token, { through: '2026-10-31' })).status).toBe(403);
    for (const query of [
      'store=S001&store=S002',
      'store=S002&store=S001',
      'store=S001&store[]=S002',
      'store[0]=S002',
    ]) {
      expect([query, [400, 403].includes((await ask(`/stock?${query}`, token)).status)]).toEqual([query, true]);
    }
  });
});

test('every change is in the log before it is done, with what came of it; the log tells where it was touched', async () => {
  const [{ n: before = 0 } = {}] = (await listAudit(database.db, { after: 0, limit: 1_000 })).slice(-1);
  const viewer = await tokenOf('erp', ['viewer']);
  await correct(viewer);
  await ask('/stores/NOWHERE/decisions', OPERATOR, { decision: { kind: 'correction', sku: 'tea', delta: 1 } });
  const rows = await listAudit(database.db, { after: 0, limit: 1_000 });
  expect(rows.slice(before).map(({ who, action, subject, result }) => [who, action, subject, result])).toEqual([
    ['local', 'accounts', 'erp', 'asked'],
    ['local', 'accounts', 'erp', 'done'],
    ['local', 'accounts', 'erp', 'asked'],
    ['local', 'accounts', 'erp', 'done'],
    ['erp', 'decide', '/v1/stores/S001/decisions', 'refused'],
    ['local', 'decide', 'store NOWHERE', 'asked'],
    ['local', 'decide', 'store NOWHERE', 'declined'],
  ]);
  expect(JSON.stringify(rows)).not.toContain(PASSWORD);
  expect(firstBroken(rows)).toBeNull();
  expect(firstBroken(rows.map((row) => (row.n === 4 ? { ...row, who: 'erp' } : row)))).toBe(4);
  expect(firstBroken(rows.filter(({ n }) => n !== 4))).toBe(4);
  await expect(sql`delete from audit`.execute(database.db)).rejects.toThrow(/append-only/);
});

test('no password and no token lies in the database as it is', async () => {
  const { token = '' } = (await signIn('anna', PASSWORD)).body;
  const kept = JSON.stringify([
    await database.db.selectFrom('account').selectAll().execute(),
    await database.db.selectFrom('token').selectAll().execute(),
    await database.db.selectFrom('audit').selectAll().execute(),
  ]);
  expect(kept).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  expect(kept).not.toContain(PASSWORD);
  expect(kept).not.toContain(token.slice(-43));
});

test('the last admin stays; another password takes all tokens away', async () => {
  const { token = '' } = (await signIn('anna', PASSWORD)).body;
  expect((await ask('/accounts/anna/changes', token, { disabled: true })).status).toBe(409);
  expect((await ask('/accounts/anna/changes', token, { roles: ['viewer'] })).status).toBe(409);
  expect((await ask('/stock', token)).status).toBe(200);
  expect((await ask('/accounts/anna/changes', token, { password: 'another long one' })).status).toBe(200);
  expect((await ask('/stock', token)).status).toBe(401);
  expect((await signIn('anna', PASSWORD)).status).toBe(401);
  expect((await signIn('anna', 'another long one')).status).toBe(201);
});
