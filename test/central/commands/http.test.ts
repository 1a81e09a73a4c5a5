// Commands over HTTP: who may ask which stores, what is kept of it, and the bundles that come back.
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAudit } from '../../../central/accounts/audit.ts';
import { keepBundle } from '../../../central/commands/bundles.ts';
import { type CentralDatabase, IN_MEMORY, openDatabase } from '../../../central/database.ts';
import { DIAGNOSTICS_BYTES_MAX, DIAGNOSTICS_KEPT_MAX } from '../../../core/limits/commands.ts';
import { CommandRow, CommandStory } from '../../../protocol/hq/commands.ts';
import { askCentral, tokenAt } from '../asking.ts';
import { openDesk } from '../desk-rig.ts';
import { openHttp } from '../http-rig.ts';
import { openSqlRig } from '../sql-rig.ts';

const OPERATOR = 'of-the-operator-of-this-machine';
let database: CentralDatabase;
let http: { url: string; stop(): Promise<void> };
const told: string[] = [];

beforeAll(async () => {
  database = await openDatabase(IN_MEMORY);
  const { desk, ...rig } = openDesk(await openSqlRig(database.db));
  for (const store of ['S001', 'S002']) await rig.shop(store);
  const commands = { tell: async (store: string) => void told.push(store) };
  http = await openHttp(database, { desk, operatorToken: OPERATOR, wallMs: () => 1_000, commands });
}, 60_000);
afterAll(async () => {
  await http.stop();
  await database.close();
});

const ask = (path: string, token = OPERATOR, body?: unknown) => askCentral(http.url, path, { token, body });

const tokenOf = (name: string, roles: string[], more: object = {}): Promise<string> =>
  tokenAt(http.url, { operator: OPERATOR, name, roles, more });

const pause = (...stores: string[]) => ({ stores, command: { kind: 'pause', reason: 'Router' } });

test('operators may ask, viewers may look, a token of one store only that one; all of it is in the log', async () => {
  expect(
    (await ask('/accounts', OPERATOR, { name: 'anna', roles: ['admin'], password: 'correct horse battery' })).status,
  ).toBe(201);
  const [operator, viewer] = [await tokenOf('op', ['operator']), await tokenOf('eye', ['viewer'])];
  const narrow = await tokenOf('op2', ['operator'], { stores: ['S002'] });
  const made = await ask('/commands', operator, pause('S001', 'S002'));
  expect(made.status).toBe(201);
  const rows = CommandRow.array().parse(made.body);
  expect(rows).toMatchObject([
    { store: 'S001', by: 'op', state: 'waiting', args: { reason: 'Router' } },
    { store: 'S002' },
  ]);
  expect(told).toEqual(['S001', 'S002']);
  const [first, second] = rows;
  expect(await ask('/commands', viewer, pause('S001'))).toMatchObject({ status: 403 });
  expect(await ask('/commands', narrow, pause('S001'))).toMatchObject({ status: 403 });
  expect(await ask('/commands', narrow, pause('S002', 'S001'))).toMatchObject({ status: 403 });
  expect((await ask('/commands', narrow, pause('S002'))).status).toBe(201);
  expect(await ask(`/commands/${first?.id}`, narrow)).toMatchObject({ status: 403 });
  expect(CommandStory.parse((await ask(`/commands/${second?.id}`, narrow)).body).events).toHaveLength(1);
  expect((await ask('/commands', narrow)).status).toBe(403);
  expect(CommandRow.array().parse((await ask('/commands?store=S002', narrow)).body)).toHaveLength(2);
  expect(
    CommandRow.array()
      .parse((await ask('/commands', viewer)).body)
      .map(({ store }) => store),
  ).toEqual([...['S002', 'S002', 'S001']]);
  expect(await ask('/commands', 'nobody', pause('S001'))).toMatchObject({ status: 401 });
  const audit = await listAudit(database.db, { after: 0, limit: 200 });
  const about = audit
    .filter(({ action }) => action === 'command')
    .map(({ who, result, subject }) => [who, result, subject]);
  expect(about).toEqual([
    ['op', 'asked', '2 stores'],
    ['op', 'done', '2 stores'],
    ['eye', 'refused', 'store S001'],
    ['op2', 'refused', 'store S001'],
    ['op2', 'refused', 'store S001'],
    ['op2', 'asked', 'store S002'],
    ['op2', 'done', 'store S002'],
  ]);
});

test.each([
  [{ stores: ['S001'], command: { kind: 'pause' } }, 'reason'],
  [{ stores: [], command: { kind: 'resync' } }, 'stores'],
  [{ stores: ['S001'], command: { kind: 'reformat' } }, 'kind'],
  [{ stores: ['S001'], command: { kind: 'replay', first: 0 } }, 'first'],
  [{ stores: ['S001'], command: { kind: 'resync' }, hours: 1e9 }, 'hours'],
  [{ stores: ['S009'], command: { kind: 'resync' } }, 'S009'],
])('a mistake is told by its field: %j', async (body, field) => {
  const answer = await ask('/commands', OPERATOR, body);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.body.message).toContain(field);
});

test('a bundle is taken from the store that was asked for one, once, bounded, and the newest few are kept', async () => {
  const zip = Buffer.from(zipSync({ 'about.txt': Buffer.from('x') })).toString('base64');
  const wanted = async (): Promise<string> => {
    const made = await ask('/commands', OPERATOR, { stores: ['S001'], command: { kind: 'diagnostics' } });
    return CommandRow.array().parse(made.body)[0]?.id ?? '';
  };
  const send = (id: string, base64 = zip, store = 'S001', atMs = 5) =>
    keepBundle(database.db, { device: 'd0123456789ab', store }, { id, base64 }, atMs);
  const id = await wanted();
  expect(await ask(`/commands/${id}/diagnostics`)).toMatchObject({ status: 404 });
  expect(await send(id, zip, 'S002')).toMatchObject({ code: 'NOT_FOUND' });
  expect(await send(id, Buffer.from('no archive').toString('base64'))).toMatchObject({ code: 'BAD_REQUEST' });
  const large = Buffer.alloc(DIAGNOSTICS_BYTES_MAX + 1, 'PK\u0003\u0004').toString('base64');
  expect(await send(id, large)).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await send(id)).toEqual({ bytes: Buffer.from(zip, 'base64').length });
  const other = Buffer.from(zipSync({ 'other.txt': Buffer.from('y') })).toString('base64');
  expect(await send(id, other)).toHaveProperty('bytes');
  const fetched = await ask(`/commands/${id}/diagnostics`);
  expect(fetched.body).toMatchObject({
    base64: zip,
    name: expect.stringMatching(/^tillwire-diagnostics-S001-.*\.zip$/),
  });
  for (let n = 0; n < DIAGNOSTICS_KEPT_MAX; n++) await send(await wanted(), zip, 'S001', 6 + n);
  expect(await ask(`/commands/${id}/diagnostics`)).toMatchObject({ status: 404 });
  expect(await send(`c${'f'.repeat(24)}`)).toMatchObject({ code: 'NOT_FOUND' });
});
